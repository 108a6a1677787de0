"""The state of the stand-in: a workspace, and the one app installed in it.

It imports none of the servers, methods and people that use it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.company import PEOPLE, Employee
from sandbox.slack.delivery.courier import ACK_TIMEOUT, Courier, EventQueue
from sandbox.slack.delivery.socket_mode import SocketHub
from sandbox.slack.faults import Faults
from sandbox.slack.rate_limits import RateLimits
from sandbox.slack.workspace.records import BOT_NAME, BOT_USER
from sandbox.slack.workspace.response_urls import ResponseUrls
from sandbox.slack.workspace.store import Workspace
from sandbox.slack.workspace.views import Triggers, Views

BOT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "dnd:read",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "links:read",
        "links:write",
        "pins:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "link_shared",
    "member_joined_channel",
    "message.im",
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut of the app: global, or in the menu of every message."""

    callback_id: str
    name: str
    on_messages: bool = False


class SlackState:
    """All that Slack remembers. ``url`` is the stand-in's, as in each response_url."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        command: str = "/io",
        bot_token: str = "xoxb-sandbox",
        app_token: str = "xapp-sandbox",
        signing_secret: str = "sandbox",
        request_url: str | None = None,
        shortcuts: Iterable[Shortcut] = (),
        trigger_clock: Callable[[], float] | None = None,
        url: str = "http://127.0.0.1:3100",
        people: Sequence[Employee] = PEOPLE,
    ) -> None:
        self.now = now
        self.people = people
        self.command = command
        self.commands = {command}
        """All slash commands of the app; ``command`` is the one that is shown."""
        self.installed_scopes: Collection[str] = BOT_SCOPES
        self.installed_events: Collection[str] = EVENTS
        self.escapes = True
        self.app_name = BOT_NAME
        self.bot_token = bot_token
        self.app_token = app_token
        self.url = url
        self.shortcuts = tuple(shortcuts)
        self.usages: tuple[tuple[str, str], ...] = ()
        """What the page completes: a line after the command, and what it is for."""
        self.limits = RateLimits(now)
        self.faults = Faults()
        self.sockets = SocketHub()
        self.courier = Courier(now, signing_secret, self.sockets)
        if request_url:
            self.deliver_to(request_url)
        self.events = EventQueue(self.courier, now)
        self._trigger_clock = trigger_clock or (lambda: now().timestamp())
        self._begin()

    def _begin(self) -> None:
        self.workspace = Workspace(self.now, self.people)
        bot = self.workspace.users[BOT_USER]
        bot.name, bot.handle = self.app_name, self.app_name.lower().replace(" ", "")
        self.triggers = Triggers(self._trigger_clock)
        self.views = Views(self.workspace, self.triggers)
        self.response_urls = ResponseUrls(self.workspace)
        self.scopes = set(self.installed_scopes)
        self.subscribed = set(self.installed_events)
        self.unfurl_domains = {"app.incident.io"}
        """The domains, with their subdomains, whose links the app is told of."""
        self.escape_commands = self.escapes
        self.courier.timeout = ACK_TIMEOUT
        self.usergroups: dict[str, tuple[str, list[str]]] = {}
        """Group id to its handle and the ids of its members."""
        self.enterprise: str | None = None
        """The id of the enterprise that the workspace belongs to."""
        self.history_lag = timedelta(0)
        """The age from which ``conversations.history`` shows a message."""
        self.dnd: dict[str, tuple[datetime, datetime]] = {}
        """User id to the start and the end of Do Not Disturb."""

    def reset(self) -> None:
        """Restore the first state; sockets and addresses of the app stay."""
        self.faults.clear()
        self.limits.reset()
        self.events.clear()
        before = self.workspace
        self._begin()
        self.workspace.version = before.version + 1
        before.touch()  # whoever waits for a change looks at the new one

    def deliver_to(self, url: str) -> None:
        """Send the app signed HTTP there for as long as no socket is connected."""
        self.courier.takers = {"": url}

    def close(self) -> None:
        self.faults.clear()
        self.sockets.close()
        self.workspace.touch()

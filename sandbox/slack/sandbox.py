"""The whole stand-in, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sandbox.organisation import incident_channel
from sandbox.slack.api.access import BOT_SCOPES
from sandbox.slack.delivery import ACK_TIMEOUT, Courier, Delivery
from sandbox.slack.events import EventQueue
from sandbox.slack.faults import Drop, Fault, Faults
from sandbox.slack.interactions import Interactions
from sandbox.slack.limits import Limits
from sandbox.slack.modals import Modals
from sandbox.slack.model import BOT_USER, Channel, Message
from sandbox.slack.naming import slug
from sandbox.slack.person import Person
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.server import create_server
from sandbox.slack.shortcuts import Shortcut
from sandbox.slack.socket_mode import SocketHub
from sandbox.slack.triggers import Triggers
from sandbox.slack.workspace import Call, Workspace

EVENTS = ("app_home_opened", "app_mention", "member_joined_channel", "message.im")


class SlackSandbox:
    """A workspace with people in it, and the one app that is installed there.

    ``url`` is where ``wsgi`` is served: it is in every ``response_url``.
    """

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
    ) -> None:
        self.now = now
        self.command = command
        self.bot_token = bot_token
        self.app_token = app_token
        self.url = url
        self.shortcuts = tuple(shortcuts)
        self.limits = Limits(now)
        self.faults = Faults()
        self.sockets = SocketHub()
        self.courier = Courier(now, signing_secret, self.sockets, request_url)
        self.events = EventQueue(self.courier, now)
        self.wsgi = create_server(self)
        self._trigger_clock = trigger_clock or (lambda: now().timestamp())
        self._settle()

    def _settle(self) -> None:
        self.workspace = Workspace(self.now)
        self.triggers = Triggers(self._trigger_clock)
        self.modals = Modals(self.workspace, self.triggers)
        self.response_urls = ResponseUrls(self.workspace)
        self.interactions = Interactions(self)
        self.scopes: set[str] = set(BOT_SCOPES)
        self.subscribed = set(EVENTS)
        self.escape_commands = True
        self.courier.timeout = ACK_TIMEOUT
        self.usergroups: dict[str, tuple[str, list[str]]] = {}
        self.dnd: dict[str, tuple[datetime, datetime]] = {}

    def reset(self) -> None:
        """Everything as it was at first; sockets and ``request_url`` stay."""
        self.faults.clear()
        self.limits.reset()
        self.events.clear()
        version = self.workspace.version
        self._settle()
        self.workspace.version = version + 1

    def close(self) -> None:
        self.faults.clear()
        self.sockets.close()
        self.workspace.touch()

    def deliver_to(self, url: str) -> None:
        """Where the app takes signed HTTP, as long as no socket is connected."""
        self.courier.request_url = url

    # -- people and places

    def person(self, handle: str) -> Person:
        return Person(self, self.workspace.user(handle))

    def deactivate(self, handle: str) -> None:
        """Let somebody leave: their account stays, and takes no messages any more."""
        self.workspace.user(handle).active = False

    def channel(self, id_or_name: str) -> Channel:
        return self.workspace.channel(id_or_name)

    def add_channel(
        self,
        id_: str,
        name: str,
        *,
        private: bool = False,
        members: Iterable[str] = (),
        has_bot: bool = True,
    ) -> Channel:
        """Members by Slack id or handle; without any, everybody."""
        named = {self.workspace.user(member).id for member in members}
        inside = named or set(self.workspace.channel("general").members)
        inside = inside | {BOT_USER} if has_bot else inside - {BOT_USER}
        channel = Channel(id_, name, private=private, members=inside)
        with self.workspace.changed:
            self.workspace.channels[id_] = channel
        self.workspace.touch()
        return channel

    def open_incident_channel(
        self,
        number: int,
        name: str,
        private: bool = False,
        member_slack_ids: Iterable[str] = (),
    ) -> Channel:
        """The channel that incident.io makes for an incident, with the app in it."""
        title = f"inc-{number}-{slug(name)}"
        return self.add_channel(
            incident_channel(number),
            title[:80].rstrip("-"),
            private=private,
            members=member_slack_ids,
        )

    def say(self, handle: str, channel: str, text: str) -> Message:
        """Have somebody write something; the app hears of it as Slack would say."""
        return self.person(handle).says(text, channel)

    def messages(self, channel: str) -> list[Message]:
        """Everything in a channel, ephemerals of all people included."""
        return list(self.workspace.channel(channel).messages)

    # -- what was done to it

    @property
    def calls(self) -> list[Call]:
        return self.workspace.calls

    @property
    def violations(self) -> list[str]:
        """What the app did that Slack rejects in silence or shows as broken."""
        return self.workspace.violations

    # -- what it does to the app

    def tick(self) -> list[Delivery]:
        """Send the retries of events that are due by now."""
        return self.events.tick()

    def redeliver(
        self, delivery: Delivery, times: int = 1, *, at_once: int | None = None
    ) -> list[Delivery]:
        """The same again, word for word: one after another, or ``at_once``."""
        copies = [delivery.again() for _ in range(at_once or times)]
        if not at_once:
            return [self.interactions.deliver(copy) for copy in copies]
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(self.interactions.deliver, copies))

    def fail(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        delay: float = 0,
        drop: Drop = False,
        times: int | None = None,
    ) -> None:
        """Let calls of a method (``chat.*``, or ``response_url``) go wrong.

        ``drop``: hang up before the call is carried out, or "after" it.
        """
        fault = Fault(method, error, status, retry_after, delay, drop, times)
        self.faults.add(fault)

    def clear_faults(self) -> None:
        self.faults.clear()

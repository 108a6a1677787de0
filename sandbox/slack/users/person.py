"""A person who uses Slack: tests and the page act as one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sandbox.slack.block_kit.input_state import STATEFUL, entered_state, input_error
from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.state import SlackState
from sandbox.slack.users.composer import encode_message
from sandbox.slack.users.interactions import Interactions
from sandbox.slack.users.screen import (
    FoundElement,
    ModalView,
    Place,
    Screen,
    half_names,
    halves,
)
from sandbox.slack.workspace.records import (
    BOT_USER,
    Channel,
    Json,
    Message,
    User,
    View,
)
from sandbox.slack.workspace.store import Workspace

DM = "dm"
"""The name of the conversation with the app, where a channel is expected."""
BUTTONS = ("button", "icon_button", "feedback_buttons")
SENT = ("text", "value", "style", "icon")
"""What the app is told of a button that was pressed."""
MENUS = ("overflow", *STATEFUL)
EXTERNAL = ("external_select", "multi_external_select")


class Person:
    """A user of the workspace, by handle or id."""

    def __init__(self, slack: SlackState, handle: str) -> None:
        self._slack = slack
        self.user = slack.workspace.user(handle)

    @property
    def id(self) -> str:
        return self.user.id

    # -- what is on the screen

    def sees(self, channel: str | None = None) -> list[Message]:
        """Return the messages of one channel (``dm``: with the app) or all, by time."""
        return self._screen.messages(channel and self._place(channel).id)

    @property
    def last(self) -> Message:
        return self.sees()[-1]

    @property
    def dm(self) -> list[Message]:
        """The conversation with the app."""
        return self.sees(DM)

    @property
    def modal(self) -> ModalView | None:
        view = self._screen.modal()
        return ModalView(view) if view else None

    @property
    def under(self) -> ModalView | None:
        """The view to which closing the one on top leads back."""
        below = self._screen.stack()[-2:-1]
        return ModalView(below[0]) if below else None

    @property
    def home(self) -> ModalView | None:
        view = self._screen.home()
        return ModalView(view) if view else None

    @property
    def toasts(self) -> list[str]:
        """The failures that Slack showed this person."""
        return list(self._workspace.toasts[self.id])

    # -- writing

    def types(self, line: str, channel: str = "incidents") -> Delivery:
        """Enter a slash command."""
        name, _, words = line.partition(" ")
        if name not in self._slack.commands:
            raise LookupError(f"{name} is not a valid command")
        if self._slack.escape_commands:
            words = self._encoded(words, with_names=True)
        place = self._place(channel)
        return self._interactions.command(self.user, place, f"{name} {words}")

    def says(self, text: str, channel: str, thread_ts: str | None = None) -> Message:
        """Write a message, and send the events that Slack sends for it."""
        message = self.writes(text, channel, thread_ts)
        self._interactions.message_written(message)
        return message

    def enters(
        self, text: str, channel: str, thread_ts: str | None = None
    ) -> Delivery | None:
        """Enter a command or a message in the box below a channel."""
        if text.startswith("/") and not thread_ts:
            return self.types(text.strip(), channel)
        heard = self._interactions.message_written(
            self.writes(text, channel, thread_ts)
        )
        return heard[0] if heard else None

    def writes(self, text: str, channel: str, thread_ts: str | None = None) -> Message:
        """Write a message without any event for it."""
        return self._write(self._place(channel), text, thread_ts)

    def mentions(
        self, text: str, channel: str = "incidents", thread_ts: str | None = None
    ) -> Delivery:
        """Mention the app in a channel; without it as a member no event is sent."""
        words = f"<@{BOT_USER}> {text}"
        message = self._write(self._place(channel), words, thread_ts)
        return self._heard(message, "app_mention")

    def dms(self, text: str) -> Delivery:
        message = self._write(self._workspace.dm(self.id), text, None)
        return self._heard(message, "message")

    def opens_home(self, tab: str = "home") -> Delivery:
        """Open the app's Home, or its other tab, ``messages``."""
        return self._interactions.app_home_opened(self.user, tab)

    def joins(self, channel: str) -> Delivery:
        return self._joined(self.user, channel)

    def invites_app(self, channel: str) -> Delivery:
        """Let the app into a channel."""
        return self._joined(self._workspace.user(BOT_USER), channel)

    def _joined(self, who: User, channel: str) -> Delivery:
        place = self._workspace.channel(channel)
        with self._workspace.changed:
            place.members.add(who.id)
        happened = {
            "type": "member_joined_channel",
            "user": who.id,
            "channel": place.id,
            "channel_type": "G" if place.private else "C",
            "team": who.as_json(self._slack.now())["team_id"],
            "event_ts": self._workspace.next_ts(),
        }
        return self._interactions.event(who.id, happened)

    # -- buttons, menus and inputs

    def presses(
        self,
        button: str,
        message: Place = None,
        nth: int = 0,
        block: str | None = None,
        value: str | None = None,
    ) -> Delivery:
        """Press a button (and confirm, where it asks) by its label or action_id.

        Of feedback buttons, ``value`` says which one if ``button`` does not.
        """
        found = self._screen.find(
            button, BUTTONS, message=message, block=block, nth=nth
        )
        pressed = _pressed(found.element, value or button)
        shown = {key: pressed[key] for key in SENT if key in pressed}
        return self._interactions.block_action(self.user, found, shown)

    def chooses(
        self,
        menu: str,
        option: Any,
        message: Place = None,
        nth: int = 0,
        block: str | None = None,
    ) -> Delivery | None:
        """Use a menu or a picker.

        Returns None where the app is told only with the submission.
        """
        found = self._screen.find(menu, MENUS, message=message, block=block, nth=nth)
        return self._use(found, option)

    def fills(self, **values: Any) -> list[Delivery]:
        """Fill in inputs of the modal, by block_id, label or action_id."""
        told = [self._use(self._input(name), value) for name, value in values.items()]
        return [delivery for delivery in told if delivery]

    def suggests(
        self,
        menu: str,
        query: str = "",
        message: Place = None,
        block: str | None = None,
    ) -> list[Json]:
        """Return the options that an external menu offers for a query."""
        found = self._screen.find(menu, EXTERNAL, message=message, block=block)
        return self._suggested(found, query)

    # -- modals

    def submits(self, **values: Any) -> Delivery:
        """Fill in and submit; Slack itself refuses what is incomplete."""
        self.fills(**values)
        view = self._top()
        delivery = self._interactions.view_submission(self.user, view)
        delivery.errors = _missing(view)
        view.errors = delivery.errors
        self._workspace.touch()
        if delivery.errors:
            delivery.error = "incomplete"
            return delivery
        return self._interactions.deliver(delivery)

    def submit_at_once(self, times: int = 5, **values: Any) -> list[Delivery]:
        """Submit once, and deliver the submission several times at the same moment."""
        self.fills(**values)
        first = self._interactions.view_submission(self.user, self._top())
        copies = [first, *(first.again() for _ in range(times - 1))]
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(self._interactions.deliver, copies))

    def closes(self) -> Delivery | None:
        """Close the modal on top; return a delivery if the app asked for one."""
        view = self._top()
        cleared = bool(view.content.get("clear_on_close"))
        if cleared:
            self._slack.views.clear(self.id)
        else:
            self._slack.views.close(view)
        return self._interactions.view_closed(self.user, view, cleared=cleared)

    def dismisses(self) -> Delivery | None:
        """Close the whole modal with its cross: the view on top and those below."""
        root = self._screen.stack()[:1]
        if not root:
            raise LookupError(f"{self.user.handle} has no modal open")
        self._slack.views.clear(self.id)
        return self._interactions.view_closed(self.user, root[0], cleared=True)

    # -- shortcuts

    def shortcut(self, callback_id: str) -> Delivery:
        return self._interactions.shortcut(self.user, callback_id)

    def shortcut_on(self, message: Message, callback_id: str) -> Delivery:
        return self._interactions.shortcut(self.user, callback_id, message)

    # -- helpers

    @property
    def _workspace(self) -> Workspace:
        return self._slack.workspace

    @property
    def _interactions(self) -> Interactions:
        return Interactions(self._slack)

    @property
    def _screen(self) -> Screen:
        return Screen(self._workspace, self.id)

    def _place(self, channel: str) -> Channel:
        if channel == DM:
            return self._workspace.dm(self.id)
        place = self._workspace.channel(channel)
        if not place.visible_to(self.id):
            raise LookupError(f"{self.user.handle} does not see {channel!r}")
        return place

    def _write(self, place: Channel, text: str, thread_ts: str | None) -> Message:
        words = self._encoded(text, with_names=False)
        self._workspace.act()
        return self._workspace.write(place, self.id, text=words, thread_ts=thread_ts)

    def _encoded(self, text: str, *, with_names: bool) -> str:
        return encode_message(text, self._workspace, self.id, with_names=with_names)

    def _heard(self, message: Message, kind: str) -> Delivery:
        heard = self._interactions.message_written(message)
        if heard:
            return heard[0]
        unheard: Json = {"event": {"type": kind}}
        return Delivery("events_api", unheard, self.id, error="not_in_channel")

    def _top(self) -> View:
        view = self._screen.modal()
        if view is None:
            raise LookupError(f"{self.user.handle} has no modal open")
        return view

    def _suggested(self, found: FoundElement, query: str) -> list[Json]:
        if len(query) < found.element.get("min_query_length", 3):
            return []
        answer = self._interactions.block_suggestion(self.user, found, query).answer
        groups = answer.get("option_groups") or []
        grouped = [option for group in groups for option in group["options"]]
        return list(answer.get("options") or []) + grouped

    def _input(self, name: str) -> FoundElement:
        if self._screen.modal() is None:
            raise LookupError(f"no modal is open to fill in {name!r}")
        return self._screen.find(name, tuple(STATEFUL))

    def _use(self, found: FoundElement, value: Any) -> Delivery | None:
        element = found.element
        if element["type"] in EXTERNAL:
            element = element | {"options": self._offered(found, value)}
        kind = element["type"] if element["type"] != "overflow" else "radio_buttons"
        state = entered_state(element | {"type": kind}, value, self._id_of)
        state["type"] = element["type"]
        if element["type"] != "overflow":
            self._store_state(found, state)
        in_input = found.block["type"] == "input"
        if in_input and not found.block.get("dispatch_action"):
            return None
        return self._interactions.block_action(self.user, found, state)

    def _offered(self, found: FoundElement, value: Any) -> list[Json]:
        wanted = value if isinstance(value, list | tuple) else [value]
        queries = [query for query in wanted if isinstance(query, str) and query]
        return [o for query in queries for o in self._suggested(found, query)]

    def _id_of(self, name: str) -> str:
        """Return the id of a person or a channel."""
        try:
            return self._workspace.user(name).id
        except LookupError:
            return self._workspace.channel(name).id

    def _store_state(self, found: FoundElement, state: Json) -> None:
        with self._workspace.changed:
            if found.view:
                values = found.view.values
            elif found.message:
                values = found.message.state.setdefault(self.id, {})
            values.setdefault(found.block_id, {})[found.action_id] = state
        self._workspace.touch()


def _pressed(element: Json, name: str) -> Json:
    """Return the button that a name means: of feedback buttons, one of both."""
    if element["type"] != "feedback_buttons":
        return element
    for half in halves(element):
        if name in half_names(half):
            return half
    raise LookupError(f"{name!r} is neither of the feedback buttons")


def _missing(view: View) -> dict[str, str]:
    found = {}
    for block in view.blocks:
        if block["type"] == "input":
            state = view.values[block["block_id"]][block["element"]["action_id"]]
            if said := input_error(block, state):
                found[block["block_id"]] = said
    return found

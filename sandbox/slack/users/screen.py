"""The screen of one person: messages, a modal or a home, and their elements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.slack.block_kit.input_state import STATEFUL
from sandbox.slack.block_kit.objects import options_of
from sandbox.slack.block_kit.traversal import buttons_in, elements_in, visible_text
from sandbox.slack.workspace.records import BOT_USER, Json, Message, View
from sandbox.slack.workspace.store import Workspace


@dataclass(frozen=True, slots=True)
class ModalInput:
    """One input of a modal."""

    block_id: str
    action_id: str
    label: str
    type: str
    optional: bool
    value: Any
    options: list[str]
    """The labels of a list of choices."""


@dataclass(frozen=True, slots=True)
class ModalView:
    """A modal, or a home, as it is now."""

    view: View

    @property
    def id(self) -> str:
        return self.view.id

    @property
    def title(self) -> str:
        return self._text("title")

    @property
    def submit(self) -> str:
        return self._text("submit")

    @property
    def close(self) -> str:
        return self._text("close")

    @property
    def blocks(self) -> list[Json]:
        return self.view.blocks

    @property
    def buttons(self) -> list[str]:
        return buttons_in(self.blocks)

    @property
    def callback_id(self) -> str:
        return str(self.view.content.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.view.content.get("private_metadata", ""))

    @property
    def errors(self) -> dict[str, str]:
        return self.view.errors

    @property
    def state(self) -> Json:
        return self.view.values

    @property
    def fields(self) -> dict[str, ModalInput]:
        inputs = [block for block in self.blocks if block["type"] == "input"]
        return {block["block_id"]: self._field(block) for block in inputs}

    @property
    def words(self) -> str:
        """All visible text, with the values of the inputs and their errors."""
        held = [str(field.value) for field in self.fields.values() if field.value]
        shown = [self.title, visible_text(self.blocks), *held, self.submit, self.close]
        return "\n".join(filter(None, [*shown, *self.errors.values()]))

    def _field(self, block: Json) -> ModalInput:
        element = block["element"]
        holds = STATEFUL[element["type"]]
        state = self.view.values[block["block_id"]][element["action_id"]]
        return ModalInput(
            block["block_id"],
            element["action_id"],
            block["label"]["text"],
            element["type"],
            bool(block.get("optional")),
            state[holds.key],
            [option["text"]["text"] for option in options_of(element)],
        )

    def _text(self, key: str) -> str:
        shown = self.view.content.get(key)
        return str(shown["text"]) if shown else ""


Place = Message | ModalView | None
"""A message, a modal or a home to look in; None: the nearest."""


@dataclass(frozen=True, slots=True)
class FoundElement:
    """An element, and the message or view it is in."""

    block: Json
    element: Json
    message: Message | None = None
    view: View | None = None

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])


@dataclass(frozen=True, slots=True)
class Screen:
    """The messages and views that one person sees."""

    workspace: Workspace
    user: str

    def messages(self, channel: str | None = None) -> list[Message]:
        with self.workspace.changed:
            wanted = self.workspace.channel(channel).id if channel else None
            seen = [
                message
                for place in self.workspace.channels.values()
                if place.visible_to(self.user) and wanted in (None, place.id)
                for message in place.messages
                if message.ephemeral_to in (None, self.user)
            ]
        return sorted(seen, key=lambda message: float(message.ts))

    def stack(self) -> list[View]:
        """Return the views of the open modal, the one that is seen last."""
        with self.workspace.changed:
            return list(self.workspace.stacks[self.user])

    def modal(self) -> View | None:
        return next(reversed(self.stack()), None)

    def home(self) -> View | None:
        return self.workspace.homes.get(self.user)

    def find(
        self,
        what: str,
        kinds: Sequence[str],
        *,
        message: Message | ModalView | None = None,
        block: str | None = None,
        nth: int = 0,
    ) -> FoundElement:
        """Return the nth element of these types with this name, in the nearest place.

        Raises: LookupError when nothing has the name.
        """
        for place in self._places(message):
            found = [
                one
                for one in place
                if one.element["type"] in kinds
                and is_for(one.element, self.user)
                and block in (None, one.block_id)
                and what in names(one)
            ]
            if len(found) > nth:
                return found[nth]
        seen = sorted({n for p in self._places(message) for f in p for n in names(f)})
        raise LookupError(f"nothing to use is called {what!r}; there are {seen}")

    def _places(
        self, place: Message | ModalView | None
    ) -> Iterator[list[FoundElement]]:
        """Yield the elements of this place; without one: modal, messages, home."""
        if isinstance(place, Message):
            yield _in_message(place)
        elif place:
            yield _in_view(place.view)
        else:
            yield from self._nearest()

    def _nearest(self) -> Iterator[list[FoundElement]]:
        if modal := self.modal():
            yield _in_view(modal)
        for shown in reversed(self.messages()):
            if shown.user == BOT_USER:
                yield _in_message(shown)
        if home := self.home():
            yield _in_view(home)


def _in_message(message: Message) -> list[FoundElement]:
    return [FoundElement(b, e, message=message) for b, e in elements_in(message.blocks)]


def is_for(element: Json, user: str) -> bool:
    """Return whether an element is there for a person: icon buttons may be for some."""
    return user in element.get("visible_to_user_ids", [user])


def halves(element: Json) -> list[Json]:
    """Return both buttons of ``feedback_buttons``; none of another element."""
    both = (element.get(f"{kind}_button") for kind in ("positive", "negative"))
    return [half for half in both if half]


def _in_view(view: View) -> list[FoundElement]:
    return [FoundElement(b, e, view=view) for b, e in elements_in(view.blocks)]


def names(found: FoundElement) -> list[str]:
    """Return the names of an element: its label and its ids."""
    texts = [
        found.element.get("text"),
        found.element.get("placeholder"),
        found.block.get("label"),
    ]
    said = [str(text["text"]) for text in texts if isinstance(text, dict)]
    said += [name for half in halves(found.element) for name in half_names(half)]
    label = found.element.get("accessibility_label")
    return [*said, found.action_id, found.block_id, *([label] if label else [])]


def half_names(half: Json) -> list[str]:
    """Return the names of one of the ``feedback_buttons``: label, text and value."""
    label = half.get("accessibility_label")
    return [str(half["text"]["text"]), str(half["value"]), *([label] if label else [])]

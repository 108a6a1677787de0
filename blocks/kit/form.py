"""Modals: drawn as views, and read back from submissions.

A field's name is its ``block_id``, its ``action_id`` and the keyword its value arrives
under, so the three can never disagree.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from blocks.kit import boxes, text
from blocks.kit.boxes import name_of
from blocks.kit.fields import Field, Value
from blocks.kit.newer import Newer
from blocks.kit.state import read

__all__ = [
    "Form",
    "Note",
    "Value",
    "banner",
    "filled",
    "read_view",
    "refill",
    "working",
]

BANNER = "banner"
MORE = "more"
"""The button that shows the rest of a form."""
WHOLE = "_more"
"""Whether a form remembers that it was pressed."""
MOST_NAMED = 5
ALERT = 200
"""The most characters of an alert."""
MARK = "⚠️ "
"""Begins a warning; an alert shows a mark of its own."""

Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """A text between the fields, in mrkdwn that is already escaped.

    ``level``: it is an alert, such as a ``warning``, where Slack has them and it is
    short enough.
    """

    mrkdwn: str
    small: bool = False
    name: str | None = None
    blocks: Sequence[Block] = ()
    level: Literal["info", "warning", "error"] | None = None

    def draw(self) -> list[Block]:
        if self.level is None or len(self.mrkdwn) > ALERT:
            return self._plain()
        words = MarkdownTextObject(text=self.mrkdwn.removeprefix(MARK))
        alert = AlertBlock(text=words, level=self.level, block_id=self.name)
        return [Newer(alert, self._plain())]

    def _plain(self) -> list[Block]:
        if self.blocks:
            return list(self.blocks)
        if self.small:
            element = MarkdownTextObject(text=text.clip(self.mrkdwn, text.FIELD))
            return [ContextBlock(block_id=self.name, elements=[element])]
        words = text.clip(self.mrkdwn, text.SECTION)
        return [SectionBlock(block_id=self.name, text=MarkdownTextObject(text=words))]


@dataclass(frozen=True, slots=True)
class Form:
    """A modal.

    ``id`` names the handler of its submission (``Group.submitted``). ``memory`` comes
    back with the submission: ids and fingerprints, not content. ``later`` are the names
    of fields and notes that stay away until the button *More* is pressed:
    ``Group.changed`` says for ``MORE`` how the form is drawn then. ``rest`` says what
    they are about, where their labels do not.
    """

    id: str
    title: str
    fields: Sequence[Field | Note]
    submit: str | None = "Save"
    close: str = "Cancel"
    memory: Mapping[str, Any] = field(default_factory=dict)
    later: Collection[str] = ()
    rest: str = ""

    def filled(self, values: Mapping[str, Value]) -> Form:
        """Return the form with these values in the fields of these names."""
        return replace(self, fields=filled(self.fields, values))

    def view(self, **more: Any) -> View:
        """Draw the form; add ``more`` to its ``memory``."""
        memory = {k: v for k, v in {**self.memory, **more}.items() if v is not None}
        shown, kept = self._parted(whole=bool(memory.get(WHOLE)))
        return View(
            type="modal",
            callback_id=self.id,
            title=text.plain(self.title, text.TITLE),
            submit=self.submit,
            close=self.close,
            private_metadata=_packed(memory),
            blocks=[
                *(block for one in shown for block in one.draw()),
                *_offer(kept, self.rest),
            ],
        )

    def _parted(self, *, whole: bool) -> tuple[list[Field | Note], list[Field]]:
        """Return what is shown, and the fields that *More* would show."""
        away = set() if whole else {*self.later}
        kept = [f for f in self.fields if f.name in away and isinstance(f, Field)]
        return [one for one in self.fields if one.name not in away], kept


def filled(
    inputs: Iterable[Field | Note], values: Mapping[str, Value]
) -> list[Field | Note]:
    """Return inputs filled in with the values for their names."""
    return [
        one.with_value(values[one.name])
        if isinstance(one, Field) and one.name in values
        else one
        for one in inputs
    ]


def _offer(kept: Sequence[Field], rest: str) -> list[Block]:
    """Draw the button that shows more fields, and say which they are."""
    if not kept:
        return []
    names = [text.inline(one.label, 40) for one in kept[:MOST_NAMED]]
    left = len(kept) - len(names)
    words = rest or text.listed([*names, f"{left} more"] if left else names)
    button = ButtonElement(text="More", action_id=MORE, value=MORE)
    return [
        ContextBlock(elements=[MarkdownTextObject(text=f"Not shown: {words}.")]),
        ActionsBlock(block_id=MORE, elements=[button]),
    ]


def read_view(view: Mapping[str, Any]) -> dict[str, Value]:
    """Return the entered values of a view's payload, by field name."""
    found: dict[str, list[tuple[int, str, Value]]] = {}
    for block_id, actions in view.get("state", {}).get("values", {}).items():
        for element in actions.values():
            place = (*boxes.place_of(block_id), read(element))
            found.setdefault(name_of(block_id), []).append(place)
    return {name: _whole(parts) for name, parts in found.items()}


def _whole(parts: Sequence[tuple[int, str, Value]]) -> Value:
    """Join the pieces of a text that was drawn in several inputs."""
    if len(parts) == 1:
        return parts[0][2]
    in_order = sorted(parts, key=lambda part: part[0])
    return boxes.join(boxes.Piece(str(v or ""), gap) for _, gap, v in in_order)


def _packed(memory: Mapping[str, Any]) -> str:
    return json.dumps(memory, separators=(",", ":"))


def memory(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the memory of a view; empty where it cannot be read."""
    try:
        remembered = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return remembered if isinstance(remembered, dict) else {}


def banner(mrkdwn: str) -> Element:
    """Draw a notice for the top of a form whose submission failed."""
    block = SectionBlock(
        block_id=BANNER, text=MarkdownTextObject(text=text.clip(mrkdwn, text.SECTION))
    )
    return dict(block.to_dict())


DOUBT = "_doubt"
"""Is in the memory of a form that may have been carried out."""


def refill(view: Mapping[str, Any], notice: str, *, doubt: bool = False) -> Element:
    """Draw a submitted view again, with the typed values and a notice on top.

    ``doubt``: what it asks for may have been done. The form remembers that, for a time
    when the journal cannot be read.
    """
    state = view.get("state", {}).get("values", {})
    blocks = [
        _refilled(block, state.get(block.get("block_id"), {}))
        for block in view["blocks"]
        if block.get("block_id") != BANNER
    ]
    keep = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    kept = {key: view[key] for key in keep if view.get(key)}
    doubtful = _packed({**memory(view), DOUBT: True})
    if doubt and len(doubtful) <= text.METADATA:
        kept["private_metadata"] = doubtful
    return {**kept, "blocks": [banner(notice), *blocks[: text.BLOCKS_IN_VIEW - 1]]}


def _refilled(block: Mapping[str, Any], entered: Mapping[str, Any]) -> Element:
    element = block.get("element")
    if not element or element.get("action_id") not in entered:
        return dict(block)
    value = entered[element["action_id"]]
    bare = {k: v for k, v in element.items() if not k.startswith("initial_")}
    return {**block, "element": {**bare, **_initial(value)}}


_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_conversation": "initial_conversation",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}


def _initial(value: Mapping[str, Any]) -> Element:
    return {_INITIAL[k]: v for k, v in value.items() if k in _INITIAL and v}


def working(title: str, words: str) -> Element:
    """Draw the loading view, for what takes longer than Slack waits."""
    view = View(
        type="modal",
        title=text.plain(title, text.TITLE),
        close="Close",
        blocks=[SectionBlock(text=MarkdownTextObject(text=words))],
    )
    return dict(view.to_dict())

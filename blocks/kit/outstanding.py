"""An outstanding item in a message that stays: with its controls, and then without.

What was dealt with keeps its place, struck through, with what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InteractiveElement,
    Option,
    SectionBlock,
    StaticSelectElement,
    UserSelectElement,
)

from blocks.kit import due as targets
from blocks.kit import items, text
from blocks.kit.messages import button, opener, person_menu, section

SNOOZES = (
    ("1 day", "1d"),
    ("3 days", "3d"),
    ("1 week", "1w"),
    ("Until a date…", "pick"),
)


NOUNS = {kind.noun: kind for kind in (items.FOLLOW_UP, items.ACTION)}


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an item, in mrkdwn, and the line that takes it back."""

    words: str
    undo: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a message."""

    noun: str
    """``followup`` or ``action``: what commands call it."""
    id: str
    title: str | None
    """None: not for those who read this, or not known any more."""
    since: datetime | None
    reference: str
    incident: str
    url: str | None
    severity: str | None = None
    priority: str | None = None
    private: bool = False
    target: datetime | None = None
    is_due: bool = False
    """Whether the target is a policy's due date."""
    note: str | None = None
    """Why it stands here, in mrkdwn."""
    owner_id: str = ""
    """Whose it was when the message was sent; nobody's is empty."""
    became: Became | None = None

    @property
    def is_open(self) -> bool:
        return self.became is None

    def late(self, now: datetime) -> bool:
        return self.target is not None and self.target <= now

    def shown(self) -> list[str]:
        """What is kept of it for when it is drawn again."""
        return [NOUNS[self.noun].stored, self.id, self.owner_id]


Controls = Callable[[Line], Sequence[InteractiveElement]]
"""What can be done with an item; the link to its incident is added to it."""


def item(
    line: Line, facts: Sequence[str], controls: Controls, block_id: str
) -> list[Block]:
    """Draw an item. ``block_id`` begins with the command that draws it anew."""
    if line.became is not None:
        return [_settled(line, line.became, block_id)]
    elements = list(controls(line))
    if line.url:
        elements.append(opener("Open", line.url))
    return [
        section(f"{text.bold(line.title or '')}\n{' · '.join(facts)}"),
        ActionsBlock(block_id=block_id, elements=elements),
    ]


def _settled(line: Line, became: Became, block_id: str) -> SectionBlock:
    facts = " · ".join(filter(None, [place(line), became.words]))
    words = section(f"{struck(line)}\n{facts}").text
    undo = button("Undo", became.undo) if became.undo else None
    return SectionBlock(block_id=block_id, text=words, accessory=undo)


def struck(line: Line) -> str:
    """Give the title struck through, or say what it is without it."""
    if line.title is None:
        return "An action" if line.noun == items.ACTION.noun else "A follow-up"
    return text.struck(line.title)


def place(line: Line) -> str:
    """Name the incident, with a lock where it is private."""
    if not line.reference:
        return ""
    named = text.inline(line.reference, 60)
    reference = text.link(line.url, line.reference) if line.url else named
    lock = "🔒 " if line.private else ""
    return f"{lock}{reference} {text.inline(line.incident, 100)}".rstrip()


def target(line: Line, now: datetime) -> str | None:
    """``target 12 Mar``, or how far past it is; what a policy gives is due."""
    if line.target is None:
        return None
    if line.late(now):
        return targets.past(line.target, now, due=line.is_due)
    return f"{'due' if line.is_due else 'target'} {text.day(line.target)}"


def done(line: Line) -> ButtonElement:
    return button("Done", f"{line.noun} done {line.id}", style="primary")


def snooze(line: Line) -> StaticSelectElement:
    said = f"{line.noun} snooze {line.id}"
    return StaticSelectElement(
        placeholder="Snooze",
        action_id="run.2",
        options=[
            Option(label=label, value=f"{said} {span}") for label, span in SNOOZES
        ],
    )


def assign(line: Line) -> ButtonElement:
    return button("Assign", f"{line.noun} assign {line.id}", nth=3)


def give(line: Line, placeholder: str) -> UserSelectElement:
    """Let somebody be chosen right here."""
    return person_menu(placeholder, f"{line.noun} assign {line.id} {text.BLANK}")


def drop(line: Line) -> ButtonElement:
    return button("Not doing", f"{line.noun} drop {line.id}", nth=4)

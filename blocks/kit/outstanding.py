"""Outstanding items in messages that are redrawn.

An open item has controls; a finished one stays in its place, struck through, with its
outcome.
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
class ItemOutcome:
    """The outcome of an item, in mrkdwn, and the command that undoes it."""

    words: str
    undo: str | None = None


@dataclass(frozen=True, slots=True)
class OutstandingLine:
    """One item of a message."""

    noun: str
    """``followup`` or ``action``, as in commands."""
    id: str
    title: str | None
    """None: the readers may not see it, or it is unknown."""
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
    """The reason why it is listed, in mrkdwn."""
    owner_id: str = ""
    """The incident.io id of the owner when the message was sent; empty for none."""
    became: ItemOutcome | None = None

    @property
    def is_open(self) -> bool:
        return self.became is None

    def late(self, now: datetime) -> bool:
        return self.target is not None and self.target <= now

    def shown(self) -> list[str]:
        """Return what is stored of it to redraw it."""
        return [NOUNS[self.noun].stored, self.id, self.owner_id]


Controls = Callable[[OutstandingLine], Sequence[InteractiveElement]]
"""Draws the controls of an item; the link to its incident is added."""


def item(
    line: OutstandingLine, facts: Sequence[str], controls: Controls, block_id: str
) -> list[Block]:
    """Draw an item; ``block_id`` begins with the command that redraws it."""
    if line.became is not None:
        return [_with_outcome(line, line.became, block_id)]
    elements = list(controls(line))
    if line.url:
        elements.append(opener("Open", line.url))
    return [
        section(f"{text.bold(line.title or '')}\n{' · '.join(facts)}"),
        ActionsBlock(block_id=block_id, elements=elements),
    ]


def _with_outcome(
    line: OutstandingLine, became: ItemOutcome, block_id: str
) -> SectionBlock:
    facts = " · ".join(filter(None, [place(line), became.words]))
    words = section(f"{struck(line)}\n{facts}").text
    undo = button("Undo", became.undo) if became.undo else None
    return SectionBlock(block_id=block_id, text=words, accessory=undo)


def struck(line: OutstandingLine) -> str:
    """Return the title struck through; ``A follow-up`` for a hidden one."""
    if line.title is None:
        return "An action" if line.noun == items.ACTION.noun else "A follow-up"
    return text.struck(line.title)


def place(line: OutstandingLine) -> str:
    """Return the incident's reference and name, with a lock where it is private."""
    if not line.reference:
        return ""
    named = text.inline(line.reference, 60)
    reference = text.link(line.url, line.reference) if line.url else named
    lock = "🔒 " if line.private else ""
    return f"{lock}{reference} {text.inline(line.incident, 100)}".rstrip()


def target(line: OutstandingLine, now: datetime) -> str | None:
    """Return the target or due date, or how long it is overdue."""
    if line.target is None:
        return None
    if line.late(now):
        return targets.overdue_by(line.target, now)
    return f"{'due' if line.is_due else 'target'} {text.day(line.target)}"


def done(line: OutstandingLine) -> ButtonElement:
    return button("Done", f"{line.noun} done {line.id}", style="primary")


def snooze(line: OutstandingLine) -> StaticSelectElement:
    said = f"{line.noun} snooze {line.id}"
    return StaticSelectElement(
        placeholder="Snooze",
        action_id="run.2",
        options=[
            Option(label=label, value=f"{said} {span}") for label, span in SNOOZES
        ],
    )


def assign(line: OutstandingLine) -> ButtonElement:
    return button("Assign", f"{line.noun} assign {line.id}", nth=3)


def give(line: OutstandingLine, placeholder: str) -> UserSelectElement:
    """Draw a menu of people that assigns the item."""
    return person_menu(placeholder, f"{line.noun} assign {line.id} {text.BLANK}")


def drop(line: OutstandingLine) -> ButtonElement:
    return button("Not doing", f"{line.noun} drop {line.id}", nth=4)

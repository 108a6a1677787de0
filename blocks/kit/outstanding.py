"""Outstanding items in messages that are redrawn.

An open item has a menu; one that is dealt with stays in its place, struck through, with
its outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock

from blocks.kit import due as targets
from blocks.kit import items, text
from blocks.kit.messages import button, buttons, overflow, section

MOST_SHOWN = 8
"""The most items of a digest; the others are counted."""

REDRAW = "reminder show"
"""The command that draws a sent message again, before the id of its slot."""
SHOW_ALL = "reminder items"
"""The command that lists all that a message is about."""

NOUNS = {kind.noun: kind for kind in (items.FOLLOW_UP, items.ACTION)}


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """The outcome of an item, in mrkdwn, and the command that undoes it."""

    words: str
    undo: str | None = None
    settled: bool = True
    """False: the item is outstanding all the same, such as one that was assigned."""


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
    owner: str = ""
    """The owner in mrkdwn, in messages that show items of several people."""
    became: ItemOutcome | None = None

    @property
    def is_open(self) -> bool:
        return self.became is None or not self.became.settled

    def late(self, now: datetime) -> bool:
        return self.target is not None and self.target <= now

    def shown(self) -> list[str]:
        """Return what is stored of it to redraw it."""
        return [NOUNS[self.noun].stored, self.id, self.owner_id]


Menu = Callable[[OutstandingLine], Sequence[tuple[str, str]]]
"""Returns (label, command line) of what can be done about an item."""


def item(
    line: OutstandingLine, facts: Sequence[str], steps: Menu, block_id: str
) -> Block:
    """Draw an item; ``block_id`` begins with the command that redraws it."""
    became = line.became
    if became is not None and became.settled:
        return _with_outcome(line, became, block_id)
    said = [*facts, became.words] if became else facts
    undo = [("Undo", became.undo)] if became and became.undo else []
    return SectionBlock(
        block_id=block_id,
        text=section(f"{text.bold(line.title or '')}\n{' · '.join(said)}").text,
        accessory=overflow([*undo, *steps(line)], line.url),
    )


def _with_outcome(
    line: OutstandingLine, became: ItemOutcome, block_id: str
) -> SectionBlock:
    facts = " · ".join(filter(None, [place(line), became.words]))
    words = section(f"{struck(line)}\n{facts}").text
    undo = button("Undo", became.undo) if became.undo else None
    return SectionBlock(block_id=block_id, text=words, accessory=undo)


def foot(slot_id: str, rest: int, manage: str) -> ActionsBlock:
    """Draw *Show all*, if ``rest`` are not shown, and *Manage*, which runs a line."""
    more = [("Show all", f"{SHOW_ALL} {slot_id}")] if rest else []
    return buttons([*more, ("Manage", manage)])


def listing(
    heading: str, lines: Sequence[OutstandingLine], now: datetime, origin: str
) -> list[Block]:
    """Draw a page of the whole list; ``origin`` is the command that draws it."""
    drawn = (
        item(line, list(facts(line, now)), steps, f"{origin}#{number}")
        for number, line in enumerate(lines)
    )
    return [section(text.bold(heading)), *drawn]


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


def facts(line: OutstandingLine, now: datetime, *, kind: bool = False) -> Iterator[str]:
    """Yield whose an item is, of which incident, how urgent, and its target or age.

    ``kind``: whether to say that it is an action, for there are follow-ups too.
    """
    late = target(line, now) or (items.age(line.since, now) if line.since else None)
    said = (
        line.owner,
        place(line),
        items.ACTION.name if kind and line.noun == items.ACTION.noun else None,
        line.severity and text.inline(line.severity, 60),
        line.priority and f"{text.inline(line.priority, 60)} priority",
        late,
        line.note,
    )
    yield from filter(None, said)


def steps(line: OutstandingLine) -> list[tuple[str, str]]:
    """Return what anybody can do about an item."""
    return _lines(line, ("Assign…", "assign {}"), ("Edit…", "edit {}"))


def own_steps(line: OutstandingLine) -> list[tuple[str, str]]:
    """Return what the owner of an item can do about it."""
    more = (("Hand on…", "assign {}"), ("Not doing…", "drop {}"), ("Edit…", "edit {}"))
    return _lines(line, *more)


def _lines(line: OutstandingLine, *more: tuple[str, str]) -> list[tuple[str, str]]:
    verbs = (("Done", "done {}"), ("Snooze…", "snooze {} pick"), *more)
    return [(label, f"{line.noun} {verb.format(line.id)}") for label, verb in verbs]


def late(overdue: int, total: int) -> str:
    """Return ``, 3 overdue`` or ``, all overdue``, to be added to the total."""
    if not overdue:
        return ""
    return ", all overdue" if overdue == total > 1 else f", {overdue:,} overdue"


def spoken(line: OutstandingLine, now: datetime) -> str:
    """Return an item in plain text: ``Fix it (INC-7, overdue by 3 days)``."""
    known = (line.owner, text.inline(line.reference), target(line, now))
    return f"{text.inline(line.title or '', 150)} ({', '.join(filter(None, known))})"

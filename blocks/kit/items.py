"""Actions and follow-ups in lists and on cards, with their buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock

from blocks.kit import messages, people, tables, text
from blocks.kit.tables import Cell
from incidentio import User

OUTSTANDING, DONE, NOT_DOING, DELETED = (
    "outstanding",
    "completed",
    "not_doing",
    "deleted",
)
SPOKEN = {OUTSTANDING: "outstanding", DONE: "done", NOT_DOING: "not doing"}
SNOOZES = (
    ("Snooze 1 day", "1d"),
    ("Snooze 3 days", "3d"),
    ("Snooze 1 week", "1w"),
    ("Snooze until…", "pick"),
)


@dataclass(frozen=True, slots=True)
class ItemKind:
    """The names of actions or follow-ups: in commands, texts, storage, and menus."""

    noun: str
    name: str
    stored: str
    source: str

    @property
    def plural(self) -> str:
        return f"{self.noun}s"

    @property
    def title(self) -> str:
        """The name with a capital letter."""
        return self.name.capitalize()


UNASSIGNED = "unassigned"


def owner(user: User | None) -> str:
    """Mention the owner of an item, in mrkdwn."""
    return people.person(user) if user else UNASSIGNED


ACTION = ItemKind("action", "action", "actions", "action")
FOLLOW_UP = ItemKind("followup", "follow-up", "follow_ups", "follow_up")


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as lists show it; ``owner``, ``incident`` and ``facts`` are mrkdwn."""

    kind: ItemKind
    id: str
    title: str
    status: str
    owner: str
    since: datetime | None = None
    finished: datetime | None = None
    priority: str | None = None
    url: str | None = None
    incident: str | None = None
    snoozed: datetime | None = None
    target: str | None = None
    """The target or due date, in words."""

    @property
    def is_open(self) -> bool:
        return self.status == OUTSTANDING


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of items over all pages."""

    outstanding: int
    finished: int

    def __str__(self) -> str:
        done = f", {self.finished:,} finished" if self.finished else ""
        return f"{self.outstanding:,} outstanding{done}"


def status_label(status: str) -> str:
    """Return a status in words, an unknown one as it is."""
    return text.inline(SPOKEN.get(status, status.replace("_", " ")), 60)


def status_phrase(status: str) -> str:
    """Return a status as a predicate: ``is done``, ``is marked “not doing”``."""
    said = status_label(status)
    return f"is {said}" if status in (OUTSTANDING, DONE) else f"is marked “{said}”"


def age(since: datetime, now: datetime) -> str:
    """Return ``3 days old``; below a minute, ``new``."""
    old = now - since
    return "new" if old < timedelta(minutes=1) else f"{text.duration(old)} old"


def listing(
    heading: str,
    lines: Sequence[ItemLine],
    *,
    origin: str,
    now: datetime,
    new: str | None = None,
) -> list[Block]:
    """Draw one page; ``new`` is the command that adds an item."""
    head = messages.section(heading)
    if new:
        head = _beside(heading, f"{origin}#new", messages.button("New", new))
    blocks: list[Block] = [head]
    for number, line in enumerate(lines):
        blocks += item_blocks(line, now, f"{origin}#{number}")
    return blocks


HEADER = ("What", "Owner", "Status", "Priority", "Since", "Target")


def table(
    lines: Sequence[ItemLine],
    kind: ItemKind,
    plain: Sequence[Block],
    turner: Sequence[Block],
) -> list[Block]:
    """Draw items in a table with a menu that opens one."""
    found = [(line.title, f"{kind.noun} show {line.id}") for line in lines]
    article = "an" if kind.name[0] in "aeiou" else "a"
    menu = messages.menu(f"Open {article} {kind.name}", found)
    beside = [*menu, *turner]
    return tables.table(
        "The outstanding first", HEADER, [*map(_row, lines)], plain, beside
    )


def _row(line: ItemLine) -> list[Cell]:
    return [
        Cell(line.title),
        tables.mrkdwn(line.owner or "unassigned"),
        Cell(status_label(line.status)),
        Cell(line.priority or ""),
        Cell(at=line.since),
        tables.mrkdwn(line.target or ""),
    ]


def item_blocks(line: ItemLine, now: datetime, block_id: str) -> list[Block]:
    """Draw an item with its buttons; in one line if it is finished."""
    if not line.is_open:
        return [_finished(line, now, block_id)]
    words = f"{text.bold(line.title)}\n{' · '.join(facts(line, now))}"
    details = messages.button("Details", f"{line.kind.noun} show {line.id}")
    return [
        SectionBlock(text=messages.section(words).text, accessory=details),
        steps(line, block_id),
    ]


def steps(line: ItemLine, block_id: str) -> ActionsBlock:
    """Draw the buttons of an outstanding item."""
    noun, id_ = line.kind.noun, line.id
    elements = [
        messages.button("Done", f"{noun} done {id_}", style="primary"),
        messages.button("Not doing", f"{noun} drop {id_}", nth=2),
        messages.button("Assign", f"{noun} assign {id_}", nth=3),
    ]
    if line.url:
        elements.append(messages.opener(messages.OPEN_THERE, line.url))
    return ActionsBlock(block_id=block_id, elements=elements)


def _finished(line: ItemLine, now: datetime, block_id: str) -> Block:
    parts = [f"~{text.inline(line.title, 120).replace('~', '-')}~", *_end(line, now)]
    undo = messages.button("Undo", f"{line.kind.noun} reopen {line.id}")
    return _beside(" · ".join(parts), block_id, undo)


def _end(line: ItemLine, now: datetime) -> Iterator[str]:
    since = f" {text.ago(line.finished, now)}" if line.finished else ""
    yield f"{status_label(line.status)}{since}"
    if line.owner:
        yield line.owner


def facts(line: ItemLine, now: datetime) -> Iterator[str]:
    yield from filter(None, (line.incident, line.owner))
    if line.priority:
        yield f"{text.inline(line.priority, 60)} priority"
    if line.since:
        yield age(line.since, now)
    if line.target:
        yield line.target
    if line.snoozed:
        yield f"snoozed until {text.when(line.snoozed)}"


def _beside(words: str, block_id: str, button: messages.Button) -> SectionBlock:
    return SectionBlock(
        block_id=block_id, text=messages.section(words).text, accessory=button
    )


def summary(heading: str, lines: Sequence[ItemLine]) -> str:
    """Return a page in mrkdwn, for notifications and screen readers."""
    said = [text.inline(line.title, 150) + _aside(line) for line in lines]
    return "\n".join([heading, *said])


def _aside(line: ItemLine) -> str:
    """Return the owner, and the status of a finished item, in brackets."""
    status = "" if line.is_open else status_label(line.status)
    parts = [part for part in (line.owner, status) if part]
    return f" ({', '.join(parts)})" if parts else ""

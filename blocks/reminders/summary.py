"""The weekly summary of a channel: its figures, and items that need attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import ActionsBlock, Block, HeaderBlock, SectionBlock
from slack_sdk.models.blocks.basic_components import MarkdownTextObject

from blocks.kit import outstanding, text
from blocks.kit.charts import ChartBlock, Series
from blocks.kit.items import age
from blocks.kit.messages import OPEN_THERE, button, opener, section
from blocks.kit.newer import Newer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

NOTHING = "Nothing is open, and nothing was in the last eight weeks."
OLDEST, OWNERS, UNOWNED = 5, 10, 8
"""How many of each are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Week:
    begins: date
    """Its Monday."""
    opened: int
    closed: int
    open: int
    """The number open at its end, or until now."""
    running: bool = False


@dataclass(frozen=True, slots=True)
class OldestItem:
    """One open item."""

    noun: str
    """``followup`` or ``action``, as in commands."""
    id: str
    title: str
    since: datetime | None
    reference: str
    incident: str
    url: str | None
    owner: str | None
    overdue: bool
    private: bool


@dataclass(frozen=True, slots=True)
class OwnedItems:
    """The numbers of open and overdue items of one person."""

    name: str
    total: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Summary:
    at: datetime
    name: str | None
    open: int
    overdue: int
    unowned: int
    weeks: Sequence[Week]
    shares: Sequence[OwnedItems]
    """All owners, those with the most items first."""
    oldest: Sequence[OldestItem]
    nobodys: Sequence[OldestItem]
    noun: str = "item"
    """The noun for what is counted."""

    @property
    def empty(self) -> bool:
        return not self.open and not any(w.opened or w.closed for w in self.weeks)


def draw(summary: Summary, origin: str) -> list[Block]:
    """Draw the message; ``origin`` is the command that redraws it."""
    if summary.empty:
        return [section(NOTHING)]
    header = HeaderBlock(text=text.plain(headline(summary), text.HEADER))
    return [
        header,
        section(f"{_now(summary)}\n{_week(summary)}"),
        *_charts(summary.weeks),
        section(_table(summary.weeks)),
        *_oldest(summary, origin),
        *_owners(summary),
        *_unowned(summary, origin),
    ]


def headline(summary: Summary) -> str:
    return f"{summary.name}: weekly summary" if summary.name else "Weekly summary"


def fallback_text(summary: Summary) -> str:
    """Return the summary in plain text, for notifications and screen readers."""
    if summary.empty:
        return NOTHING
    said = [f"{text.inline(headline(summary))}.", _now(summary), _week(summary)]
    oldest = [
        f"{text.inline(entry.title, 150)} ({text.inline(entry.reference)})"
        for entry in summary.oldest
    ]
    said += [f"Oldest: {'; '.join(oldest)}."] if oldest else []
    shares = [_share(share) for share in summary.shares[:OWNERS]]
    said += [f"By owner: {'; '.join(shares)}."] if shares else []
    return text.clip("\n".join(said), text.MESSAGE)


def _now(summary: Summary) -> str:
    return (
        f"{text.count(summary.open, summary.noun)} open, {summary.overdue:,} overdue, "
        f"{summary.unowned:,} unassigned."
    )


def _week(summary: Summary) -> str:
    """Return ``Last week: 12 opened (9 the week before), 15 closed (8).``"""
    before, week = summary.weeks[-2:]
    which, other = "Last week", "the week before"
    if week.running:
        which, other = "This week so far", "last week"
    return (
        f"{which}: {week.opened:,} opened ({before.opened:,} {other}), "
        f"{week.closed:,} closed ({before.closed:,})."
    )


def _charts(weeks: Sequence[Week]) -> Iterator[Block]:
    days = ["So far" if week.running else _day(week.begins) for week in weeks]
    still_open = Series("Open", [week.open for week in weeks])
    opened = Series("Opened", [week.opened for week in weeks])
    closed = Series("Closed", [week.closed for week in weeks])
    yield Newer(ChartBlock("area", "Open at the end of the week", days, [still_open]))
    moved = [opened, closed]
    yield Newer(ChartBlock("bar", "Opened and closed in the week", days, moved))


def _table(weeks: Sequence[Week]) -> str:
    """Return the numbers of the charts as a table: not every workspace shows charts."""
    lines = [f"{'Week of':<7}{'Opened':>8}{'Closed':>8}{'Open':>8}"]
    lines += [
        f"{_day(week.begins):>7}{week.opened:>8,}{week.closed:>8,}{week.open:>8,}"
        for week in weeks
    ]
    return "```" + "\n".join(lines) + "```"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _oldest(summary: Summary, origin: str) -> Iterator[Block]:
    if summary.oldest:
        yield section("*Oldest*")
    for nth, entry in enumerate(summary.oldest):
        assign = button("Assign", f"{entry.noun} assign {entry.id}")
        steps = [assign, opener(OPEN_THERE, entry.url)] if entry.url else [assign]
        yield section(_entry(entry, summary.at))
        yield ActionsBlock(block_id=f"{origin}#{nth}", elements=steps)


def _owners(summary: Summary) -> Iterator[Block]:
    """Draw the owners by name: a summary mentions nobody."""
    if not summary.shares:
        return
    lines = ["*By owner*", *map(_share, summary.shares[:OWNERS])]
    others = summary.shares[OWNERS:]
    if others:
        rest = OwnedItems(
            "", sum(s.total for s in others), sum(s.overdue for s in others)
        )
        lines.append(f"{text.count(len(others), 'other')}{_shared(rest)}")
    yield section("\n".join(lines))


def _share(share: OwnedItems) -> str:
    return f"{text.inline(share.name, 80)}{_shared(share)}"


def _shared(share: OwnedItems) -> str:
    return f": {share.total:,} open{outstanding.late(share.overdue, share.total)}"


def _unowned(summary: Summary, origin: str) -> Iterator[Block]:
    if not summary.unowned:
        return
    yield section(f"*Unassigned*: {text.count(summary.unowned, summary.noun)}")
    for nth, entry in enumerate(summary.nobodys, start=OLDEST):
        yield SectionBlock(
            block_id=f"{origin}#{nth}",
            text=MarkdownTextObject(
                text=text.clip(_entry(entry, summary.at), text.SECTION)
            ),
            accessory=button("Assign", f"{entry.noun} assign {entry.id}"),
        )
    more = summary.unowned - len(summary.nobodys)
    if more:
        yield section(f"and {more:,} more")


def _entry(entry: OldestItem, now: datetime) -> str:
    return f"{text.bold(entry.title)}\n{' · '.join(_facts(entry, now))}"


def _facts(entry: OldestItem, now: datetime) -> Iterator[str]:
    shown = text.inline(entry.reference)
    reference = text.link(entry.url, entry.reference) if entry.url else shown
    lock = "🔒 " if entry.private else ""
    yield f"{lock}{reference} {text.inline(entry.incident, 100)}"
    if entry.since:
        yield age(entry.since, now)
    if entry.overdue:
        yield "overdue"
    if entry.owner:
        yield text.inline(entry.owner, 80)

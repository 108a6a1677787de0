"""``mine``: the person's own items of all incidents, and their shifts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from blocks.kit import items as view
from blocks.kit import messages, text
from handlers.core import targets as item_targets
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import at_page, paginate
from handlers.core.problems import Refusal
from handlers.core.read_failures import describe_failure
from handlers.core.shifts import my_shifts
from handlers.items.listing import LONG_AGO, ON_A_PAGE, UNRANKED, snoozes
from incidentio import User
from reminders.sources.snapshot import IncidentSummary, Item, Snapshot
from reminders.sources.snapshots import MOMENTS_AGO

group = Group("mine", "My work", rank=3)

KINDS = {kind.stored: kind for kind in (view.ACTION, view.FOLLOW_UP)}
ON_HOME = 5
NO_ACCOUNT = (
    "incident.io has no account that is linked to your Slack account, so nothing is "
    "assigned to you. Ask an administrator of incident.io to invite you, or to link "
    "the two."
)
UNLINKED = (
    "incident.io knows you only by your address, so private incidents are not "
    "shown. Ask an administrator of incident.io to connect your account to Slack."
)


@group.command(
    "mine",
    effect=Effect("Your work", "listed"),
    aliases=["my work"],
    says=[
        "have to do",
        "what i do",
        "my open items",
        "my open todos",
        "my todos",
        "my actions",
        "my followups",
        "my tasks",
        "my todo",
        "my stuff",
        "my things",
        "assigned me",
        "assigned to me",
        "my items",
        "my list",
    ],
)
def mine(ctx: Context, page: Page = FIRST) -> Reply:
    """Show my outstanding actions and follow-ups, and my shifts."""
    work = _read(ctx)
    part = paginate(work.items, page, ON_A_PAGE)
    lines = _lines(ctx, part.shown, work.snapshot)
    heading = f"Your work: {_counted(work.items)}"
    origin = at_page("mine", part.number)
    blocks = view.listing(text.bold(heading), lines, origin=origin, now=ctx.now)
    turner = messages.pager("mine", part.number, more=part.more)
    shifts = my_shifts(ctx) if part.number == 1 else []
    return Reply(view.summary(heading, lines), [*blocks, *turner, *work.notes, *shifts])


@group.home(rank=30, of="mine", effect=Effect("Your work", "listed"))
def on_home(ctx: Context) -> Reply:
    """Show the most urgent of my outstanding actions and follow-ups."""
    work = _read(ctx)
    lines = _lines(ctx, work.items[:ON_HOME], work.snapshot)
    heading = text.bold(f"Your work: {_counted(work.items)}")
    blocks = view.listing(heading, lines, origin="mine", now=ctx.now)
    if len(work.items) > ON_HOME:
        blocks.append(messages.buttons([("Show all", "mine")]))
    return Reply(view.summary(heading, lines), [*blocks, *work.notes])


@dataclass(frozen=True, slots=True)
class Work:
    """A person's outstanding items, the first to do first; ``notes`` say what lacks."""

    items: Sequence[Item]
    snapshot: Snapshot
    notes: Sequence[Block]


def _read(ctx: Context) -> Work:
    """Read the person's outstanding items.

    Raises:
        Refusal: they have no account, or nothing could be read.
    """
    if ctx.account is None:
        raise Refusal(NO_ACCOUNT)
    snapshot = ctx.services.outstanding.read(KINDS, ctx.directory, within=MOMENTS_AGO)
    found = sorted(_owned(ctx, ctx.account, snapshot), key=_order)
    unread = list(_unread(ctx, snapshot))
    if unread and not found:
        raise Refusal(" ".join(unread))
    notes = [*unread, *([] if ctx.directory.me else [UNLINKED])]
    return Work(found, snapshot, [messages.context(note) for note in notes])


def _owned(ctx: Context, account: User, snapshot: Snapshot) -> Iterable[Item]:
    """Yield the person's items, also those of an earlier account of theirs."""
    for id_ in {account.id} | snapshot.ids_of.get(ctx.user, frozenset()):
        yield from snapshot.by_owner.get(id_, ())


def _order(item: Item) -> tuple[Any, ...]:
    """Return the sort key: actions first, as somebody waits for them, then priority."""
    rank = item.priority.rank if item.priority else UNRANKED
    return item.kind != view.ACTION.stored, rank, item.since or LONG_AGO


def _counted(found: Iterable[Item]) -> str:
    kinds = [KINDS[item.kind] for item in found]
    said = [
        text.count(number, kind.name)
        for kind in KINDS.values()
        if (number := kinds.count(kind))
    ]
    return f"{text.listed(said)} outstanding" if said else "nothing is outstanding"


def _lines(
    ctx: Context, shown: Sequence[Item], snapshot: Snapshot
) -> list[view.ItemLine]:
    asleep = {
        (name, id_): until
        for name, kind in KINDS.items()
        for id_, until in snoozes(ctx, kind, _ids(shown, name)).items()
    }
    cases = _named(ctx, [c for i in shown if (c := snapshot.cases.get(i.incident_id))])
    target = item_targets.describer(ctx)
    return [
        replace(
            _line(i, cases.get(i.incident_id), asleep.get((i.kind, i.id))),
            target=target(i),
        )
        for i in shown
    ]


def _named(
    ctx: Context, cases: Iterable[IncidentSummary]
) -> dict[str, IncidentSummary]:
    """Return incidents by id, and read the names of those no longer in progress."""
    found = {case.id: case for case in cases}
    veiled = [id_ for id_, case in found.items() if case.is_veiled]
    return found | {
        i.id: IncidentSummary.of(i) for i in ctx.directory.visible_with_ids(veiled)
    }


def _ids(items: Iterable[Item], kind: str) -> list[str]:
    return [item.id for item in items if item.kind == kind]


def _line(
    item: Item, case: IncidentSummary | None, until: datetime | None
) -> view.ItemLine:
    return view.ItemLine(
        kind=KINDS[item.kind],
        id=item.id,
        title=item.title,
        status=view.OUTSTANDING,
        owner="",
        since=item.since,
        priority=item.priority.name if item.priority else None,
        url=case.url if case else None,
        incident=_incident(case) if case else None,
        snoozed=until,
    )


def _incident(case: IncidentSummary) -> str:
    name = (
        text.link(case.url, case.reference) if case.url else text.inline(case.reference)
    )
    lock = "🔒 " if case.is_private else ""
    return f"{lock}{name} {text.inline(case.name, 100)}"


def _unread(ctx: Context, snapshot: Snapshot) -> Iterable[str]:
    """Yield warnings of what could not be read, so that what is shown may be old."""
    for name in snapshot.failures:
        yield describe_failure(
            ctx, f"Your {KINDS[name].name}s could not be read", name, snapshot
        )

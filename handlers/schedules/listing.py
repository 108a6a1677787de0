"""``schedules``, and ``schedule entries``: who is on call when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from blocks.kit import messages, text
from blocks.kit.on_call import title
from blocks.schedules import card
from handlers.core.arguments.dates import Day, day, midnight
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import paginate
from handlers.core.permissions import Level
from handlers.core.problems import UsageError
from handlers.core.shifts import all_schedules, layer_name
from incidentio import Entries, Schedule, ScheduleEntry
from incidentio.features import ON_CALL, SCHEDULING
from incidentio.on_call import layers

group = Group(
    "schedule",
    "Schedules",
    level=Level.ADMINISTER,
    reads=ON_CALL,
    writes=SCHEDULING,
)

ON_A_PAGE = 10
ENTRIES_ON_A_PAGE = 40
USUAL = timedelta(days=7)
LONGEST = timedelta(days=92)


@group.command(
    "schedules",
    effect=Effect("The schedules", "listed", "were"),
    says=["oncall schedules", "rotas", "rotations"],
)
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the schedules, with who is on call for each."""
    found = all_schedules(ctx)
    part = paginate(found, page, ON_A_PAGE)
    rows = [card.ListedSchedule(s, layers.in_force(s, ctx.now)) for s in part.shown]
    names = ", ".join(text.inline(schedule.name) for schedule in part.shown)
    turner = messages.pager("schedules", part.number, more=part.more)
    return Reply(f"Schedules: {names}", [*card.listing(rows, now=ctx.now), *turner])


@group.command(
    "schedule entries",
    effect=Effect("The shifts", "shown", "were"),
    says=[
        "shifts",
        "coming shifts",
        "upcoming shifts",
        "oncall next week",
        "oncall tomorrow",
        "next shifts",
    ],
)
def entries(
    ctx: Context,
    schedule: Schedule,
    from_: Day | None = None,
    to: Day | None = None,
    page: Page = FIRST,
) -> Reply:
    """Show who is on call when, with overrides: the next 7 days, or others."""
    start, end = window(ctx, from_, to)
    found = ctx.api.schedules.list_entries(schedule.id, start, end)
    rows = read(schedule, found, ctx.now)
    part = paginate(rows, page, ENTRIES_ON_A_PAGE)
    heading = f"{title(schedule)}, {text.when(start)} to {text.when(end)}"
    line = " ".join(filter(None, ["schedule entries", schedule.id, from_, to]))
    said = text.count(len(rows), "shift") if rows else "nobody is on call"
    blocks = card.entries(part.shown, heading, total=len(rows), schedule=schedule)
    return Reply(
        f"{text.unformatted(heading)}: {said}",
        [*blocks, *messages.pager(line, part.number, more=part.more)],
    )


def window(
    ctx: Context, from_: str | None, to: str | None
) -> tuple[datetime, datetime]:
    """Return the start and end of whole days in the person's zone.

    Without words, return the 7 days from now.
    """
    if from_ is None and to is None:
        return ctx.now, ctx.now + USUAL
    zone = ctx.person.zone
    today = ctx.now.astimezone(zone).date()
    first = day(from_ or "today", today) or today
    last = _last(to, today, first)
    if last < first:
        raise UsageError("That ends before it starts.")
    if last - first > LONGEST:
        raise UsageError(f"At most {LONGEST.days} days at a time.")
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)


def _last(to: str | None, today: date, first: date) -> date:
    """Return the last day to show, which is shown whole."""
    usual = first + USUAL - timedelta(days=1)
    return (day(to, today, since=first) if to else None) or usual


def read(schedule: Schedule, found: Entries, now: datetime) -> list[card.ListedShift]:
    """Return the final entries, each with its layer and whether it is an override."""
    final = sorted(found.final, key=lambda shift: (shift.start_at, shift.end_at))
    return [
        card.ListedShift(
            shift,
            layer_name(schedule, shift, now),
            any(_made(override, shift) for override in found.overrides),
        )
        for shift in final
    ]


def _made(override: ScheduleEntry, shift: ScheduleEntry) -> bool:
    same = (override.rotation_id, override.layer_id, _who(override)) == (
        shift.rotation_id,
        shift.layer_id,
        _who(shift),
    )
    return same and override.start_at <= shift.start_at < override.end_at


def _who(shift: ScheduleEntry) -> str | None:
    return shift.user.id if shift.user else None

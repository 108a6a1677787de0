"""An override that is being written: what to propose, and what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from blocks.overrides import Draft, Window
from handlers.context import Context
from incidentio.errors import IncidentioError
from incidentio.models import Entries, Schedule, ScheduleEntry
from incidentio.seats import Seat, overlapping, seats, within

STEP = timedelta(minutes=5)
AHEAD = timedelta(days=8)
"""How far to look for the end of a shift: past that of a week's."""
WITHOUT_SHIFT = timedelta(hours=8)
LONGEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Entered:
    """What the form holds; None where nothing was entered yet."""

    seat: str | None = None
    user: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    proposed: int | None = None
    place: str | None = None
    """The place that the form showed, and the end it proposed for it."""


def rounded_up(moment: datetime) -> datetime:
    """Round up to five minutes."""
    start = datetime.min.replace(tzinfo=UTC)
    return moment + (start - moment.astimezone(UTC)) % STEP


def draft(ctx: Context, schedule: Schedule, entered: Entered) -> Draft:
    """Complete what was entered, and look up who is on call in that time."""
    start = entered.start or rounded_up(ctx.now)
    places = seats(schedule, max(start, ctx.now))
    seat = next((s for s in places if s.key == entered.seat), None)
    seat = seat or next(iter(places), None)
    if seat is None:
        return Draft(schedule, places, None, entered.user, Window(start, start), 0)
    end = entered.end if _stays(entered, seat, start) else None
    found, problem = _look(ctx, schedule, start, end)
    proposal = rest_of_shift([s for s in found.final if seat.holds(s)], start)
    shown = end or proposal
    proposed = entered.proposed if end else None
    return Draft(
        schedule,
        places,
        seat,
        entered.user,
        window(found, seat, start, shown),
        int(proposal.timestamp()) if proposed is None else proposed,
        problem,
    )


def _stays(entered: Entered, seat: Seat, start: datetime) -> bool:
    """Tell whether the end stays: it was chosen, or what was proposed still fits.

    A field that is proposed anew forgets what was entered in it meanwhile, so that is
    done only where it is needed.
    """
    if entered.end is None:
        return False
    chosen = entered.proposed != int(entered.end.timestamp())
    return chosen or (entered.place == seat.key and entered.end > start)


def _look(
    ctx: Context, schedule: Schedule, start: datetime, end: datetime | None
) -> tuple[Entries, str | None]:
    """Read the entries; where that fails, the form opens on what is known."""
    until = min(max(end or start, start + AHEAD), start + LONGEST)
    try:
        return ctx.api.entries.show(schedule.id, start, until), None
    except IncidentioError:
        known = Entries(final=schedule.current_shifts)
        return known, "incident.io did not say who is on call in this time."


def rest_of_shift(shifts: Sequence[ScheduleEntry], start: datetime) -> datetime:
    """Propose an end: that of the shift at the start, else where the next begins."""
    ahead = [s for s in sorted(shifts, key=lambda s: s.start_at) if s.end_at > start]
    if not ahead:
        return start + WITHOUT_SHIFT
    first = ahead[0]
    end = first.end_at if first.start_at <= start else first.start_at
    return min(end, start + LONGEST)


def window(found: Entries, seat: Seat, start: datetime, end: datetime) -> Window:
    """Keep what is of this place and in this time."""
    final = [s for s in found.final if seat.holds(s)]
    overrides = [s for s in found.overrides if seat.holds(s)]
    return Window(
        start, end, within(final, start, end), overlapping(overrides, start, end)
    )

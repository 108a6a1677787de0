"""An override that is being written: what to propose, and what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from blocks.on_call.overrides import OverrideDraft, Window
from handlers.core.context import Context
from incidentio import Entries, Schedule, ScheduleEntry
from incidentio.errors import IncidentioError
from incidentio.on_call.layers import RotationLayer, layers_at, overlapping, within

STEP = timedelta(minutes=5)
AHEAD = timedelta(days=8)
"""How far to look for the end of a shift: longer than a week."""
WITHOUT_SHIFT = timedelta(hours=8)
LONGEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Entered:
    """The entered values; None where nothing was entered yet."""

    layer: str | None = None
    user: str | None = None
    start: datetime | None = None
    end: datetime | None = None


def rounded_up(moment: datetime) -> datetime:
    """Round up to five minutes."""
    start = datetime.min.replace(tzinfo=UTC)
    return moment + (start - moment.astimezone(UTC)) % STEP


def draft(ctx: Context, schedule: Schedule, entered: Entered) -> OverrideDraft:
    """Complete what was entered, and look up who is on call in that time.

    An end is proposed only if none was entered yet. Later changes of the start or the
    layer leave it as it is, and change only the words beside it.
    """
    start = entered.start or rounded_up(ctx.now)
    layers = layers_at(schedule, max(start, ctx.now))
    layer = next((s for s in layers if s.key == entered.layer), None)
    layer = layer or next(iter(layers), None)
    if layer is None:
        return OverrideDraft(schedule, layers, None, entered.user, Window(start, start))
    found, problem = _look(ctx, schedule, start, entered.end)
    shifts = [s for s in found.final if layer.holds(s)]
    end = entered.end or rest_of_shift(shifts, start)
    return OverrideDraft(
        schedule,
        layers,
        layer,
        entered.user,
        window(found, layer, start, end),
        change_of_shift(shifts, start),
        problem,
    )


def _look(
    ctx: Context, schedule: Schedule, start: datetime, end: datetime | None
) -> tuple[Entries, str | None]:
    """Return the entries, and why they could not be read, if so."""
    until = min(max(end or start, start + AHEAD), start + LONGEST)
    try:
        return ctx.api.schedules.list_entries(schedule.id, start, until), None
    except IncidentioError:
        known = Entries(final=schedule.current_shifts)
        return known, "incident.io did not say who is on call during this time."


def rest_of_shift(shifts: Sequence[ScheduleEntry], start: datetime) -> datetime:
    """Propose an end: the next change of shifts, if that is known and near."""
    end = change_of_shift(shifts, start) or start + WITHOUT_SHIFT
    return min(end, start + LONGEST)


def change_of_shift(
    shifts: Sequence[ScheduleEntry], start: datetime
) -> datetime | None:
    """Return the end of the shift in progress at ``start``, else the next begin."""
    ahead = [s for s in sorted(shifts, key=lambda s: s.start_at) if s.end_at > start]
    if not ahead:
        return None
    first = ahead[0]
    return first.end_at if first.start_at <= start else first.start_at


def window(
    found: Entries, layer: RotationLayer, start: datetime, end: datetime
) -> Window:
    """Return the entries of this layer in this time."""
    final = [s for s in found.final if layer.holds(s)]
    overrides = [s for s in found.overrides if layer.holds(s)]
    return Window(
        start, end, within(final, start, end), overlapping(overrides, start, end)
    )

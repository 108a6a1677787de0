"""One schedule's shifts, and what can be asked of them: pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from incidentio.on_call import coverage, seats
from incidentio.on_call.coverage import Span
from incidentio.on_call.shifts import Relief, Shift, joined, reliefs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incidentio.on_call.stretches import Place
    from incidentio.schedules import Entries, Schedule


@dataclass(frozen=True)
class Rota:
    """Who is on call for a schedule; the shifts in order of their start."""

    id: str
    name: str
    url: str | None
    timezone: str
    places: Mapping[Place, str]
    """What each place is called; empty where there is only one."""
    shifts: Sequence[Shift]
    reliefs: Sequence[Relief]
    gaps: Sequence[Span]
    since: datetime
    until: datetime
    """From when to when it was read."""

    def place(self, shift: Shift | Relief) -> str:
        return self.places.get(shift.place, "")

    def at(self, moment: datetime) -> list[Shift]:
        return [shift for shift in self.shifts if shift.holds(moment)]

    def on_call(self, user_id: str, moment: datetime) -> bool:
        return any(shift.user.id == user_id for shift in self.at(moment))

    def starting(self, moment: datetime) -> list[Shift]:
        return [shift for shift in self.shifts if shift.start == moment]

    def ending(self, moment: datetime) -> list[Shift]:
        return [shift for shift in self.shifts if shift.end == moment]

    def before(self, shift: Shift) -> Shift | None:
        """Who had the place last."""
        own = [s for s in self._by_place[shift.place] if s.end <= shift.start]
        return max(own, key=lambda s: s.end, default=None)

    def after(self, shift: Shift) -> Shift | None:
        """Who has the place next."""
        own = (s for s in self._by_place[shift.place] if s.start >= shift.end)
        return next(own, None)

    def gaps_between(self, start: datetime, end: datetime) -> list[Span]:
        """When nobody is on call who should be, cut at both ends."""
        cut = (Span(max(gap.start, start), min(gap.end, end)) for gap in self.gaps)
        return [span for span in cut if span.start < span.end]

    @cached_property
    def changes(self) -> frozenset[datetime]:
        """When somebody comes who is another than had the place last.

        That somebody goes for the night and comes again is none.
        """
        found = set()
        for own in self._by_place.values():
            first = {own[0].start} if own[0].start > self.since else set()
            found |= first | {
                new.start for old, new in pairwise(own) if old.user.id != new.user.id
            }
        return frozenset(found)

    @cached_property
    def _by_place(self) -> Mapping[Place, list[Shift]]:
        found: dict[Place, list[Shift]] = defaultdict(list)
        for shift in self.shifts:
            found[shift.place].append(shift)
        return found


def of(
    schedule: Schedule,
    entries: Entries,
    since: datetime,
    now: datetime,
    until: datetime,
) -> Rota:
    """Make it of what was read from ``since`` to ``until``."""
    shifts = joined(entries.final, until)
    covered = [Span(shift.start, shift.end) for shift in shifts]
    return Rota(
        id=schedule.id,
        name=schedule.name,
        url=schedule.permalink,
        timezone=schedule.timezone,
        places={
            (seat.rotation_id, seat.layer_id): seat.name
            for at in (until, now)
            for seat in seats.seats(schedule, at)
        },
        shifts=shifts,
        reliefs=reliefs(entries),
        gaps=coverage.gaps(schedule, covered, now, until),
        since=since,
        until=until,
    )

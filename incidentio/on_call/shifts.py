"""Who is on call from when to when, and who takes over by an override: pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from incidentio.on_call.stretches import Place, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from incidentio.schedules import Entries, ScheduleEntry
    from incidentio.users import User


@dataclass(frozen=True, slots=True)
class Shift:
    """One person in one place without a break, however many entries that takes."""

    place: Place
    user: User
    start: datetime
    end: datetime
    goes_on: bool = False
    """It lasts until what was read ends, and nobody knows how much longer."""

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Relief:
    """While an override puts somebody in a place in which another was planned."""

    place: Place
    user: User
    before: User | None
    """Who is relieved; None: nobody was planned."""
    start: datetime
    end: datetime


def place_of(entry: ScheduleEntry) -> Place:
    return entry.rotation_id, entry.layer_id


def joined(entries: Iterable[ScheduleEntry], until: datetime) -> list[Shift]:
    """Make one shift of what one person has in one place without a break.

    ``until``: how far the entries were read.
    """
    found: dict[tuple[Place, str], list[Shift]] = {}
    for entry in sorted(entries, key=lambda entry: entry.start_at):
        if entry.user is None or entry.end_at <= entry.start_at:
            continue
        place = place_of(entry)
        own = found.setdefault((place, entry.user.id), [])
        if own and entry.start_at <= own[-1].end:
            own[-1] = replace(own[-1], end=max(own[-1].end, entry.end_at))
        else:
            own.append(Shift(place, entry.user, entry.start_at, entry.end_at))
    whole = [_open(shift, until) for own in found.values() for shift in own]
    return sorted(whole, key=lambda shift: (shift.start, shift.end, shift.user.id))


def _open(shift: Shift, until: datetime) -> Shift:
    return replace(shift, goes_on=True) if shift.end >= until else shift


def reliefs(entries: Entries) -> list[Relief]:
    """Say who takes over from whom; an override that changes nobody is none."""
    overrides = [entry for entry in entries.overrides if entry.user]
    if not overrides:
        return []
    places = {place_of(entry) for entry in overrides}
    start = min(entry.start_at for entry in overrides)
    end = max(entry.end_at for entry in overrides)
    after, before = _of(entries.final, places), _of(entries.scheduled, places)
    return [
        Relief(s.place, s.user, s.before, s.start, s.end)
        for s in compare(after, before, start, end)
        if s.changed and s.user
    ]


def _of(
    entries: Iterable[ScheduleEntry], places: set[Place]
) -> Sequence[ScheduleEntry]:
    return [entry for entry in entries if place_of(entry) in places]

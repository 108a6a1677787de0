"""Who is on call when, compared between two plans: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from incidentio.on_call.seats import within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from incidentio.schedules import ScheduleEntry
    from incidentio.users import User

Place = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in one place in which neither plan changes."""

    start: datetime
    end: datetime
    place: Place
    """The ids of the rotation and of the layer."""
    user: User | None
    """None: nobody."""
    before: User | None = None

    @property
    def changed(self) -> bool:
        return _id(self.user) != _id(self.before)


def compare(
    after: Sequence[ScheduleEntry],
    before: Sequence[ScheduleEntry],
    start: datetime,
    end: datetime,
) -> list[Stretch]:
    """Say for each place who is on call when, and who was by the other plan."""
    new, old = within(after, start, end), within(before, start, end)
    places = dict.fromkeys(_place(entry) for entry in [*new, *old])
    found = [
        stretch
        for place in places
        for stretch in _joined(_cut(_of(new, place), _of(old, place), place))
    ]
    return sorted(found, key=lambda stretch: stretch.start)


def _place(entry: ScheduleEntry) -> Place:
    return entry.rotation_id, entry.layer_id


def _of(entries: Iterable[ScheduleEntry], place: Place) -> list[ScheduleEntry]:
    return [entry for entry in entries if _place(entry) == place]


def _cut(
    new: Sequence[ScheduleEntry], old: Sequence[ScheduleEntry], place: Place
) -> Iterator[Stretch]:
    edges = {at for entry in [*new, *old] for at in (entry.start_at, entry.end_at)}
    for start, end in pairwise(sorted(edges)):
        user, before = _at(new, start), _at(old, start)
        if user or before:
            yield Stretch(start, end, place, user, before)


def _at(entries: Iterable[ScheduleEntry], moment: datetime) -> User | None:
    found = (e.user for e in entries if e.start_at <= moment < e.end_at and e.user)
    return next(found, None)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Make one of what follows at once and is the same."""
    found: list[Stretch] = []
    for stretch in stretches:
        last = found[-1] if found else None
        if last and last.end == stretch.start and _who(last) == _who(stretch):
            found[-1] = replace(last, end=stretch.end)
        else:
            found.append(stretch)
    return found


def _who(stretch: Stretch) -> tuple[str | None, str | None]:
    return _id(stretch.user), _id(stretch.before)


def _id(user: User | None) -> str | None:
    return user.id if user else None

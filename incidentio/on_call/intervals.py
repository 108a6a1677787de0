"""Compares two plans of who is on call: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from incidentio.on_call.layers import LayerKey, layer_key, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from incidentio.schedules import ScheduleEntry
    from incidentio.users import User


@dataclass(frozen=True, slots=True)
class Interval:
    """A period in one layer in which neither plan changes."""

    start: datetime
    end: datetime
    layer: LayerKey
    user: User | None
    """Who is on call by the new plan; None: nobody."""
    before: User | None = None
    """Who is on call by the old plan; None: nobody."""

    @property
    def changed(self) -> bool:
        return _id(self.user) != _id(self.before)


def compare(
    after: Sequence[ScheduleEntry],
    before: Sequence[ScheduleEntry],
    start: datetime,
    end: datetime,
) -> list[Interval]:
    """Return the intervals of two plans, ``after`` and ``before``, from start to end.

    They are in order of their start. Where neither plan has anybody, there is none.
    """
    new, old = within(after, start, end), within(before, start, end)
    layers = dict.fromkeys(layer_key(entry) for entry in [*new, *old])
    found = [
        interval
        for layer in layers
        for interval in _joined(_cut(_of(new, layer), _of(old, layer), layer))
    ]
    return sorted(found, key=lambda interval: interval.start)


def _of(entries: Iterable[ScheduleEntry], layer: LayerKey) -> list[ScheduleEntry]:
    return [entry for entry in entries if layer_key(entry) == layer]


def _cut(
    new: Sequence[ScheduleEntry], old: Sequence[ScheduleEntry], layer: LayerKey
) -> Iterator[Interval]:
    edges = {at for entry in [*new, *old] for at in (entry.start_at, entry.end_at)}
    for start, end in pairwise(sorted(edges)):
        user, before = _at(new, start), _at(old, start)
        if user or before:
            yield Interval(start, end, layer, user, before)


def _at(entries: Iterable[ScheduleEntry], moment: datetime) -> User | None:
    found = (e.user for e in entries if e.start_at <= moment < e.end_at and e.user)
    return next(found, None)


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Join intervals that touch and have the same people."""
    found: list[Interval] = []
    for interval in intervals:
        last = found[-1] if found else None
        if last and last.end == interval.start and _who(last) == _who(interval):
            found[-1] = replace(last, end=interval.end)
        else:
            found.append(interval)
    return found


def _who(interval: Interval) -> tuple[str | None, str | None]:
    return _id(interval.user), _id(interval.before)


def _id(user: User | None) -> str | None:
    return user.id if user else None

"""Shifts, and the overrides that give them to somebody else: pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from incidentio.on_call.intervals import compare
from incidentio.on_call.layers import LayerKey, layer_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from incidentio.schedules import Entries, ScheduleEntry
    from incidentio.users import User


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's time in one layer without a break, of one entry or several."""

    layer: LayerKey
    user: User
    start: datetime
    end: datetime
    goes_on: bool = False
    """Whether it lasts to the end of the entries that were read, or longer."""

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class OverrideTakeover:
    """A period in which an override puts somebody on call in place of another."""

    layer: LayerKey
    user: User
    before: User | None
    """Who was planned; None: nobody."""
    start: datetime
    end: datetime


def joined(entries: Iterable[ScheduleEntry], until: datetime) -> list[Shift]:
    """Return shifts, in order of their start: the joined entries of a person and layer.

    ``until`` is the end of the period in which the entries were read.
    """
    found: dict[tuple[LayerKey, str], list[Shift]] = {}
    for entry in sorted(entries, key=lambda entry: entry.start_at):
        if entry.user is None or entry.end_at <= entry.start_at:
            continue
        layer = layer_key(entry)
        own = found.setdefault((layer, entry.user.id), [])
        if own and entry.start_at <= own[-1].end:
            own[-1] = replace(own[-1], end=max(own[-1].end, entry.end_at))
        else:
            own.append(Shift(layer, entry.user, entry.start_at, entry.end_at))
    whole = [_open(shift, until) for own in found.values() for shift in own]
    return sorted(whole, key=lambda shift: (shift.start, shift.end, shift.user.id))


def _open(shift: Shift, until: datetime) -> Shift:
    return replace(shift, goes_on=True) if shift.end >= until else shift


def takeovers(entries: Entries) -> list[OverrideTakeover]:
    """Return who takes over from whom, without overrides that change nothing."""
    overrides = [entry for entry in entries.overrides if entry.user]
    if not overrides:
        return []
    layers = {layer_key(entry) for entry in overrides}
    start = min(entry.start_at for entry in overrides)
    end = max(entry.end_at for entry in overrides)
    after, before = _of(entries.final, layers), _of(entries.scheduled, layers)
    return [
        OverrideTakeover(s.layer, s.user, s.before, s.start, s.end)
        for s in compare(after, before, start, end)
        if s.changed and s.user
    ]


def _of(
    entries: Iterable[ScheduleEntry], layers: set[LayerKey]
) -> Sequence[ScheduleEntry]:
    return [entry for entry in entries if layer_key(entry) in layers]

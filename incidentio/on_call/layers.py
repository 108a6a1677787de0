"""The layers of a schedule, and the shifts in them: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incidentio.schedules import Rotation, Schedule, ScheduleEntry

LayerKey = tuple[str | None, str | None]
"""The ids of a rotation and of one of its layers."""

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""When a version of a rotation began that has no ``effective_from``."""


@dataclass(frozen=True, slots=True)
class RotationLayer:
    """One layer of one rotation: one person at a time is on call in it."""

    rotation_id: str
    layer_id: str
    name: str = ""
    """Empty where the schedule has only one layer."""

    @property
    def key(self) -> str:
        return f"{self.rotation_id}/{self.layer_id}"

    def holds(self, shift: ScheduleEntry) -> bool:
        """Return whether a shift is in this layer."""
        return layer_key(shift) == (self.rotation_id, self.layer_id)


def layer_key(entry: ScheduleEntry) -> LayerKey:
    """Return the key of the layer that a shift is in."""
    return entry.rotation_id, entry.layer_id


def in_force(schedule: Schedule, at: datetime) -> list[Rotation]:
    """Return the version of each rotation in force then, in the schedule's order."""
    versions: dict[str, Rotation] = {}
    for rotation in schedule.rotations:
        since = rotation.effective_from or ALWAYS
        known = versions.get(rotation.id)
        if since <= at and (known is None or since >= (known.effective_from or ALWAYS)):
            versions[rotation.id] = rotation
    return list(versions.values())


def takes_part(schedule: Schedule, user_id: str, at: datetime) -> bool:
    """Return whether somebody is in a rotation then or later, or has a known shift.

    Known are the shifts of who is on call now and next, by an override too.
    """
    coming = (r for r in schedule.rotations if (r.effective_from or ALWAYS) > at)
    planned = {u.id for r in (*in_force(schedule, at), *coming) for u in r.users}
    shifts = (*schedule.current_shifts, *schedule.next_shifts)
    return user_id in planned | {shift.user.id for shift in shifts if shift.user}


def layers_at(schedule: Schedule, at: datetime) -> list[RotationLayer]:
    """Return the layers in force then; they have names where there are several."""
    rotations = in_force(schedule, at)
    return [
        RotationLayer(rotation.id, layer.id, _name(rotations, rotation, layer.name))
        for rotation in rotations
        for layer in rotation.layers
        if layer.id
    ]


def _name(rotations: Sequence[Rotation], rotation: Rotation, layer: str | None) -> str:
    parts = [rotation.name] if len(rotations) > 1 else []
    parts += [layer] if layer and len(rotation.layers) > 1 else []
    return " · ".join(parts)


def overlapping(
    shifts: Iterable[ScheduleEntry], start: datetime, end: datetime
) -> list[ScheduleEntry]:
    """Return the shifts that overlap the window, the earliest first."""
    found = (s for s in shifts if s.start_at < end and s.end_at > start)
    return sorted(found, key=lambda shift: shift.start_at)


def on_call_at(
    shifts: Iterable[ScheduleEntry], moment: datetime
) -> list[ScheduleEntry]:
    """Return the shifts that a moment is in, the earliest first."""
    return overlapping(shifts, moment, moment + timedelta.resolution)


def within(
    shifts: Iterable[ScheduleEntry], start: datetime, end: datetime
) -> list[ScheduleEntry]:
    """Return the shifts in the window, cut at its edges, the earliest first."""
    return [
        shift.model_copy(
            update={
                "start_at": max(shift.start_at, start),
                "end_at": min(shift.end_at, end),
            }
        )
        for shift in overlapping(shifts, start, end)
    ]


def covered(shifts: Iterable[ScheduleEntry], start: datetime, end: datetime) -> bool:
    """Return whether the shifts leave no part of the window open."""
    reached = start
    for shift in overlapping(shifts, start, end):
        if shift.start_at > reached:
            return False
        reached = max(reached, shift.end_at)
    return reached >= end

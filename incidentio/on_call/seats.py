"""Who fills which place of a schedule when: pure arithmetic over its shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incidentio.schedules import Rotation, Schedule, ScheduleEntry

ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place that one person fills at a time: one layer of one rotation."""

    rotation_id: str
    layer_id: str
    name: str = ""
    """Empty where the schedule has only this one."""

    @property
    def key(self) -> str:
        return f"{self.rotation_id}/{self.layer_id}"

    def holds(self, shift: ScheduleEntry) -> bool:
        return (shift.rotation_id, shift.layer_id) == (self.rotation_id, self.layer_id)


def in_force(schedule: Schedule, at: datetime) -> list[Rotation]:
    """Give the version of each rotation that counts then, in the schedule's order."""
    versions: dict[str, Rotation] = {}
    for rotation in schedule.rotations:
        since = rotation.effective_from or ALWAYS
        known = versions.get(rotation.id)
        if since <= at and (known is None or since >= (known.effective_from or ALWAYS)):
            versions[rotation.id] = rotation
    return list(versions.values())


def seats(schedule: Schedule, at: datetime) -> list[Seat]:
    """Give the places there are to fill then; named where there are several."""
    rotations = in_force(schedule, at)
    return [
        Seat(rotation.id, layer.id, _name(rotations, rotation, layer.name))
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
    """Give the shifts that overlap the window, earliest first."""
    found = (s for s in shifts if s.start_at < end and s.end_at > start)
    return sorted(found, key=lambda shift: shift.start_at)


def within(
    shifts: Iterable[ScheduleEntry], start: datetime, end: datetime
) -> list[ScheduleEntry]:
    """Give what lies in the window, cut at its edges, earliest first."""
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
    """Tell whether the shifts leave no part of the window open."""
    reached = start
    for shift in overlapping(shifts, start, end):
        if shift.start_at > reached:
            return False
        reached = max(reached, shift.end_at)
    return reached >= end

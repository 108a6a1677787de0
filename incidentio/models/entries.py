from __future__ import annotations

from incidentio.models.base import Model, When
from incidentio.models.users import User


class ScheduleEntry(Model):
    """One shift: who is on call from when to when."""

    start_at: When
    end_at: When
    user: User | None = None
    """None: nobody is on call."""
    rotation_id: str | None = None
    layer_id: str | None = None
    entry_id: str | None = None
    fingerprint: str | None = None


class Entries(Model):
    final: tuple[ScheduleEntry, ...] = ()
    """What will happen: the rotations with the overrides merged in."""
    overrides: tuple[ScheduleEntry, ...] = ()
    scheduled: tuple[ScheduleEntry, ...] = ()

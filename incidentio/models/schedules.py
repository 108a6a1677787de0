from __future__ import annotations

from collections.abc import Mapping

from incidentio.models.base import Model, Replaceable, When
from incidentio.models.entries import ScheduleEntry
from incidentio.models.users import User


class Layer(Model):
    id: str | None = None
    name: str | None = None


class Handover(Model):
    interval: int
    interval_type: str
    """hourly, daily, weekly, or newer."""


class WorkingInterval(Model):
    weekday: str
    start_time: str
    end_time: str


class Rotation(Model):
    """One version of one rotation; versions to come share its id."""

    id: str
    name: str
    users: tuple[User, ...] = ()
    layers: tuple[Layer, ...] = ()
    handovers: tuple[Handover, ...] = ()
    handover_start_at: When | None = None
    effective_from: When | None = None
    working_intervals: tuple[WorkingInterval, ...] = ()
    scheduling_mode: str | None = None


class ScheduleConfig(Model):
    rotations: tuple[Rotation, ...] = ()


class Holidays(Model):
    country_codes: tuple[str, ...] = ()


class Schedule(Replaceable):
    id: str
    name: str
    timezone: str = "UTC"
    config: ScheduleConfig = ScheduleConfig()
    current_shifts: tuple[ScheduleEntry, ...] = ()
    next_shifts: tuple[ScheduleEntry, ...] = ()
    permalink: str | None = None
    team_ids: tuple[str, ...] = ()
    annotations: Mapping[str, str] = {}
    holidays_public_config: Holidays | None = None
    created_at: When | None = None
    updated_at: When | None = None

    @property
    def rotations(self) -> tuple[Rotation, ...]:
        return self.config.rotations

"""Which roles of an incident.io API key each feature needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feature:
    """Any one of ``roles`` is enough. The bot is of use without an ``optional`` one."""

    name: str
    roles: tuple[str, ...]
    without: str
    optional: bool = False


FEATURES = (
    Feature(
        "Reading",
        ("viewer",),
        "The bot can show nothing",
    ),
    Feature(
        "Declaring incidents",
        ("incident_creator",),
        "Nobody can declare an incident",
    ),
    Feature(
        "Changing incidents",
        ("incident_editor",),
        "Severity, status, updates, actions and follow-ups cannot be changed",
    ),
    Feature(
        "On call",
        ("schedules_reader", "schedules_editor", "schedule_overrides_editor"),
        "Nobody can see who is on call",
    ),
    Feature(
        "Overrides",
        ("schedule_overrides_editor", "schedules_editor"),
        "Nobody can override who is on call",
    ),
    Feature(
        "Private incidents",
        ("global_access",),
        "The bot does not see private incidents, not even in their own channels",
        optional=True,
    ),
)

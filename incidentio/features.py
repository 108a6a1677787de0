"""The features that an API key can be used for, and the roles each one needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feature:
    """A use of the API key; any one of ``roles`` is enough for it.

    ``without`` says what is not possible without it. ``optional``: all else works
    without it. ``choice``: a key without it is no fault to report.
    """

    name: str
    roles: tuple[str, ...]
    without: str
    optional: bool = False
    choice: bool = False


READING = Feature("Reading", ("viewer",), "Nothing can be shown")
DECLARING = Feature(
    "Declaring incidents", ("incident_creator",), "Nobody can declare an incident"
)
CHANGING = Feature(
    "Changing incidents",
    ("incident_editor",),
    "Severity, status, updates, actions and follow-ups cannot be changed",
)
ON_CALL = Feature(
    "On call",
    ("schedules_reader", "schedules_editor", "schedule_overrides_editor"),
    "Nobody can see who is on call",
)
OVERRIDING = Feature(
    "Overrides",
    ("schedule_overrides_editor", "schedules_editor"),
    "Nobody can override who is on call",
)
SCHEDULING = Feature(
    "Schedules",
    ("schedules_editor",),
    "Schedules cannot be created, changed or deleted",
    optional=True,
)
PATHS = Feature(
    "Escalation paths",
    ("on_call_viewer", "on_call_editor"),
    "Nobody can see escalation paths, or page by one",
    optional=True,
)
EDITING_PATHS = Feature(
    "Editing escalation paths",
    ("on_call_editor",),
    "Escalation paths cannot be created, changed or deleted",
    optional=True,
)
PAUSES = Feature(
    "Who is away",
    ("on_call_viewer", "on_call_editor"),
    "Who paused their notifications in incident.io is reminded all the same",
    optional=True,
)
PAGING = Feature(
    "Paging",
    ("escalation_creator",),
    "Nobody can be paged",
    optional=True,
)
WORKFLOWS = Feature(
    "Workflows",
    ("workflows_viewer", "workflows_editor"),
    "Nobody can see workflows",
    optional=True,
)
EDITING_WORKFLOWS = Feature(
    "Editing workflows",
    ("workflows_editor",),
    "Workflows cannot be changed or deleted",
    optional=True,
)
SETTINGS = Feature(
    "Roles and custom fields",
    ("manage_settings",),
    "Incident roles and custom fields cannot be created, changed or deleted",
    optional=True,
)
TEAMS = Feature(
    "Teams",
    ("catalog_viewer", "catalog_editor"),
    "Reminders cannot be limited to the follow-ups of a team",
    optional=True,
)
DUE_DATES = Feature(
    "Due dates of policies",
    ("viewer",),
    "Follow-ups have targets by their priorities, but no due dates",
    optional=True,
)
PRIVATE = Feature(
    "Private incidents",
    ("global_access",),
    "The bot does not see private incidents, not even in their own channels",
    optional=True,
)
ACTING = Feature(
    "Acting for people",
    ("act_on_behalf_of_users",),
    "incident.io attributes every change to the API key, not to who made it",
    optional=True,
    choice=True,
)

FEATURES = (
    READING,
    DECLARING,
    CHANGING,
    ON_CALL,
    OVERRIDING,
    SCHEDULING,
    PATHS,
    EDITING_PATHS,
    PAUSES,
    PAGING,
    WORKFLOWS,
    EDITING_WORKFLOWS,
    SETTINGS,
    TEAMS,
    DUE_DATES,
    PRIVATE,
    ACTING,
)

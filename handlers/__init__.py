"""What the bot can do, one file a noun. ``GROUPS`` is the order of the help."""

from handlers import (
    actions,
    audit,
    declare,
    follow_ups,
    home,
    incidents,
    mine,
    on_call,
    overrides,
    reminders,
    schedules,
    severity,
    status,
    types,
    updates,
)
from handlers import incident_edit as _edit  # noqa: F401 - declares into incidents.group
from handlers import remind as _remind  # noqa: F401 - declares into reminders.group

GROUPS = (
    home.group,
    declare.group,
    incidents.group,
    severity.group,
    status.group,
    updates.group,
    actions.group,
    follow_ups.group,
    mine.group,
    types.group,
    on_call.group,
    overrides.group,
    schedules.group,
    reminders.group,
    audit.group,
)

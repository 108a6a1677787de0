"""What the bot can do, one file a noun. ``GROUPS`` is the order of the help."""

from handlers import (
    actions,
    declare,
    follow_ups,
    home,
    incidents,
    mine,
    on_call,
    overrides,
    reminders,
    roles,
    schedules,
    severity,
    status,
    timestamps,
    types,
    updates,
    users,
)
from handlers import incident_edit as _edit  # noqa: F401 - declares into incidents.group
from handlers import remind as _remind  # noqa: F401 - declares into reminders.group
from handlers import role_changes as _role_changes  # noqa: F401 - into roles.group

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
    roles.group,
    timestamps.group,
    users.group,
    on_call.group,
    overrides.group,
    schedules.group,
    reminders.group,
)

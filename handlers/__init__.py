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
    schedules,
    severity,
    status,
    types,
    updates,
    workflows,
)
from handlers import incident_edit as _edit  # noqa: F401 - declares into incidents.group
from handlers import remind as _remind  # noqa: F401 - declares into reminders.group
from handlers import workflow_delete as _delete  # noqa: F401 - into workflows.group
from handlers import workflow_edit as _workflow_edit  # noqa: F401 - likewise

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
    workflows.group,
    reminders.group,
)

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
)
from handlers import incident_edit as _edit  # noqa: F401 - declares into incidents.group
from handlers import override_delete as _undo  # noqa: F401 - into overrides.group
from handlers import remind as _remind  # noqa: F401 - declares into reminders.group
from handlers import schedule_card as _card  # noqa: F401 - into schedules.group
from handlers import schedule_create as _new  # noqa: F401 - into schedules.group
from handlers import schedule_delete as _gone  # noqa: F401 - into schedules.group
from handlers import schedule_edit as _schedule  # noqa: F401 - into schedules.group
from handlers import schedule_json as _json  # noqa: F401 - into schedules.group

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
)

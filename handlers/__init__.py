"""What the bot can do, one file a noun. ``GROUPS`` is the order of the help."""

from handlers import (
    actions,
    custom_field_options,
    custom_fields,
    declare,
    escalation_paths,
    escalations,
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
from handlers import custom_field_forms as _fields  # noqa: F401 - into custom_fields
from handlers import escalation_verbs as _verbs  # noqa: F401 - into escalations.group
from handlers import incident_edit as _edit  # noqa: F401 - declares into incidents.group
from handlers import override_delete as _undo  # noqa: F401 - into overrides.group
from handlers import paging as _paging  # noqa: F401 - declares into escalations.group
from handlers import path_forms as _paths  # noqa: F401 - into escalation_paths
from handlers import reassign as _reassign  # noqa: F401 - into escalations.group
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
    custom_fields.group,
    custom_field_options.group,
    on_call.group,
    escalations.group,
    escalation_paths.group,
    overrides.group,
    schedules.group,
    reminders.group,
)

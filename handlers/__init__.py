"""What the bot can do, one file a noun. ``GROUPS`` is the order of the help."""

from handlers import declare, home, incidents, reminders
from handlers import remind as _remind  # noqa: F401 - declares into reminders.group

GROUPS = (home.group, declare.group, incidents.group, reminders.group)

"""People: preferences, absence and do not disturb."""

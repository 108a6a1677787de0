"""Menus that several forms search as somebody types, by their action ids."""

SCHEDULE = "schedule"
ESCALATION_PATH = "escalation_path"

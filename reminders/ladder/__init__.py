"""Escalates follow-ups that are overdue and neglected."""

"""Schedules, their entries and overrides, and notification pauses."""

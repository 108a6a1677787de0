"""Schedules, their shifts and overrides, and pauses of notifications."""

"""Schedules: list, show, create, edit, delete."""

"""Escalation paths: list, show, create, edit, delete."""

"""Escalation paths."""

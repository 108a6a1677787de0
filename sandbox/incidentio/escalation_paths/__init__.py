"""Escalation paths: who is paged, in which order."""

"""Escalations and pages: lists, cards and forms."""

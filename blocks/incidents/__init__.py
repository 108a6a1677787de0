"""Incidents: lists, cards and forms."""

"""Incidents: declare, show, edit, severity, status, updates, questions."""

"""Incidents, their updates and their participants."""

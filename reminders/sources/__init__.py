"""Snapshots of incident.io and of stored state, read once for many rules."""

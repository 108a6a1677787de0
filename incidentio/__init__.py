"""The incident.io API, typed. Knows nothing of Slack."""

__version__ = "0.1.0"

"""Local stand-ins for Slack and incident.io, and the people who work there."""

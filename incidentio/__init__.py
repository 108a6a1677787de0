"""The incident.io API, typed. Knows nothing of Slack."""

from incidentio.version import __version__

__all__ = ["__version__"]

from __future__ import annotations

from incidentio.models.base import Named


class Team(Named):
    """What follow-ups can be assigned to besides a person."""

"""A stateful incident.io that lives in memory, written from its published schema."""

from sandbox.incidentio.stand_in import IncidentioSandbox

__all__ = ["IncidentioSandbox"]

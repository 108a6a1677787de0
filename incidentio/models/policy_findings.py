from __future__ import annotations

from incidentio.models.base import Model, When

OPEN = ("active", "pending")


class FoundFollowUp(Model):
    follow_up_id: str
    incident_id: str


class PolicyFinding(Model):
    """What a policy asks for; of what it is about only follow-ups are read."""

    id: str
    policy_type: str
    state: str
    """active, pending, resolved, dismissed, cancelled, or newer."""
    due_at: When | None = None
    follow_up: FoundFollowUp | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

"""Findings of the organisation's policies."""

from __future__ import annotations

from collections.abc import Iterator

from incidentio.base.model import Model, When
from incidentio.base.resource import Resource
from incidentio.transport.query import plain

OPEN = ("active", "pending")


class FoundFollowUp(Model):
    """The follow-up that a finding is about."""

    follow_up_id: str
    incident_id: str


class PolicyFinding(Model):
    """Something that a policy asks for. Only subjects that are follow-ups are read."""

    id: str
    policy_type: str
    state: str
    """active, pending, resolved, dismissed, cancelled, or newer."""
    due_at: When | None = None
    follow_up: FoundFollowUp | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class PolicyFindings(Resource):
    """Operations on findings of policies."""

    def list(self, *, policy_id: str | None = None) -> Iterator[PolicyFinding]:
        """Yield findings of every state: the API cannot filter by it.

        https://api-docs.incident.io/tag/Policy-Findings-V2#operation/Policy%20Findings%20V2_List
        """
        query = plain(policy_id=policy_id)
        return self._pages(
            PolicyFinding, "/v2/policy_findings", "policy_findings", query
        )

from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import PolicyFinding
from incidentio.resources.base import Resource
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from collections.abc import Iterator


class PolicyFindings(Resource):
    def list(self, *, policy_id: str | None = None) -> Iterator[PolicyFinding]:
        """Those of every state: incident.io cannot leave out what is resolved."""
        query = plain(policy_id=policy_id)
        return self._pages(
            PolicyFinding, "/v2/policy_findings", "policy_findings", query
        )

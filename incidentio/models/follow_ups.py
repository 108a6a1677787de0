from __future__ import annotations

from incidentio.models.actors import Actor
from incidentio.models.base import Model, Named, When
from incidentio.models.external_issues import ExternalIssue
from incidentio.models.users import User


class FollowUpPriority(Model):
    id: str
    name: str
    rank: int = 0
    description: str | None = None


class FollowUpCategory(Model):
    id: str
    name: str
    rank: int = 0
    description: str | None = None


class FollowUp(Model):
    id: str
    incident_id: str
    title: str
    status: str
    """outstanding, completed, deleted, not_doing, or newer."""
    description: str | None = None
    assignee: User | None = None
    assignee_team: Named | None = None
    priority: FollowUpPriority | None = None
    category: FollowUpCategory | None = None
    labels: tuple[str, ...] = ()
    external_issue_reference: ExternalIssue | None = None
    creator: Actor = Actor()
    created_at: When | None = None
    updated_at: When | None = None
    completed_at: When | None = None

    @property
    def outstanding(self) -> bool:
        return self.status == "outstanding"

"""Follow-ups: tasks after an incident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from incidentio.actors import Actor
from incidentio.base.model import Model, Named, Page, When
from incidentio.base.replacing import replacement
from incidentio.base.resource import PAGE_SIZE, Resource, one, payload
from incidentio.external_issues import ExternalIssue
from incidentio.transport.query import filters, plain
from incidentio.users import User


class FollowUpPriority(Model):
    """A priority that follow-ups may have."""

    id: str
    name: str
    rank: int = 0
    description: str | None = None


class FollowUpCategory(Model):
    """A category that follow-ups may have."""

    id: str
    name: str
    rank: int = 0
    description: str | None = None


class FollowUp(Model):
    """A task after an incident."""

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


PATH = "/v3/follow_ups"
SENT_AS = {
    "title": "title",
    "status": "status",
    "description": "description",
    "assignee_id": "assignee",
    "assignee_team_id": "assignee_team",
    "follow_up_priority_option_id": "priority",
    "follow_up_category_id": "category",
    "labels": "labels",
}


class FollowUpChanges(TypedDict, total=False):
    """The properties that an update may change."""

    title: str
    status: str
    description: str
    assignee_id: str | None
    """None unassigns, as for the team."""
    assignee_team_id: str | None
    follow_up_priority_option_id: str
    follow_up_category_id: str
    labels: Sequence[str]


class FollowUps(Resource):
    """Operations on follow-ups."""

    def list(
        self,
        *,
        incident_id: str | None = None,
        incident_mode: str | None = None,
        updated_since: datetime | None = None,
    ) -> Iterator[FollowUp]:
        """Yield follow-ups, the oldest first.

        Overlap ``updated_since`` by minutes: rows may turn up late.

        https://api-docs.incident.io/tag/Follow-ups-V3#operation/Follow-ups%20V3_List
        """
        query = plain(incident_id=incident_id, incident_mode=incident_mode)
        query += filters({"updated_at": updated_since})
        return self._pages(FollowUp, PATH, "follow_ups", query)

    def page(
        self,
        *,
        after: str | None = None,
        page_size: int = PAGE_SIZE,
        updated_since: datetime | None = None,
    ) -> Page[FollowUp]:
        """Return one page of follow-ups, the oldest first.

        https://api-docs.incident.io/tag/Follow-ups-V3#operation/Follow-ups%20V3_List
        """
        query = filters({"updated_at": updated_since})
        query += plain(page_size=page_size, after=after)
        return self._page(FollowUp, PATH, "follow_ups", query)

    def show(self, id: str) -> FollowUp:  # noqa: A002
        """Return one follow-up.

        https://api-docs.incident.io/tag/Follow-ups-V3#operation/Follow-ups%20V3_Show
        """
        return one(FollowUp, self._http.get(f"{PATH}/{{id}}", id=id), "follow_up")

    def create(
        self,
        *,
        incident_id: str,
        title: str,
        description: str | None = None,
        assignee_id: str | None = None,
        assignee_team_id: str | None = None,
        follow_up_priority_option_id: str | None = None,
        follow_up_category_id: str | None = None,
        labels: Sequence[str] | None = None,
    ) -> FollowUp:
        """Add a follow-up to an incident, and return it.

        https://api-docs.incident.io/tag/Follow-ups-V3#operation/Follow-ups%20V3_Create
        """
        body = payload(
            incident_id=incident_id,
            title=title,
            description=description,
            assignee_id=assignee_id,
            assignee_team_id=assignee_team_id,
            follow_up_priority_option_id=follow_up_priority_option_id,
            follow_up_category_id=follow_up_category_id,
            labels=labels,
        )
        return one(FollowUp, self._http.post(PATH, body), "follow_up", write=True)

    def update(self, current: FollowUp, **changes: Unpack[FollowUpChanges]) -> FollowUp:
        """Change what is given, return the follow-up; the rest is as in ``current``.

        Raises:
            Unexpected: a property of ``current`` could not be read.

        https://api-docs.incident.io/tag/Follow-ups-V3#operation/Follow-ups%20V3_Update
        """
        body = replacement(current, SENT_AS, changes)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(FollowUp, answer, "follow_up", write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete a follow-up.

        https://api-docs.incident.io/tag/Follow-ups-V3#operation/Follow-ups%20V3_Delete
        """
        self._http.delete(f"{PATH}/{{id}}", id=id)

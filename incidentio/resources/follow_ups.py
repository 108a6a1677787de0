from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from incidentio.models import FollowUp, Page
from incidentio.resources.base import PAGE_SIZE, Resource, one, payload
from incidentio.resources.replacing import replacement
from incidentio.transport.query import filters, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Unpack

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
    def list(
        self,
        *,
        incident_id: str | None = None,
        incident_mode: str | None = None,
        updated_since: datetime | None = None,
    ) -> Iterator[FollowUp]:
        """Oldest first. Overlap ``updated_since`` by minutes: rows may turn up late."""
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
        query = filters({"updated_at": updated_since})
        query += plain(page_size=page_size, after=after)
        return self._page(FollowUp, PATH, "follow_ups", query)

    def show(self, id: str) -> FollowUp:  # noqa: A002
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
        """Change what is given; everything else is sent as ``current`` has it."""
        body = replacement(current, SENT_AS, changes)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(FollowUp, answer, "follow_up", write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(f"{PATH}/{{id}}", id=id)

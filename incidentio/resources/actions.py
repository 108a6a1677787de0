from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from incidentio.models import Action
from incidentio.resources.base import Resource, one, payload
from incidentio.resources.replacing import replacement
from incidentio.transport.query import filters, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Unpack

PATH = "/v3/actions"
SENT_AS = {
    "description": "description",
    "status": "status",
    "assignee_id": "assignee",
}


class ActionChanges(TypedDict, total=False):
    description: str
    status: str
    assignee_id: str | None
    """None unassigns."""


class Actions(Resource):
    def list(
        self,
        *,
        incident_id: str | None = None,
        incident_mode: str | None = None,
        updated_since: datetime | None = None,
    ) -> Iterator[Action]:
        """Oldest first. Overlap ``updated_since`` by minutes: rows may turn up late."""
        query = plain(incident_id=incident_id, incident_mode=incident_mode)
        query += filters({"updated_at": updated_since})
        return self._pages(Action, PATH, "actions", query)

    def show(self, id: str) -> Action:  # noqa: A002
        return one(Action, self._http.get(f"{PATH}/{{id}}", id=id), "action")

    def create(
        self, *, incident_id: str, description: str, assignee_id: str | None = None
    ) -> Action:
        body = payload(
            incident_id=incident_id, description=description, assignee_id=assignee_id
        )
        return one(Action, self._http.post(PATH, body), "action", write=True)

    def update(self, current: Action, **changes: Unpack[ActionChanges]) -> Action:
        """Change what is given; everything else is sent as ``current`` has it."""
        body = replacement(current, SENT_AS, changes)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(Action, answer, "action", write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(f"{PATH}/{{id}}", id=id)

"""Actions: tasks during an incident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict, Unpack

from incidentio.actors import Actor
from incidentio.base.model import Model, When
from incidentio.base.replacing import replacement
from incidentio.base.resource import Resource, one, payload
from incidentio.transport.query import filters, plain
from incidentio.users import User


class Action(Model):
    """A task during an incident."""

    id: str
    incident_id: str
    description: str
    status: str
    """outstanding, completed, deleted, not_doing, or newer."""
    assignee: User | None = None
    creator: Actor = Actor()
    created_at: When | None = None
    updated_at: When | None = None
    completed_at: When | None = None

    @property
    def outstanding(self) -> bool:
        return self.status == "outstanding"


PATH = "/v3/actions"
SENT_AS = {
    "description": "description",
    "status": "status",
    "assignee_id": "assignee",
}


class ActionChanges(TypedDict, total=False):
    """The properties that an update may change."""

    description: str
    status: str
    assignee_id: str | None
    """None unassigns."""


class Actions(Resource):
    """Operations on actions."""

    def list(
        self,
        *,
        incident_id: str | None = None,
        incident_mode: str | None = None,
        updated_since: datetime | None = None,
    ) -> Iterator[Action]:
        """Yield actions, the oldest first.

        Overlap ``updated_since`` by minutes: rows may turn up late.

        https://api-docs.incident.io/tag/Actions-V3#operation/Actions%20V3_List
        """
        query = plain(incident_id=incident_id, incident_mode=incident_mode)
        query += filters({"updated_at": updated_since})
        return self._pages(Action, PATH, "actions", query)

    def show(self, id: str) -> Action:  # noqa: A002
        """Return one action.

        https://api-docs.incident.io/tag/Actions-V3#operation/Actions%20V3_Show
        """
        return one(Action, self._http.get(f"{PATH}/{{id}}", id=id), "action")

    def create(
        self, *, incident_id: str, description: str, assignee_id: str | None = None
    ) -> Action:
        """Add an action to an incident, and return it.

        https://api-docs.incident.io/tag/Actions-V3#operation/Actions%20V3_Create
        """
        body = payload(
            incident_id=incident_id, description=description, assignee_id=assignee_id
        )
        return one(Action, self._http.post(PATH, body), "action", write=True)

    def update(self, current: Action, **changes: Unpack[ActionChanges]) -> Action:
        """Change what is given, and return the action; the rest is as in ``current``.

        Raises:
            Unexpected: a property of ``current`` could not be read.

        https://api-docs.incident.io/tag/Actions-V3#operation/Actions%20V3_Update
        """
        body = replacement(current, SENT_AS, changes)
        answer = self._http.put(f"{PATH}/{{id}}", body, id=current.id)
        return one(Action, answer, "action", write=True)

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete an action.

        https://api-docs.incident.io/tag/Actions-V3#operation/Actions%20V3_Delete
        """
        self._http.delete(f"{PATH}/{{id}}", id=id)

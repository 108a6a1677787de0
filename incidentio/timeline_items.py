"""Timelines of incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict, Unpack

from incidentio.actors import Actor
from incidentio.base.model import Model, When
from incidentio.base.resource import Resource, one, payload
from incidentio.transport.query import plain

PATH = "/v2/incident_timeline_items"


class TimelineItem(Model):
    """An event. ``activity_log_id`` is set if incident.io logged it itself."""

    id: str
    incident_id: str
    title: str
    description: str | None = None
    timestamp: When
    creator: Actor = Actor()
    activity_log_id: str | None = None
    created_at: When | None = None

    @property
    def recorded_at(self) -> datetime:
        """When it was added; that may be long after it happened."""
        return self.created_at or self.timestamp


class TimelineChanges(TypedDict, total=False):
    """The properties that an update may set."""

    title: str
    description: str
    """An empty one removes it."""
    timestamp: datetime
    """Not of an item that follows an activity."""


class TimelineItems(Resource):
    """Operations on the items of incidents' timelines."""

    def list(self, *, incident_id: str) -> Iterator[TimelineItem]:
        """Yield the items of an incident and of its streams, the oldest first.

        https://api-docs.incident.io/tag/Incident-Timeline-Items-V2#operation/Incident%20Timeline%20Items%20V2_List
        """
        query = plain(incident_id=incident_id)
        return self._pages(TimelineItem, PATH, "incident_timeline_items", query)

    def create(
        self,
        *,
        idempotency_key: str,
        incident_id: str,
        title: str,
        timestamp: datetime,
        description: str | None = None,
    ) -> TimelineItem:
        """Add an item to a timeline, and return it.

        The same key again returns the same item.

        https://api-docs.incident.io/tag/Incident-Timeline-Items-V2#operation/Incident%20Timeline%20Items%20V2_Create
        """
        body = payload(
            idempotency_key=idempotency_key,
            incident_id=incident_id,
            title=title,
            timestamp=timestamp,
            description=description,
        )
        answer = self._http.post(PATH, body, idempotent=True)
        return one(TimelineItem, answer, "incident_timeline_item", write=True)

    def update(
        self, current: TimelineItem, **changes: Unpack[TimelineChanges]
    ) -> TimelineItem:
        """Set properties of an item, and return the item.

        https://api-docs.incident.io/tag/Incident-Timeline-Items-V2#operation/Incident%20Timeline%20Items%20V2_Update
        """
        body = payload(**changes)
        answer = self._http.patch(f"{PATH}/{{id}}", body, id=current.id)
        return one(TimelineItem, answer, "incident_timeline_item", write=True)

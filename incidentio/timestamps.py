"""Timestamps of incidents."""

from __future__ import annotations

from incidentio.base.model import Model, When
from incidentio.base.resource import Resource, many, one


class Timestamp(Model):
    """A moment that incidents may have, such as “Fixed at”."""

    id: str
    name: str
    rank: int = 0


class TimestampInner(Model):
    value: When | None = None


class TimestampValue(Model):
    """The value of a timestamp in an incident."""

    incident_timestamp: Timestamp
    value: TimestampInner | None = None

    @property
    def at(self) -> When | None:
        return self.value.value if self.value else None


class Timestamps(Resource):
    """Operations on timestamps."""

    def list(self) -> tuple[Timestamp, ...]:
        """Return all timestamps.

        https://api-docs.incident.io/tag/Incident-Timestamps-V2#operation/Incident%20Timestamps%20V2_List
        """
        return many(
            Timestamp, self._http.get("/v2/incident_timestamps"), "incident_timestamps"
        )

    def show(self, id: str) -> Timestamp:  # noqa: A002
        """Return one timestamp.

        https://api-docs.incident.io/tag/Incident-Timestamps-V2#operation/Incident%20Timestamps%20V2_Show
        """
        return one(
            Timestamp,
            self._http.get("/v2/incident_timestamps/{id}", id=id),
            "incident_timestamp",
        )

from __future__ import annotations

from incidentio.models.base import Model, When


class Timestamp(Model):
    """A moment that every incident may have, such as “Fixed at”."""

    id: str
    name: str
    rank: int = 0


class TimestampInner(Model):
    value: When | None = None


class TimestampValue(Model):
    """An incident's own value of a timestamp."""

    incident_timestamp: Timestamp
    value: TimestampInner | None = None

    @property
    def at(self) -> When | None:
        return self.value.value if self.value else None

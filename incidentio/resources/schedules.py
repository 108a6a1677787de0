from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import Schedule
from incidentio.resources.base import Resource, one

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_SIZE = 25
"""On larger pages the API leaves out who is on call next."""


class Schedules(Resource):
    def list(self) -> Iterator[Schedule]:
        return self._pages(Schedule, "/v2/schedules", "schedules", [], PAGE_SIZE)

    def show(self, id: str) -> Schedule:  # noqa: A002
        return one(Schedule, self._http.get("/v2/schedules/{id}", id=id), "schedule")

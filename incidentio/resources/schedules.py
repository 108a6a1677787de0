from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import Entries, Schedule
from incidentio.resources.base import Resource, one, payload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from incidentio.transport.operation import Json

PATH = "/v2/schedules"
ONE = f"{PATH}/{{id}}"
PAGE_SIZE = 25
"""On larger pages the API leaves out who is on call next."""


class Schedules(Resource):
    def list(self) -> Iterator[Schedule]:
        return self._pages(Schedule, PATH, "schedules", [], PAGE_SIZE)

    def show(self, id: str) -> Schedule:  # noqa: A002
        return one(Schedule, self._http.get(ONE, id=id), "schedule")

    def create(self, schedule: Json) -> Schedule:
        """There is no key that makes this happen once: look before repeating it."""
        answer = self._http.post(PATH, {"schedule": schedule})
        return one(Schedule, answer, "schedule", write=True)

    def update(self, id: str, schedule: Json) -> Schedule:  # noqa: A002
        """Replace the schedule whole: see ``incidentio.merging.schedules``."""
        answer = self._http.put(ONE, {"schedule": schedule}, id=id)
        return one(Schedule, answer, "schedule", write=True)

    def preview(
        self,
        id: str,  # noqa: A002
        schedule: Json,
        start: datetime,
        end: datetime,
    ) -> Entries:
        """Return the shifts there would be if the schedule were replaced so."""
        window = payload(entry_window_start=start, entry_window_end=end)
        body = {**window, "schedule": schedule}
        answer = self._http.post_query(f"{ONE}/actions/preview_entries", body, id=id)
        return one(Entries, answer, "schedule_entries")

    def delete(self, id: str) -> None:  # noqa: A002
        self._http.delete(ONE, id=id)

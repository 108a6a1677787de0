from __future__ import annotations

from typing import TYPE_CHECKING

from incidentio.models import Entries as Shifts
from incidentio.models import ScheduleEntry
from incidentio.resources.base import Resource, one
from incidentio.transport.query import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Entries(Resource):
    def show(self, schedule_id: str, start: datetime, end: datetime) -> Shifts:
        """Return every shift that overlaps the window, however many pages it takes."""
        query = plain(
            schedule_id=schedule_id, entry_window_start=start, entry_window_end=end
        )
        pages = [
            one(Shifts, body, "schedule_entries")
            for body in self._http.pages(
                "/v2/schedule_entries", query, cursor="entry_window_start"
            )
        ]
        return Shifts(
            final=_distinct(entry for page in pages for entry in page.final),
            overrides=_distinct(entry for page in pages for entry in page.overrides),
            scheduled=_distinct(entry for page in pages for entry in page.scheduled),
        )


def _distinct(entries: Iterable[ScheduleEntry]) -> tuple[ScheduleEntry, ...]:
    """Drop what comes again because it lies across the edge of a page."""
    return tuple({_identity(entry): entry for entry in entries}.values())


def _identity(entry: ScheduleEntry) -> tuple[object, ...]:
    person = entry.user.id if entry.user else None
    place = (entry.rotation_id, entry.layer_id)
    return (entry.start_at, entry.end_at, person, *place, entry.entry_id)

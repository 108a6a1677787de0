"""Schedules: rotations, and the shifts that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from incidentio.base.model import Model, Replaceable, When
from incidentio.base.resource import Resource, one, payload
from incidentio.transport.operation import Json
from incidentio.transport.query import plain
from incidentio.users import User


class ScheduleEntry(Model):
    """One shift: a person is on call for a time."""

    start_at: When
    end_at: When
    user: User | None = None
    """None: nobody is on call."""
    rotation_id: str | None = None
    layer_id: str | None = None
    entry_id: str | None = None
    fingerprint: str | None = None


class Entries(Model):
    """The shifts of a schedule in a period."""

    final: tuple[ScheduleEntry, ...] = ()
    """The shifts of the rotations, with the overrides merged in."""
    overrides: tuple[ScheduleEntry, ...] = ()
    """The overrides alone."""
    scheduled: tuple[ScheduleEntry, ...] = ()
    """The shifts of the rotations alone."""


class Layer(Model):
    """A layer of a rotation: one person at a time is on call in it."""

    id: str | None = None
    name: str | None = None


class Handover(Model):
    """The handover interval of a rotation."""

    interval: int
    interval_type: str
    """hourly, daily, weekly, or newer."""


class WorkingInterval(Model):
    """Hours of a weekday in which people of a rotation are on call."""

    weekday: str
    start_time: str
    end_time: str


class Rotation(Model):
    """One version of a rotation; coming versions have the same id."""

    id: str
    name: str
    users: tuple[User, ...] = ()
    layers: tuple[Layer, ...] = ()
    handovers: tuple[Handover, ...] = ()
    handover_start_at: When | None = None
    effective_from: When | None = None
    working_intervals: tuple[WorkingInterval, ...] = ()
    scheduling_mode: str | None = None


class ScheduleConfig(Model):
    """The rotations of a schedule."""

    rotations: tuple[Rotation, ...] = ()


class Holidays(Model):
    """The countries whose public holidays a schedule shows."""

    country_codes: tuple[str, ...] = ()


class Schedule(Replaceable):
    """A schedule: its rotations, and the present and next shifts."""

    id: str
    name: str
    timezone: str = "UTC"
    config: ScheduleConfig = ScheduleConfig()
    current_shifts: tuple[ScheduleEntry, ...] = ()
    next_shifts: tuple[ScheduleEntry, ...] = ()
    permalink: str | None = None
    team_ids: tuple[str, ...] = ()
    annotations: Mapping[str, str] = {}
    holidays_public_config: Holidays | None = None
    created_at: When | None = None
    updated_at: When | None = None

    @property
    def rotations(self) -> tuple[Rotation, ...]:
        return self.config.rotations


PATH = "/v2/schedules"
ONE = f"{PATH}/{{id}}"
PAGE_SIZE = 25
"""On larger pages the API leaves out the next shifts."""


class Schedules(Resource):
    """Operations on schedules and their shifts."""

    def list(self) -> Iterator[Schedule]:
        """Yield all schedules, each with its present and next shifts.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_List
        """
        return self._pages(Schedule, PATH, "schedules", [], PAGE_SIZE)

    def show(self, id: str) -> Schedule:  # noqa: A002
        """Return one schedule.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_Show
        """
        return one(Schedule, self._http.get(ONE, id=id), "schedule")

    def create(self, schedule: Json) -> Schedule:
        """Create a schedule, and return it.

        The API takes no idempotency key: look for the schedule before trying again.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_Create
        """
        answer = self._http.post(PATH, {"schedule": schedule})
        return one(Schedule, answer, "schedule", write=True)

    def update(self, id: str, schedule: Json) -> Schedule:  # noqa: A002
        """Replace a schedule, and return it. What the body lacks is deleted.

        ``incidentio.merging.schedules`` makes such a body.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_Update
        """
        answer = self._http.put(ONE, {"schedule": schedule}, id=id)
        return one(Schedule, answer, "schedule", write=True)

    def preview(
        self,
        id: str,  # noqa: A002
        schedule: Json,
        start: datetime,
        end: datetime,
    ) -> Entries:
        """Return the shifts that there would be if ``schedule`` replaced the schedule.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_PreviewScheduleEntries
        """
        window = payload(entry_window_start=start, entry_window_end=end)
        body = {**window, "schedule": schedule}
        answer = self._http.post_query(f"{ONE}/actions/preview_entries", body, id=id)
        return one(Entries, answer, "schedule_entries")

    def delete(self, id: str) -> None:  # noqa: A002
        """Delete a schedule.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_Destroy
        """
        self._http.delete(ONE, id=id)

    def list_entries(
        self,
        id: str,  # noqa: A002
        start: datetime,
        end: datetime,
    ) -> Entries:
        """Return all shifts that overlap the period, from all pages.

        https://api-docs.incident.io/tag/Schedules-V2#operation/Schedules%20V2_ListScheduleEntries
        """
        query = plain(schedule_id=id, entry_window_start=start, entry_window_end=end)
        pages = [
            one(Entries, body, "schedule_entries")
            for body in self._http.pages(
                "/v2/schedule_entries", query, cursor="entry_window_start"
            )
        ]
        return Entries(
            final=_distinct(entry for page in pages for entry in page.final),
            overrides=_distinct(entry for page in pages for entry in page.overrides),
            scheduled=_distinct(entry for page in pages for entry in page.scheduled),
        )


def _distinct(entries: Iterable[ScheduleEntry]) -> tuple[ScheduleEntry, ...]:
    """Drop repeated shifts: one across the edge of two pages is on both."""
    return tuple({_identity(entry): entry for entry in entries}.values())


def _identity(entry: ScheduleEntry) -> tuple[object, ...]:
    person = entry.user.id if entry.user else None
    layer = (entry.rotation_id, entry.layer_id)
    return (entry.start_at, entry.end_at, person, *layer, entry.entry_id)

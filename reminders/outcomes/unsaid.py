"""The data source of outcomes not told yet, and of who may read them now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incidentio.errors import IncidentioError, NotFound
from reminders.sources.snapshot import DataSource
from storage.announcements import SCHEDULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio import Incident, Incidentio, Schedule
    from reminders.sources.snapshot import Reader, Reading
    from storage.announcements import Announcements
    from storage.entry import Entry
    from storage.slot import Slot


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a message about the outcome of a write is composed from."""

    entry: Entry | None
    """The entry in the audit log. None: it was pruned, or asked for again since."""
    incident: Incident | None = None
    """The incident of the entry, as it is now. None: it has none, or that is gone."""
    people: frozenset[str] = frozenset()
    """The incident.io ids of the people in a private incident; else empty."""
    schedule: Schedule | None = None
    failure: str | None = None
    """Why the incident or the schedule could not be read."""

    def is_open_to(self, channel: str) -> bool:
        """Return whether the message may be sent to a channel or a person."""
        if self.entry is None or self.entry.incident_id is None:
            return True
        if self.incident is None:
            return False
        if not self.incident.is_private or channel == self.incident.slack_channel_id:
            return True
        return channel == self.entry.actor and self.entry.account in self.people


UNSAID: DataSource[Mapping[str, Unsaid]] = DataSource("unsaid", {})
"""The outcomes that are not told yet, by the ids of their slots."""


def unsaid(stored: Announcements, api: Incidentio) -> Reader[Mapping[str, Unsaid]]:
    def read(_: Reading) -> Mapping[str, Unsaid]:
        return {slot.id: _read(api, slot, entry) for slot, entry in stored.waiting()}

    return read


def _read(api: Incidentio, slot: Slot, entry: Entry | None) -> Unsaid:
    if entry is None:
        return Unsaid(None)
    schedule = (slot.params or {}).get(SCHEDULE)
    try:
        incident = api.incidents.show(entry.incident_id) if entry.incident_id else None
        return Unsaid(
            entry,
            incident,
            _people(api, incident),
            api.schedules.show(schedule) if schedule else None,
        )
    except NotFound:
        return Unsaid(entry)
    except IncidentioError as error:
        return Unsaid(entry, failure=f"incident.io: {error}")


def _people(api: Incidentio, incident: Incident | None) -> frozenset[str]:
    if incident is None or not incident.is_private:
        return frozenset()
    found = api.participants.show(incident.id)
    assigned = (a.assignee for a in incident.incident_role_assignments)
    taking_part = (p.user for p in (*found.active, *found.passive))
    return frozenset(user.id for user in (*assigned, *taking_part) if user)

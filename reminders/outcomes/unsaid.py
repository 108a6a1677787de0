"""The data source of what has not been said yet, and of who may read it now."""

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
    """A message that is still to be sent, and what it is composed from."""

    entry: Entry | None
    """None: it was pruned, or asked for again since."""
    incident: Incident | None = None
    """The incident that it is about, as it is now. None: about none, or a lost one."""
    people: frozenset[str] = frozenset()
    """The ids of those who are in the incident, where that is private."""
    schedule: Schedule | None = None
    failure: str | None = None
    """Why that could not be read."""

    def is_open_to(self, channel: str) -> bool:
        """Return whether it may be told there: who asked is told what they may read."""
        if self.entry is None or self.entry.incident_id is None:
            return True
        if self.incident is None:
            return False
        if not self.incident.is_private or channel == self.incident.slack_channel_id:
            return True
        return channel == self.entry.actor and self.entry.account in self.people


UNSAID: DataSource[Mapping[str, Unsaid]] = DataSource("unsaid", {})
"""What is to be said of writes, by the ids of slots."""


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

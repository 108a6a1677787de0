"""The data source of incidents in progress, with the last update of each.

Each reading reads the list once. It reads the updates of an incident only if the
incident changed since, or if somebody is about to be asked about it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from incidentio.errors import IncidentioError
from remembered.values import Remembered
from reminders.live.asking import worse
from reminders.sources.audience import people_of
from reminders.sources.snapshot import LONG_AGO, DataSource, Owner

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incidentio import Incident, Incidentio, IncidentUpdate, Severity
    from reminders.sources.audience import Audience
    from reminders.sources.snapshot import Reading

log = logging.getLogger(__name__)

WATCHED = ("triage", "live")
MODE = "standard"
"""No tests, no tutorials, and no incidents that were declared after their end."""

MOST = 30
"""Incidents whose updates one reading reads; the others wait for the next reading."""

CONFIGURED = timedelta(hours=1)
"""How long severities are remembered: they seldom change."""


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """The last update of an incident."""

    id: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Live:
    """An incident in progress."""

    id: str
    reference: str
    name: str
    url: str | None
    category: str
    is_private: bool
    channel: str | None
    severity_id: str | None
    severity: str | None
    worse: int | None
    """The number of severities that are worse."""
    lead: Owner | None
    has_summary: bool
    created_at: datetime
    changed_at: datetime
    last: LastUpdate | None = None
    read: bool = True
    """Whether its last update is known; there may be none."""
    people: frozenset[str] = frozenset()
    """The Slack ids of those who have a role in it."""

    @property
    def since(self) -> datetime:
        """Return when it was last updated, or else declared."""
        return self.last.at if self.last else self.created_at

    @property
    def active_at(self) -> datetime:
        """Return when anything about it was last changed."""
        return max(self.changed_at, self.since)

    @property
    def lead_id(self) -> str | None:
        """Return the Slack id of the lead."""
        return self.lead.slack_id if self.lead else None

    def concerns(self, conversations: Iterable[str]) -> bool:
        """Return whether its channel or its lead is among these conversations."""
        return any(place in (self.channel, self.lead_id) for place in conversations)


def _seen(live: Mapping[str, Live], audience: Audience) -> Mapping[str, Live]:
    return {id_: one for id_, one in live.items() if audience.may_read(one)}


LIVE: DataSource[Mapping[str, Live]] = DataSource("live", {}, _seen)
"""Incidents in progress, by id."""


def watched(incident: Incident) -> bool:
    """Return whether questions may be asked about an incident."""
    category = incident.incident_status.category
    return category in WATCHED and incident.mode == MODE


def of(
    incident: Incident,
    severities: Iterable[Severity],
    last: LastUpdate | None = None,
    *,
    read: bool = True,
) -> Live:
    severity = incident.severity
    created = incident.created_at or LONG_AGO
    return Live(
        id=incident.id,
        reference=incident.reference,
        name=incident.name,
        url=incident.permalink,
        category=incident.incident_status.category,
        is_private=incident.is_private,
        channel=incident.slack_channel_id,
        severity_id=severity.id if severity else None,
        severity=severity.name if severity else None,
        worse=worse(severity.id, severities) if severity else None,
        lead=Owner.of(incident.lead),
        has_summary=bool(incident.summary and incident.summary.strip()),
        created_at=created,
        changed_at=incident.updated_at or created,
        last=last,
        read=read,
        people=people_of(incident),
    )


def latest(updates: Iterable[IncidentUpdate]) -> LastUpdate | None:
    """Return the last of these updates, in whatever order they come."""
    told = [
        LastUpdate(u.id, u.created_at, u.updater.name) for u in updates if u.created_at
    ]
    return max(told, key=lambda update: update.at, default=None)


class LiveIncidents:
    """The reader of ``LIVE``; remembers the last update of each."""

    def __init__(self, api: Incidentio, now: Callable[[], datetime]) -> None:
        self._api = api
        self._severities: Remembered[None, Sequence[Severity]] = Remembered(
            lambda _: tuple(api.severities.list()),
            lifetime=CONFIGURED,
            now=now,
            failures=IncidentioError,
        )
        self._known: dict[str, tuple[datetime | None, LastUpdate | None]] = {}

    def __call__(self, reading: Reading) -> Mapping[str, Live]:
        listed = self._api.incidents.list(status_category=WATCHED, mode=MODE)
        incidents = [incident for incident in listed if watched(incident)]
        severities = self._configured(incidents)
        live = {i.id: of(i, severities) for i in incidents}
        self._known = {id_: self._known[id_] for id_ in live if id_ in self._known}
        wanted = [i for i in incidents if self._wanted(i, live[i.id], reading)]
        wanted.sort(key=lambda i: -(i.severity.rank if i.severity else -1))
        for incident in wanted[:MOST]:
            self._read_updates(incident)
        return {i.id: self._whole(i, severities) for i in incidents}

    def _configured(self, incidents: Iterable[Incident]) -> Sequence[Severity]:
        """Return the severities; read them again when there is a new one."""
        used = {i.severity.id for i in incidents if i.severity}
        if not used:
            return ()
        known = self._severities.get(None)
        if used <= {severity.id for severity in known}:
            return known
        self._severities.expire(None)
        return self._severities.get(None)

    def _wanted(self, incident: Incident, live: Live, reading: Reading) -> bool:
        """Return whether its updates must be read.

        An incident about which somebody is to be told is read in any case, for the
        list may not show a change at once.
        """
        if reading.conversations:
            return live.concerns(reading.conversations)
        known = self._known.get(incident.id)
        return known is None or known[0] != incident.updated_at

    def _read_updates(self, incident: Incident) -> None:
        try:
            last = latest(self._api.updates.list(incident_id=incident.id))
        except IncidentioError as error:
            log.warning("the updates of an incident could not be read: %s", error)
            self._known.pop(incident.id, None)
        else:
            self._known[incident.id] = incident.updated_at, last

    def _whole(self, incident: Incident, severities: Sequence[Severity]) -> Live:
        known = self._known.get(incident.id)
        last = known[1] if known else None
        return of(incident, severities, last, read=known is not None)

"""The data source of what is open at a handover: incidents and escalations.

Each is only told where it can be read, and nothing waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from incidentio.errors import IncidentioError
from incidentio.escalations import OPEN
from remembered.values import Remembered
from reminders.sources.snapshot import DataSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidentio import Escalation, Incident, Incidentio
    from reminders.sources.snapshot import Reading

log = logging.getLogger(__name__)

T = TypeVar("T")

LIVE = ("triage", "live", "paused")
STANDARD = "standard"
FRESH = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Watch:
    """The live incidents and open escalations. None: they could not be read."""

    incidents: tuple[Incident, ...] | None = None
    escalations: tuple[Escalation, ...] | None = None

    def seen_from(self, channel: str | None) -> Watch:
        """Leave out what is private, but for the incident whose channel this is."""
        incidents, escalations = self.incidents or (), self.escalations or ()
        own = {i.id for i in incidents if channel and i.slack_channel_id == channel}
        shown = tuple(i for i in incidents if not i.is_private or i.id in own)
        pages = tuple(
            e
            for e in escalations
            if all(not r.is_private or r.id in own for r in e.related_incidents)
        )
        return Watch(
            None if self.incidents is None else shown,
            None if self.escalations is None else pages,
        )


WATCH: DataSource[Watch] = DataSource("watch", Watch())


class WatchReader:
    """The reader of ``WATCH``."""

    def __init__(self, api: Incidentio, now: Callable[[], datetime]) -> None:
        self._api = api
        self._watch: Remembered[None, Watch] = Remembered(
            self._read, lifetime=FRESH, now=now, failures=()
        )

    def __call__(self, _: Reading) -> Watch:
        return self._watch.get(None)

    def _read(self, _: None) -> Watch:
        incidents = self._api.incidents.list(status_category=LIVE, mode=STANDARD)
        escalations = self._api.escalations.list(status=sorted(OPEN))
        return Watch(_known(incidents), _known(escalations))


def _known(found: Iterable[T]) -> tuple[T, ...] | None:
    try:
        return tuple(found)
    except IncidentioError as error:
        log.warning("what is open could not be read: %s", error)
        return None

"""The data source of what is open at a handover: incidents and escalations.

If one of the two cannot be read, the message leaves it out.
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
from reminders.sources.snapshot import DataSource, IncidentSummary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from incidentio import Escalation, Incident, Incidentio
    from reminders.sources.audience import Audience
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


def _seen(watch: Watch, audience: Audience) -> Watch:
    """Return only what the audience may read.

    Escalations of private incidents are left out with the incidents.
    """
    incidents, pages = watch.incidents, watch.escalations
    read = {i.id for i in incidents or () if audience.may_read(IncidentSummary.of(i))}
    return Watch(
        incidents and tuple(i for i in incidents if i.id in read),
        pages and tuple(e for e in pages if _may_read(e, read)),
    )


def _may_read(page: Escalation, read: Collection[str]) -> bool:
    return all(not i.is_private or i.id in read for i in page.related_incidents)


WATCH: DataSource[Watch] = DataSource("watch", Watch(), _seen)


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
        return Watch(_all(incidents), _all(escalations))


def _all(found: Iterable[T]) -> tuple[T, ...] | None:
    """Return everything that is read. None: reading failed."""
    try:
        return tuple(found)
    except IncidentioError as error:
        log.warning("what is open could not be read: %s", error)
        return None

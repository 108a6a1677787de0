"""The due dates that policies give to follow-ups, remembered between readings.

Nobody fails for want of them: without, targets are reckoned.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from incidentio.errors import Forbidden, IncidentioError, NotFound
from remembered.values import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from incidentio import Incidentio

log = logging.getLogger(__name__)

POLL_INTERVAL = timedelta(minutes=10)
AFTER_FAILURE = timedelta(minutes=2)
AFTER_REFUSAL = timedelta(hours=1)
"""A role that the key lacks may be given to it."""


NOTHING: Mapping[str, datetime] = MappingProxyType({})


class Findings:
    """Reads at most every ``POLL_INTERVAL``, however many ask; threads may share it."""

    def __init__(self, api: Incidentio, now: Callable[[], datetime]) -> None:
        self._api = api
        self._due: Remembered[None, Mapping[str, datetime]] = Remembered(
            self._read,
            lifetime=POLL_INTERVAL,
            now=now,
            failures=IncidentioError,
            pause=_pause,
        )
        self._why = ""

    def due(self) -> Mapping[str, datetime]:
        """Return due dates by the id of the follow-up.

        It is the same mapping while nothing changes.
        """
        try:
            return self._due.get(None)
        except IncidentioError:
            return NOTHING

    def _read(self, _: None) -> Mapping[str, datetime]:
        try:
            due = self._whole()
        except IncidentioError as error:
            self._lament(str(error))
            raise
        self._why = ""
        before = self._due.peek(None, timedelta.max)
        return before if before == due else due

    def _whole(self) -> dict[str, datetime]:
        """Return the earliest due date of each follow-up that a policy waits for."""
        due: dict[str, datetime] = {}
        for found in self._api.policy_findings.list():
            if found.is_open and found.follow_up and found.due_at:
                id_ = found.follow_up.follow_up_id
                due[id_] = min(due.get(id_, found.due_at), found.due_at)
        return due

    def _lament(self, why: str) -> None:
        """Say it once, until it is read again or fails otherwise."""
        if why != self._why:
            log.warning("due dates of policies are not read: %s", why)
        self._why = why


def _pause(error: Exception) -> timedelta:
    refused = isinstance(error, (Forbidden, NotFound))
    return AFTER_REFUSAL if refused else AFTER_FAILURE

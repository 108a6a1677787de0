"""The due dates that policies give to follow-ups, remembered between readings.

Nobody fails for want of them: without, targets are reckoned.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from incidentio.errors import Forbidden, IncidentioError, NotFound
from reminders.sources.snapshot import LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio import Incidentio

log = logging.getLogger(__name__)

POLL_INTERVAL = timedelta(minutes=10)
AFTER_FAILURE = timedelta(minutes=2)
AFTER_REFUSAL = timedelta(hours=1)
"""A role that the key lacks may be given to it."""


class Findings:
    """Reads at most every ``POLL_INTERVAL``, however many ask; threads may share it."""

    def __init__(self, api: Incidentio) -> None:
        self._api = api
        self._reading = Lock()
        self._next_at = LONG_AGO
        self._due: Mapping[str, datetime] = {}
        self._why = ""

    def due(self, now: datetime) -> Mapping[str, datetime]:
        """By the id of the follow-up; the same mapping while nothing changes.

        Who comes while it is read gets what was.
        """
        if now >= self._next_at and self._reading.acquire(blocking=False):
            try:
                self._read(now)
            finally:
                self._reading.release()
        return self._due

    def _read(self, now: datetime) -> None:
        try:
            due = self._whole()
        except IncidentioError as error:
            refused = isinstance(error, (Forbidden, NotFound))
            self._next_at = now + (AFTER_REFUSAL if refused else AFTER_FAILURE)
            self._lament(str(error))
        else:
            self._next_at, self._why = now + POLL_INTERVAL, ""
            if due != self._due:
                self._due = due

    def _whole(self) -> dict[str, datetime]:
        """The earliest due date of each follow-up that a policy waits for."""
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

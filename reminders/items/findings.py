"""Reads the due dates that policies give to follow-ups, and remembers them.

Nothing fails where they cannot be read: targets are then calculated.
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
"""The API key may lack a role, which somebody can give to it."""


NOTHING: Mapping[str, datetime] = MappingProxyType({})


class Findings:
    """Reads at most once in ``POLL_INTERVAL``; threads may share it."""

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
        """Return due dates by the id of the follow-up; none if they cannot be read.

        It returns the same object as long as nothing changes.
        """
        try:
            return self._due.get(None)
        except IncidentioError:
            return NOTHING

    def _read(self, _: None) -> Mapping[str, datetime]:
        try:
            due = self._earliest()
        except IncidentioError as error:
            self._warn(str(error))
            raise
        self._why = ""
        before = self._due.peek(None, timedelta.max)
        return before if before == due else due

    def _earliest(self) -> dict[str, datetime]:
        """Return the earliest due date of each follow-up with an open finding."""
        due: dict[str, datetime] = {}
        for found in self._api.policy_findings.list():
            if found.is_open and found.follow_up and found.due_at:
                id_ = found.follow_up.follow_up_id
                due[id_] = min(due.get(id_, found.due_at), found.due_at)
        return due

    def _warn(self, why: str) -> None:
        """Log a reason once: again only after a success or for another reason."""
        if why != self._why:
            log.warning("due dates of policies are not read: %s", why)
        self._why = why


def _pause(error: Exception) -> timedelta:
    refused = isinstance(error, (Forbidden, NotFound))
    return AFTER_REFUSAL if refused else AFTER_FAILURE

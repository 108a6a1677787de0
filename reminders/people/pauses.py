"""Reads who has paused notifications in incident.io, and until when."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from incidentio.errors import IncidentioError
from remembered.values import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incidentio import Incidentio

log = logging.getLogger(__name__)

REMEMBERED = timedelta(minutes=5)
PAUSE = timedelta(minutes=10)
"""How long to wait after a failure: the API key may lack the role."""
NAMED = timedelta(days=1)
"""How long people's Slack ids are remembered."""


class Pauses:
    """Remembers pauses for some minutes; a process needs only one."""

    def __init__(self, api: Incidentio, now: Callable[[], datetime]) -> None:
        self._api = api
        self._now = now
        self._until: Remembered[None, Mapping[str, datetime]] = Remembered(
            self._read,
            lifetime=REMEMBERED,
            now=now,
            failures=IncidentioError,
            stale_for=timedelta(0),
            pause=lambda _: PAUSE,
        )
        self._slack_ids: Remembered[None, Mapping[str, str | None]] = Remembered(
            self._read_slack_ids, lifetime=NAMED, now=now, failures=()
        )
        self._complained = False

    def until(self) -> Mapping[str, datetime]:
        """Return the end of each pause, by incident.io id and also by Slack id.

        It never raises: where pauses cannot be read, there are none.
        """
        try:
            ends = self._until.get(None)
        except IncidentioError:
            return {}
        return {id_: end for id_, end in ends.items() if end > self._now()}

    def _read(self, _: None) -> Mapping[str, datetime]:
        try:
            ends = self._ends()
            slack_ids = self._slack_ids_of(ends)
        except IncidentioError as error:
            level = logging.DEBUG if self._complained else logging.WARNING
            log.log(level, "who paused their notifications is not known: %s", error)
            self._complained = True
            raise
        self._complained = False
        on_slack = {slack_ids.get(id_): end for id_, end in ends.items()}
        return {**ends, **{id_: end for id_, end in on_slack.items() if id_}}

    def _ends(self) -> Mapping[str, datetime]:
        ends: dict[str, datetime] = {}
        for pause in self._api.notification_pauses.list():
            if pause.starts_at <= self._now():
                last = ends.get(pause.user_id, pause.ends_at)
                ends[pause.user_id] = max(last, pause.ends_at)
        return ends

    def _slack_ids_of(self, ids: Mapping[str, datetime]) -> Mapping[str, str | None]:
        """Return Slack ids by id; all users are read at once, for many have paused."""
        if not ids:
            return {}
        known = self._slack_ids.get(None)
        if ids.keys() <= known.keys():
            return known
        self._slack_ids.expire(None)
        found = {**dict.fromkeys(ids), **self._slack_ids.get(None)}
        self._slack_ids.put(None, found)
        return found

    def _read_slack_ids(self, _: None) -> Mapping[str, str | None]:
        return {user.id: user.slack_user_id for user in self._api.users.list()}

"""Who paused their notifications in incident.io, and until when."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from incidentio.errors import IncidentioError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio import Incidentio

log = logging.getLogger(__name__)

REMEMBERED = timedelta(minutes=5)
PAUSE = timedelta(minutes=10)
"""After incident.io refused: the key may lack the role."""
NAMED = timedelta(days=1)


class Pauses:
    """One for a process; used by one thread."""

    def __init__(self, api: Incidentio) -> None:
        self._api = api
        self._until: Mapping[str, datetime] = {}
        self._next_at: datetime | None = None
        self._slack_ids: dict[str, str | None] = {}
        self._named_at: datetime | None = None
        self._complained = False

    def until(self, now: datetime) -> Mapping[str, datetime]:
        """Give the end of the pause by id; by Slack id too, of who is on Slack.

        Never raises: nobody is taken to have paused where it cannot be read.
        """
        if self._next_at is None or now >= self._next_at:
            self._read(now)
        return {id_: end for id_, end in self._until.items() if end > now}

    def _read(self, now: datetime) -> None:
        try:
            self._until = self._found(now)
        except IncidentioError as error:
            self._until, self._next_at = {}, now + PAUSE
            level = logging.DEBUG if self._complained else logging.WARNING
            log.log(level, "who paused their notifications is not known: %s", error)
            self._complained = True
        else:
            self._next_at, self._complained = now + REMEMBERED, False

    def _found(self, now: datetime) -> Mapping[str, datetime]:
        ends: dict[str, datetime] = {}
        for pause in self._api.notification_pauses.list():
            if pause.starts_at <= now:
                last = ends.get(pause.user_id, pause.ends_at)
                ends[pause.user_id] = max(last, pause.ends_at)
        self._name(ends, now)
        on_slack = {self._slack_ids.get(id_): end for id_, end in ends.items()}
        return {**ends, **{id_: end for id_, end in on_slack.items() if id_}}

    def _name(self, ids: Mapping[str, datetime], now: datetime) -> None:
        """Find their Slack ids: everybody's at once, for paused people are many."""
        fresh = self._named_at is not None and now - self._named_at < NAMED
        if fresh and ids.keys() <= self._slack_ids.keys():
            return
        if ids:
            users = self._api.users.list()
            found = {user.id: user.slack_user_id for user in users}
            self._slack_ids = {**dict.fromkeys(ids), **found}
            self._named_at = now

"""The data source of who is on call for each schedule, overrides included.

It is read every ten minutes, or sooner after the bot changed a schedule or an override.
If one schedule cannot be read, the others still are, and what was last read of it is
used for an hour.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from incidentio.errors import Forbidden, IncidentioError
from incidentio.on_call import rota
from incidentio.on_call.rota import Rota
from reminders.sources.snapshot import LONG_AGO, DataSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from incidentio import Entries, Incidentio, Schedule, ScheduleEntry, User
    from reminders.people.accounts import Accounts
    from reminders.sources.snapshot import Reading

log = logging.getLogger(__name__)

BACK = timedelta(days=4)
"""How far back entries are read: enough to see who was on call before a weekend."""
AHEAD = timedelta(days=15)
"""How far ahead entries are read: two weeks, and some time until the next reading."""

RENEWED = timedelta(minutes=10)
"""How often rotas are read."""
AT_LEAST = timedelta(minutes=1)
"""The least time between two readings, however much is changed."""
SERVES = timedelta(hours=1)
"""How long an earlier reading is used where reading fails."""

PEOPLE = timedelta(hours=1)
"""How often the people are read again whose Slack account the entries leave out."""

PARALLEL_READS = 6
"""Schedules whose entries are read at the same time."""


@dataclass(frozen=True, slots=True)
class Rotas:
    by_id: Mapping[str, Rota] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    """The ids of schedules that could not be read."""

    def __iter__(self) -> Iterator[Rota]:
        return iter(self.by_id.values())


POLL_INTERVAL = timedelta(minutes=5)
"""How often kinds look for shifts and handovers that are due."""
EARLY = 2 * POLL_INTERVAL
"""How long before it is due a notice is entered."""
AGAIN = timedelta(minutes=1)
"""How long to wait before a notice that could not be composed is tried again."""
UNREAD = "incident.io did not say who is on call"

ROTA: DataSource[Rotas] = DataSource("rota", Rotas())


class RotaReader:
    """The reader of ``ROTA``; remembers what it read."""

    def __init__(self, api: Incidentio, accounts: Accounts | None = None) -> None:
        self._api = api
        self._accounts = accounts
        self._rotas = Rotas()
        self._tried_at = self._people_at = LONG_AGO
        self._changes = -1
        self._read_at: dict[str, datetime] = {}
        self._people: Mapping[str, User] = {}

    def __call__(self, reading: Reading) -> Rotas:
        age, changes = reading.at - self._tried_at, self._api.schedule_changes
        if age >= RENEWED or (changes != self._changes and age >= AT_LEAST):
            self._tried_at, self._changes = reading.at, changes
            self._renew(reading.at)
        return self._rotas

    def _renew(self, now: datetime) -> None:
        try:
            schedules = list(self._api.schedules.list())
        except Forbidden:
            log.info("who is on call is told nobody: the API key may not read it")
            self._rotas = Rotas()
        except IncidentioError:
            self._changes = -1
            if now - max(self._read_at.values(), default=LONG_AGO) >= SERVES:
                raise
        else:
            self._rotas = self._read(schedules, now)

    def _read(self, schedules: Sequence[Schedule], now: datetime) -> Rotas:
        with ThreadPoolExecutor(PARALLEL_READS, "rota") as pool:
            read = list(pool.map(lambda s: self._entries(s, now), schedules))
        self._update_people([found for found in read if found], now)
        pairs = zip(schedules, read, strict=True)
        rotas = {s.id: self._rota(s, found, now) for s, found in pairs if found}
        failed = {s.id for s in schedules} - rotas.keys()
        self._read_at |= dict.fromkeys(rotas, now)
        for id_ in failed & self._rotas.by_id.keys():
            if now - self._read_at[id_] < SERVES:
                rotas[id_] = self._rotas.by_id[id_]
        return Rotas(rotas, frozenset(failed - rotas.keys()))

    def _entries(self, schedule: Schedule, now: datetime) -> Entries | None:
        try:
            return self._api.schedules.list_entries(
                schedule.id, now - BACK, now + AHEAD
            )
        except IncidentioError as error:
            log.warning("the shifts of %s could not be read: %s", schedule.id, error)
            return None

    def _rota(self, schedule: Schedule, found: Entries, now: datetime) -> Rota:
        whole = found.model_copy(
            update={
                "final": self._completed(found.final),
                "overrides": self._completed(found.overrides),
                "scheduled": self._completed(found.scheduled),
            }
        )
        return rota.of(schedule, whole, now - BACK, now, now + AHEAD)

    def _completed(self, entries: Iterable[ScheduleEntry]) -> tuple[ScheduleEntry, ...]:
        return tuple(
            entry.model_copy(update={"user": self._complete(entry.user)})
            for entry in entries
        )

    def _complete(self, user: User | None) -> User | None:
        """Return the user with a Slack account: entries may leave it out."""
        known = self._people.get(user.id, user) if user else None
        if known is None or known.slack_user_id or self._accounts is None:
            return known
        slack_id = self._accounts.slack_id(known)
        return known.model_copy(update={"slack_user_id": slack_id})

    def _update_people(self, found: Iterable[Entries], now: datetime) -> None:
        """Keep the users of the entries; read all users where Slack accounts lack."""
        people = {
            entry.user.id: entry.user
            for one in found
            for entry in (*one.final, *one.overrides, *one.scheduled)
            if entry.user
        }
        lacking = {id_ for id_, user in people.items() if not user.slack_user_id}
        if lacking - self._people.keys() or now - self._people_at >= PEOPLE:
            self._people_at = now
            self._people = self._everybody() if lacking else {}
        self._people = {**people, **self._people}

    def _everybody(self) -> Mapping[str, User]:
        try:
            return {user.id: user for user in self._api.users.list()}
        except IncidentioError as error:
            log.warning("who is on call could not be read whole: %s", error)
            return self._people

"""The members of incidents, remembered for a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

from incidentio.client import Incidentio, utc_now
from incidentio.errors import IncidentioError
from incidentio.incidents import Incident
from remembered.values import Remembered

T = TypeVar("T")

REMEMBERED = timedelta(minutes=1)
"""How long members are remembered. Where no webhook tells that somebody's access was
withdrawn, they keep it for as long.
"""

PARALLEL_READS = 8
"""Incidents whose people are read at the same time."""
PATIENCE = 2.0
"""Seconds that a list of incidents waits for their members."""

UserIds = frozenset[str]


class Memberships:
    """Knows who takes part in which incident."""

    def __init__(
        self,
        api: Incidentio,
        *,
        now: Callable[[], datetime] = utc_now,
        on_told: Callable[[str, str, bool], None] = lambda *_: None,
    ) -> None:
        """``on_told`` is given what ``note`` takes, when this process was told it."""
        self._api = api
        self._on_told = on_told
        self._people = Remembered(
            self._ask,
            lifetime=REMEMBERED,
            now=now,
            failures=IncidentioError,
            stale_for=timedelta(0),
        )
        self._withdrawn: set[tuple[str, str]] = set()
        self._under_way: set[str] = set()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(PARALLEL_READS, "memberships")

    def includes(self, incident: Incident, user_id: str) -> bool:
        """Return whether a user takes part in an incident, or has a role in it.

        Raises:
            IncidentioError: the members cannot be read.
        """
        return user_id in self._named(incident) or user_id in self._people.get(
            incident.id
        )

    def among(self, incidents: Iterable[Incident], user_id: str) -> set[str]:
        """Return the ids of those that include a user, as far as known in time."""
        found, asking = set(), {}
        for incident in incidents:
            people = self._people.peek(incident.id)
            if user_id in self._named(incident) | (people or UserIds()):
                found.add(incident.id)
            elif people is None:
                asking[incident.id] = self._submit(self._people.get, incident.id)
        wait(asking.values(), PATIENCE)
        return found | {id_ for id_, f in asking.items() if user_id in _result(f)}

    def remembered(self, incidents: Iterable[Incident], user_id: str) -> set[str]:
        """Return the ids of those known to include a user; look others up meanwhile."""
        found = set()
        for incident in incidents:
            people = self._people.peek(incident.id) or UserIds()
            if user_id in self._named(incident) | people:
                found.add(incident.id)
            self._refresh(incident.id)
        return found

    def granted(self, incident_id: str, user_id: str) -> None:
        """Note that somebody was given access to an incident."""
        self.note(incident_id, user_id, False)
        self._on_told(incident_id, user_id, False)

    def revoked(self, incident_id: str, user_id: str) -> None:
        """Note that somebody's access was withdrawn, even if they keep a role."""
        self.note(incident_id, user_id, True)
        self._on_told(incident_id, user_id, True)

    def note(self, incident_id: str, user_id: str, withdrawn: bool, /) -> None:
        """Note what another process was told of somebody's access."""
        change = self._withdrawn.add if withdrawn else self._withdrawn.discard
        change((incident_id, user_id))
        self._people.forget(incident_id)

    def outdate_all(self) -> None:
        """Look up all members again: any may have lost their access."""
        self._people.clear()

    def is_withdrawn(self, incident_id: str, user_id: str) -> bool:
        """Return whether access was withdrawn, and not given again since."""
        return (incident_id, user_id) in self._withdrawn

    def close(self) -> None:
        """Stop looking up members."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _refresh(self, incident_id: str) -> None:
        """Look up the members of an incident in the background, once at a time.

        They are looked up again when they are half as old as they may become.
        """
        with self._lock:
            if (
                self._people.peek(incident_id, REMEMBERED / 2) is not None
                or incident_id in self._under_way
            ):
                return
            self._under_way.add(incident_id)
        self._submit(self._look_up, incident_id)

    def _submit(self, work: Callable[[str], T], incident_id: str) -> Future[T]:
        """Work in another thread, which waits no longer for a limit than this one."""
        return self._pool.submit(copy_context().run, work, incident_id)

    def _look_up(self, incident_id: str) -> None:
        try:
            self._people.expire(incident_id)
            self._people.get(incident_id)
        except IncidentioError:
            return
        finally:
            with self._lock:
                self._under_way.discard(incident_id)

    def _ask(self, incident_id: str) -> UserIds:
        found = self._api.participants.show(incident_id)
        return UserIds(p.user.id for p in (*found.active, *found.passive))

    def _named(self, incident: Incident) -> UserIds:
        """Return those with a role, but not those whose access was withdrawn."""
        assigned = incident.incident_role_assignments
        named = (a.assignee.id for a in assigned if a.assignee)
        return UserIds(n for n in named if (incident.id, n) not in self._withdrawn)


def _result(future: Future[UserIds]) -> UserIds:
    """Return the members found; none while they are looked up, or if that failed."""
    if future.cancel() or not future.done():
        return UserIds()
    try:
        return future.result()
    except IncidentioError:
        return UserIds()

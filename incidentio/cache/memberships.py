"""Who belongs to an incident: asked of the API, remembered for a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from threading import Lock

from incidentio.client import Incidentio
from incidentio.errors import IncidentioError
from incidentio.incidents import Incident

REMEMBERED = timedelta(minutes=1)
SUGGESTED = timedelta(minutes=5)
"""For suggestions, which cannot wait, it may be this old while it is asked again."""

MOST = 5000
AT_ONCE = 8
PATIENCE = 2.0
"""Seconds that a list may take to find out what is whose."""

People = frozenset[str]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Memberships:
    """Lists would otherwise ask for every private incident each time."""

    def __init__(
        self, api: Incidentio, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._api = api
        self._now = now
        self._known: dict[str, tuple[datetime, People]] = {}
        self._flights: dict[str, Future[People]] = {}
        self._behind: set[str] = set()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, "memberships")

    def includes(self, incident: Incident, user_id: str) -> bool:
        """Whether this user takes part or has a role in it; raise if nobody can say."""
        return user_id in _named(incident) or user_id in self._people(incident.id)

    def among(self, incidents: Iterable[Incident], user_id: str) -> set[str]:
        """The ids of those that include this user, as far as it is soon known."""
        found, asking = set(), {}
        for incident in incidents:
            people = self._fresh(incident.id)
            if user_id in _named(incident) | (people or People()):
                found.add(incident.id)
            elif people is None:
                asking[incident.id] = self._pool.submit(self._people, incident.id)
        wait(asking.values(), PATIENCE)
        return found | {id_ for id_, f in asking.items() if user_id in _result(f)}

    def remembered(self, incidents: Iterable[Incident], user_id: str) -> set[str]:
        """The ids of those known to include this user; what is not is asked behind."""
        found = set()
        for incident in incidents:
            people = self._fresh(incident.id, SUGGESTED) or People()
            if user_id in _named(incident) | people:
                found.add(incident.id)
            self._refresh(incident.id)
        return found

    def close(self) -> None:
        """Ask nothing more behind."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _fresh(self, incident_id: str, age: timedelta = REMEMBERED) -> People | None:
        at, people = self._known.get(incident_id, (None, None))
        return people if at is not None and self._now() - at < age else None

    def _refresh(self, incident_id: str) -> None:
        """Ask behind, once at a time."""
        with self._lock:
            if self._fresh(incident_id) is not None or incident_id in self._behind:
                return
            self._behind.add(incident_id)
        self._pool.submit(self._ask_behind, incident_id)

    def _ask_behind(self, incident_id: str) -> None:
        try:
            self._people(incident_id)
        except IncidentioError:
            return
        finally:
            with self._lock:
                self._behind.discard(incident_id)

    def _people(self, incident_id: str) -> People:
        with self._lock:
            known = self._fresh(incident_id)
            if known is not None:
                return known
            flight = self._flights.get(incident_id)
            mine = flight is None
            if flight is None:
                flight = self._flights[incident_id] = Future()
        if mine:
            self._fly(incident_id, flight)
        return flight.result()

    def _fly(self, incident_id: str, flight: Future[People]) -> None:
        began = self._now()
        try:
            found = self._api.participants.show(incident_id)
        except BaseException as error:
            self._land(incident_id)
            flight.set_exception(error)
            if not isinstance(error, IncidentioError):
                raise
        else:
            ids = People(p.user.id for p in (*found.active, *found.passive))
            self._land(incident_id, (began, ids))
            flight.set_result(ids)

    def _land(
        self, incident_id: str, known: tuple[datetime, People] | None = None
    ) -> None:
        with self._lock:
            del self._flights[incident_id]
            if known is not None:
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[incident_id] = known


def _named(incident: Incident) -> People:
    """Those with a role. Who declared it may have been taken out of it since."""
    assigned = incident.incident_role_assignments
    return People(a.assignee.id for a in assigned if a.assignee)


def _result(future: Future[People]) -> People:
    """What was found out; nobody while it is not."""
    if future.cancel() or not future.done():
        return People()
    try:
        return future.result()
    except IncidentioError:
        return People()

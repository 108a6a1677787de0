"""The stand-in of incident.io: its state, its API, and controls for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.company import PEOPLE, Employee
from sandbox.incidentio.http.access import Key
from sandbox.incidentio.http.context import Announced, Created, Parts
from sandbox.incidentio.http.middleware import Drop, Fault, Middleware
from sandbox.incidentio.http.rate_limit import RateLimits
from sandbox.incidentio.http.webhooks import Webhooks
from sandbox.incidentio.incidents import view
from sandbox.incidentio.seed import seed as seed_store
from sandbox.incidentio.seed.follow_ups import more_follow_ups
from sandbox.incidentio.service import Service
from sandbox.incidentio.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _now() -> datetime:
    return datetime.now(UTC)


class IncidentioSandbox:
    """A stand-in whose API is ``wsgi``; ``seed=False`` leaves out the incidents."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = _now,
        api_key: str = "sandbox",
        seed: bool = True,
        follow_ups: int = 0,
        people: Sequence[Employee] = PEOPLE,
    ) -> None:
        self.store = Store(now)
        self.key = Key(api_key, self.store)
        self.limit = RateLimits(now)
        self._seeded, self._follow_ups, self._people = seed, follow_ups, people
        self.webhooks = Webhooks(now)
        self._parts = Parts(self.store, self.key, self.webhooks)
        self.requests = self._parts.requests
        self.wsgi = Service(self.limit, self._parts)
        self.wsgi.wsgi_app = Middleware(  # type: ignore[method-assign]
            self.wsgi.wsgi_app,
            self._parts.faults,
            self.requests.append,
            self.wsgi.fault_response,
        )
        self._first_state: tuple[datetime | None, dict[str, bytes]] = (None, {})
        self._restore_first_state()

    def incident(self, id_or_number: str | int) -> dict[str, Any]:
        """Return an incident as the API shows it. Raises: KeyError."""
        row = self.store.incident(str(id_or_number))
        if row is None:
            raise KeyError(id_or_number)
        return view.incident(self.store, row)

    def make_private(self, id_or_number: str | int) -> None:
        """Make an incident private, as somebody does on incident.io's own page."""
        row = self.store.incident(str(id_or_number))
        if row is None:
            raise KeyError(id_or_number)
        row.visibility, row.updated_at = "private", self.store.now()
        self.webhooks.send("private_incident.incident_updated_v2", {"id": row.id})

    def add_follow_ups(self, number: int) -> None:
        """Add many outstanding follow-ups, spread over the incidents, for load."""
        for item in more_follow_ups(self.store, number):
            self.store.follow_ups.add(item.id, item)

    def on_incident_created(self, callback: Created) -> None:
        """Call back with each new incident that has a channel, before the answer."""
        self._parts.listeners.created.append(callback)

    def on_announcement(self, callback: Announced) -> None:
        """Call back with an incident and a text for its channel."""
        self._parts.listeners.announced.append(callback)

    def fail(
        self,
        method: str,
        path_glob: str,
        *,
        status: int | None = None,
        delay: float | None = None,
        drop: Drop = False,
        body: Any = None,
        headers: dict[str, str] | None = None,
        times: int | None = None,
    ) -> None:
        """Make matching requests fail; see ``Fault`` for how."""
        self._parts.faults.add(
            Fault(
                method,
                path_glob,
                status=status,
                delay=delay,
                drop=drop,
                body=body,
                headers=headers or {},
                times=times,
            )
        )

    def clear_faults(self) -> None:
        self._parts.faults.clear()

    def reset(self) -> None:
        """Restore the first state; forget faults, limits and recorded requests."""
        self.clear_faults()
        self.requests.clear()
        self.webhooks.stop()
        self.limit.reset()
        self.key.reset()
        with self.wsgi.work:
            self._restore_first_state()

    def _restore_first_state(self) -> None:
        """Seed the store once, and copy the result while the clock stands still."""
        moment, first_state = self._first_state
        if self.store.now() == moment:
            self.store.restore(first_state)
            return
        self.store.clear()
        seed_store(self.store, self._people, history=self._seeded)
        if self._follow_ups:
            self.add_follow_ups(self._follow_ups)
        self._first_state = self.store.now(), self.store.saved()

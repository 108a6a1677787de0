"""The stand-in as tests and the composition hold it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.http.access import Key
from sandbox.incidentio.http.context import Announced, Created, Parts
from sandbox.incidentio.http.middleware import Drop, Fault, Middleware
from sandbox.incidentio.http.rate_limit import RateLimits
from sandbox.incidentio.incidents import view
from sandbox.incidentio.seed import seed as plant
from sandbox.incidentio.seed.follow_ups import more_follow_ups
from sandbox.incidentio.service import Service
from sandbox.incidentio.state.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable


def _now() -> datetime:
    return datetime.now(UTC)


class IncidentioSandbox:
    """``wsgi`` is the API; ``seed=False`` leaves out what happened so far."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = _now,
        api_key: str = "sandbox",
        seed: bool = True,
        follow_ups: int = 0,
    ) -> None:
        self.store = Store(now)
        self.key = Key(api_key, self.store)
        self.limit = RateLimits(now)
        self._seeded, self._follow_ups = seed, follow_ups
        self._parts = Parts(self.store, self.key)
        self.requests = self._parts.requests
        self.wsgi = Service(self.limit, self._parts)
        self.wsgi.wsgi_app = Middleware(  # type: ignore[method-assign]
            self.wsgi.wsgi_app,
            self._parts.faults,
            self.requests.append,
            self.wsgi.explain,
        )
        self._first_day: tuple[datetime | None, bytes] = (None, b"")
        self._plant()

    def incident(self, id_or_number: str | int) -> dict[str, Any]:
        """An incident as the API shows it."""
        row = self.store.incident(str(id_or_number))
        if row is None:
            raise KeyError(id_or_number)
        return view.incident(self.store, row)

    def add_follow_ups(self, number: int) -> None:
        """Add many outstanding follow-ups, spread over the incidents, for load."""
        for item in more_follow_ups(self.store, number):
            self.store.follow_ups.add(item.id, item)

    def on_incident_created(self, callback: Created) -> None:
        """Called with each new incident that wants a channel, before the answer."""
        self._parts.listeners.created.append(callback)

    def on_announcement(self, callback: Announced) -> None:
        """Called with an incident and what its channel is to be told."""
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
        """Make matching requests go wrong; ``Fault`` says how."""
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
        """Back to the first day: state, faults, limits and the record."""
        self.clear_faults()
        self.requests.clear()
        self.limit.reset()
        self.key.reset()
        with self.wsgi.work:
            self._plant()

    def _plant(self) -> None:
        """Grow the first day once, and only copy it for as long as it is that day."""
        moment, first_day = self._first_day
        if self.store.now() == moment:
            self.store.restore(first_day)
            return
        self.store.clear()
        plant(self.store, history=self._seeded)
        if self._follow_ups:
            self.add_follow_ups(self._follow_ups)
        self._first_day = self.store.now(), self.store.saved()

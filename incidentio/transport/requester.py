"""Sends operations in time and within limits, and again where that is safe."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import copy
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Protocol, Self

from incidentio.errors import (
    IncidentioError,
    NotFound,
    RateLimited,
    Unexpected,
    Unreachable,
    Withheld,
)
from incidentio.transport import responses
from incidentio.transport.operation import Operation
from incidentio.transport.patience import patience
from incidentio.transport.retries import retry_delay
from incidentio.transport.write_tracker import record_write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from http_base.client import HttpAnswer
    from incidentio.transport.circuit_breaker import CircuitBreaker
    from incidentio.transport.http_transport import HttpTransport
    from incidentio.transport.operation import Json
    from incidentio.transport.quota import Quota
    from incidentio.transport.rate_limiter import RateLimiter


RESERVED_FOR_THE_CALL = 0.1
"""The part of the deadline that the rate limiter must leave for the request."""

MOST_PAGES = 1_000
"""The most pages of one list: a service that gives more goes round in circles."""


class OnRequest(Protocol):
    """Is called after every request; the path is a template, without ids."""

    def __call__(
        self,
        method: str,
        path: str,
        status: int | None,
        seconds: float,
        error: IncidentioError | None,
        /,
    ) -> None: ...


OnChange = Callable[[str], None]
"""Is given the template of a path under which something was changed."""


class ChangeCounter:
    """Counts changes by the templates of their paths; threads may share it."""

    def __init__(self) -> None:
        self._by_path: dict[str, int] = {}
        self._lock = Lock()

    def add(self, path: str) -> None:
        with self._lock:
            self._by_path[path] = self._by_path.get(path, 0) + 1

    def under(self, prefix: str) -> int:
        """Return the number of changes whose path begins with ``prefix``."""
        with self._lock:
            return sum(
                n for path, n in self._by_path.items() if path.startswith(prefix)
            )


class Requester:
    """Sends operations through rate limits, circuit breaker and retries."""

    def __init__(
        self,
        transport: HttpTransport,
        circuit_breaker: CircuitBreaker,
        rate_limiter: RateLimiter,
        *,
        deadline: float,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        on_request: OnRequest | None = None,
        on_change: OnChange = lambda _: None,
    ) -> None:
        self._transport = transport
        self._circuit_breaker = circuit_breaker
        self._rate_limiter = rate_limiter
        self._deadline = deadline
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._on_request = on_request
        self._on_change = on_change
        self._background = False
        self._changes = ChangeCounter()

    def change_count(self, prefix: str = "") -> int:
        """Return the number of changes whose path begins with ``prefix``.

        Changes in the background, and those that this process was told of, count too.
        """
        return self._changes.under(prefix)

    def changed_elsewhere(self, path: str) -> None:
        """Count a change by somebody else, of which this process was told."""
        self._changes.add(path)

    def limited_elsewhere(self, operation: str, quota: Quota) -> None:
        """Keep to a limit that another process was told of: ``RateLimiter.hear``."""
        self._rate_limiter.hear(operation, quota)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def background(self) -> Self:
        """Return a copy of this requester for work that lets people go first."""
        other = copy(self)
        other._background = True
        return other

    def get(self, path: str, query: Sequence[tuple[str, str]] = (), **ids: str) -> Json:
        """Return the JSON of a GET; ``ids`` fill in the template ``path``."""
        return self.send(Operation("GET", path, ids, query))

    def post(
        self, path: str, body: Json, *, idempotent: bool = False, **ids: str
    ) -> Json:
        """Make a change, and return the JSON of the answer.

        ``idempotent``: to make it twice is to make it once.
        """
        return self.send(Operation("POST", path, ids, (), body, idempotent))

    def post_query(self, path: str, body: Json, **ids: str) -> Json:
        """Return the JSON of a POST that only asks: nothing is changed."""
        return self.send(Operation("POST", path, ids, (), body, asks=True))

    def put(self, path: str, body: Json, **ids: str) -> Json:
        """Replace a resource, and return the JSON of the answer."""
        return self.send(Operation("PUT", path, ids, (), body))

    def patch(self, path: str, body: Json, **ids: str) -> Json:
        """Set some properties of a resource, and return the JSON of the answer."""
        return self.send(Operation("PATCH", path, ids, (), body))

    def delete(self, path: str, **ids: str) -> None:
        """Delete a resource; one that an earlier attempt deleted counts as done."""
        self.send(Operation("DELETE", path, ids))

    def pages(
        self, path: str, query: Sequence[tuple[str, str]] = (), *, cursor: str = "after"
    ) -> Iterator[Json]:
        """Yield each page, asking for the next only when it is wanted.

        ``cursor`` is the query parameter that takes ``pagination_meta.after``.

        Raises:
            Unexpected: there are more than ``MOST_PAGES``.
        """
        seen = {""}
        while len(seen) <= MOST_PAGES:
            page = self.get(path, query)
            yield page
            after = next_cursor(page)
            if after in seen:
                return
            seen.add(after)
            query = [(k, v) for k, v in query if k != cursor] + [(cursor, after)]
        raise Unexpected(f"{path} has more than {MOST_PAGES} pages", status=200)

    def send(self, operation: Operation) -> Json:
        """Send the operation and return the JSON of its answer.

        It is sent again where that is safe and the deadline allows.

        Raises:
            IncidentioError: what the last attempt raised.
        """
        body = self._send(operation)
        if operation.write:
            self._changes.add(operation.path)
            self._on_change(operation.path)
            record_write()
        return body

    def _send(self, operation: Operation) -> Json:
        now = self._monotonic()
        until = now + self._deadline
        latest = now + patience(self._deadline * (1 - RESERVED_FOR_THE_CALL))
        perhaps_done = False
        for attempt in count(1):
            try:
                return self._attempt(operation, until, latest)
            except NotFound:
                if perhaps_done and operation.method == "DELETE":
                    break
                raise
            except IncidentioError as error:
                perhaps_done = perhaps_done or error.outcome_unknown
                delay = retry_delay(operation, error, attempt, random.random())  # noqa: S311
                end = latest if isinstance(error, RateLimited) else until
                if delay is None or self._monotonic() + delay >= end:
                    _keep_unknown(error, perhaps_done)
                    raise
            self._sleep(delay)
        return {}

    def _attempt(self, operation: Operation, until: float, latest: float) -> Json:
        limiter, background = self._rate_limiter, self._background
        with (
            self._circuit_breaker.guard(),
            limiter.reserve(operation, latest, background=background) as reserved,
        ):
            answer = self._exchange(operation, until)
            limiter.learn(reserved, answer.headers)
            return responses.read(operation, answer, self._now())

    def _exchange(self, operation: Operation, until: float) -> HttpAnswer:
        started = self._monotonic()
        try:
            with self._circuit_breaker.in_flight(until):
                answer = self._transport.exchange(operation, until)
        except Withheld:
            raise
        except IncidentioError as error:
            self._report(operation, None, started, error)
            raise
        self._report(operation, answer.status, started, None)
        return answer

    def _report(
        self,
        operation: Operation,
        status: int | None,
        started: float,
        error: IncidentioError | None,
    ) -> None:
        if self._on_request is not None:
            seconds = self._monotonic() - started
            self._on_request(operation.method, operation.path, status, seconds, error)


def next_cursor(page: Json) -> str:
    """Return the cursor of the page after this one; empty where there is none."""
    meta = page.get("pagination_meta")
    after = meta.get("after") if isinstance(meta, dict) else None
    return after if isinstance(after, str) else ""


def _keep_unknown(error: IncidentioError, perhaps_done: bool) -> None:
    """Keep the outcome unknown: the failure of a later attempt does not tell it."""
    if perhaps_done and isinstance(error, (Unreachable, RateLimited)):
        error.outcome_unknown = True

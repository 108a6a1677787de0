"""Sends operations: in turn, in time, again where that is safe, raising what failed."""

from __future__ import annotations

import random
from copy import copy
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from incidentio import answers, retries, written
from incidentio.errors import IncidentioError, NotFound, RateLimited, Unreachable
from incidentio.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from incidentio.answers import Answer
    from incidentio.breaker import Breaker
    from incidentio.gate import Gate
    from incidentio.operation import Json
    from incidentio.wire import Wire


LEFT_FOR_THE_CALL = 0.1
"""Of the deadline: a turn that comes later than that is refused."""


class OnRequest(Protocol):
    """Hears of every request made: the path is a template, never with ids."""

    def __call__(
        self,
        method: str,
        path: str,
        status: int | None,
        seconds: float,
        error: IncidentioError | None,
        /,
    ) -> None: ...


class Changes:
    def __init__(self) -> None:
        self.made = 0
        self._of: dict[str, int] = {}
        self._lock = Lock()

    def count(self, path: str) -> None:
        with self._lock:
            self.made += 1
            self._of[path] = self._of.get(path, 0) + 1

    def under(self, prefix: str) -> int:
        """How many were made of what has such a path."""
        with self._lock:
            return sum(n for path, n in self._of.items() if path.startswith(prefix))


class Transport:
    def __init__(
        self,
        wire: Wire,
        breaker: Breaker,
        gate: Gate,
        escalation_gate: Gate,
        *,
        deadline: float,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        on_request: OnRequest | None = None,
    ) -> None:
        self._wire = wire
        self._breaker = breaker
        self._gate = gate
        self._escalation_gate = escalation_gate
        self._deadline = deadline
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._on_request = on_request
        self._background = False
        self._changes = Changes()

    @property
    def changes(self) -> int:
        """How many changes were made, in the background or not."""
        return self._changes.made

    def changes_of(self, prefix: str) -> int:
        return self._changes.under(prefix)

    def changed_elsewhere(self, path: str) -> None:
        """Count a change that somebody else made, as a webhook says."""
        self._changes.count(path)

    def close(self) -> None:
        self._wire.close()

    def background(self) -> Transport:
        """Return the same transport for work that lets people go first."""
        other = copy(self)
        other._background = True
        return other

    def get(self, path: str, query: Sequence[tuple[str, str]] = (), **ids: str) -> Json:
        return self.send(Operation("GET", path, ids, query))

    def post(
        self, path: str, body: Json, *, idempotent: bool = False, **ids: str
    ) -> Json:
        return self.send(Operation("POST", path, ids, (), body, idempotent))

    def ask(self, path: str, body: Json, **ids: str) -> Json:
        """Ask what takes a body; nothing is changed."""
        return self.send(Operation("POST", path, ids, (), body, asks=True))

    def put(self, path: str, body: Json, **ids: str) -> Json:
        return self.send(Operation("PUT", path, ids, (), body))

    def delete(self, path: str, **ids: str) -> None:
        self.send(Operation("DELETE", path, ids))

    def pages(
        self, path: str, query: Sequence[tuple[str, str]] = (), *, cursor: str = "after"
    ) -> Iterator[Json]:
        """Yield each page, asking for the next only when it is wanted.

        ``cursor`` is the query parameter that takes ``pagination_meta.after``.
        """
        seen = {""}
        while True:
            page = self.get(path, query)
            yield page
            after = after_of(page)
            if after in seen:
                return
            seen.add(after)
            query = [(k, v) for k, v in query if k != cursor] + [(cursor, after)]

    def send(self, operation: Operation) -> Json:
        """Make the call; repeat it where that is safe and the deadline allows."""
        answer = self._send(operation)
        if operation.write:
            self._changes.count(operation.path)
            written.note()
        return answer

    def _send(self, operation: Operation) -> Json:
        until = self._monotonic() + self._deadline
        maybe_done = False
        for attempt in count(1):
            try:
                return self._attempt(operation, until)
            except NotFound:
                if maybe_done and operation.method == "DELETE":
                    break
                raise
            except IncidentioError as error:
                maybe_done = maybe_done or error.outcome_unknown
                wait = retries.pause(operation, error, attempt, random.random())  # noqa: S311
                if wait is None or self._monotonic() + wait >= until:
                    _remember(error, maybe_done)
                    raise
            self._sleep(wait)
        return {}

    def _attempt(self, operation: Operation, until: float) -> Json:
        latest = until - self._deadline * LEFT_FOR_THE_CALL
        with self._breaker.watch():
            for gate in self._gates(operation):
                gate.take(latest, background=self._background)
            answer = self._exchange(operation, until)
            return answers.read(operation, answer, self._now())

    def _gates(self, operation: Operation) -> Iterator[Gate]:
        if (operation.method, operation.path) == ("POST", "/v2/escalations"):
            yield self._escalation_gate
        yield self._gate

    def _exchange(self, operation: Operation, until: float) -> Answer:
        started = self._monotonic()
        try:
            with self._breaker.waiting(until):
                answer = self._wire.exchange(operation, until)
        except IncidentioError as error:
            self._heard(operation, None, started, error)
            raise
        self._heard(operation, answer.status, started, None)
        return answer

    def _heard(
        self,
        operation: Operation,
        status: int | None,
        started: float,
        error: IncidentioError | None,
    ) -> None:
        if self._on_request is not None:
            seconds = self._monotonic() - started
            self._on_request(operation.method, operation.path, status, seconds, error)


def after_of(page: Json) -> str:
    meta = page.get("pagination_meta")
    after = meta.get("after") if isinstance(meta, dict) else None
    return after if isinstance(after, str) else ""


def _remember(error: IncidentioError, maybe_done: bool) -> None:
    """What one attempt left open, no later failure to ask again has settled."""
    if maybe_done and isinstance(error, (Unreachable, RateLimited)):
        error.outcome_unknown = True

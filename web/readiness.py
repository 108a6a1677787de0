"""Checks the bot's dependencies: in parallel, and not too often."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import partial
from threading import Lock

Check = Callable[[], object]
"""A check returns if the dependency answers, and raises otherwise."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """The result of a check; ``error`` names the kind of failure and no more."""

    ok: bool
    ms: int | None = None
    error: str | None = None

    def as_json(self) -> dict[str, object]:
        return {name: v for name, v in asdict(self).items() if v is not None}


class Readiness:
    """Runs the checks, and keeps their results for ``kept`` seconds.

    So load balancers may ask as often as they like. A check that hangs counts as failed
    after ``timeout`` seconds, and is not begun again before it has returned.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        *,
        timeout: float = 2.0,
        kept: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checks = dict(checks)
        self._timeout = timeout
        self._kept = kept
        self._clock = clock
        self._pool = ThreadPoolExecutor(
            max(len(self._checks), 1), thread_name_prefix="ready"
        )
        self._under_way: dict[str, Future[float]] = {}
        self._found: dict[str, State] = {}
        self._until = -1.0
        self._lock = Lock()

    def states(self) -> dict[str, State]:
        """Return the state of every dependency, at most ``kept`` seconds old."""
        with self._lock:
            if self._clock() >= self._until:
                self._ask()
                self._until = self._clock() + self._kept
            return dict(self._found)

    def _ask(self) -> None:
        for name, check in self._checks.items():
            begun = self._under_way.get(name)
            if begun is None or begun.done():
                self._under_way[name] = self._pool.submit(partial(_timed, check))
        wait(self._under_way.values(), self._timeout)
        for name, future in self._under_way.items():
            state = self._state(future)
            self._log_change(name, state, future)
            self._found[name] = state

    def _state(self, future: Future[float]) -> State:
        if not future.done():
            return State(ok=False, ms=round(self._timeout * 1000), error="no answer")
        if error := future.exception():
            return State(ok=False, error=type(error).__name__)
        return State(ok=True, ms=round(future.result() * 1000))

    def _log_change(self, name: str, state: State, future: Future[float]) -> None:
        before = self._found.get(name)
        if state.ok and (before is None or before.ok):
            return
        if state.ok:
            log.info("ready again: %s", name)
        elif before is None or before.ok:
            why = future.exception() if future.done() else state.error
            log.warning("not ready: %s: %s", name, why)


def _timed(check: Check) -> float:
    began = time.perf_counter()
    check()
    return time.perf_counter() - began

"""The clock: it calls a function at a fixed interval, and decides nothing."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=1)


class Clock:
    """Calls ``tick`` again and again, never twice at once, until stopped.

    It waits for a length of time, not until a time of day: so it goes on when the
    machine's clock is changed.
    """

    def __init__(self, tick: Callable[[], None], every: timedelta = EVERY) -> None:
        self._tick = tick
        self._every = every.total_seconds()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="clock", daemon=True)

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop ticking; return after a running tick has ended."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._tick()
            except Exception:
                log.exception("a tick failed; the next one comes")
            self._stopping.wait(self._every)


def start(tick: Callable[[], None], every: timedelta = EVERY) -> Clock:
    """Return a clock that is running."""
    clock = Clock(tick, every)
    clock.start()
    return clock

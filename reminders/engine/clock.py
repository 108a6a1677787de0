"""The clock: it ticks, and decides nothing."""

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

    It waits for a length of time and for no hour, so that a machine's clock that is put
    forward or back does not hold it up.
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
        """Tick no more; return when a tick that is running has ended."""
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
    clock = Clock(tick, every)
    clock.start()
    return clock

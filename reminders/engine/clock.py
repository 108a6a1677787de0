"""The clock: it ticks, and decides nothing. APScheduler, in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = timedelta(seconds=1)


class Clock:
    """Calls ``tick`` again and again, never twice at once, until stopped."""

    def __init__(self, tick: Callable[[], None], every: timedelta = EVERY) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            tick,
            "interval",
            seconds=every.total_seconds(),
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    @property
    def running(self) -> bool:
        return bool(self._scheduler.running)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; return when a tick that is running has ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def start(tick: Callable[[], None], every: timedelta = EVERY) -> Clock:
    clock = Clock(tick, every)
    clock.start()
    return clock

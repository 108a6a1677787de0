"""Threads for what must not delay an acknowledgement, in two lanes of bounded length.

What opens a modal has three seconds; it goes in a lane of its own, so that lookups
waiting for a slow incident.io cannot hold it up.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition
from typing import Any, TypeVar

from handlers.problems import Busy

MOST_WAITING = 200

T = TypeVar("T")


class Lane:
    """A thread pool that refuses work instead of piling it up."""

    def __init__(self, name: str, threads: int, most: int = MOST_WAITING) -> None:
        self.name = name
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = most + threads
        self._changed = Condition()
        self._under_way = 0

    def count(self) -> int:
        """Count what is running or waiting."""
        return self._under_way

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Run ``work`` soon; raise ``Busy`` if too much is waiting already."""
        with self._changed:
            if self._under_way >= self._most:
                raise Busy
            self._under_way += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError as exc:  # shutting down
            self._done(None)
            raise Busy from exc
        future.add_done_callback(self._done)
        return future

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing is running or waiting; False if that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout)

    def close(self) -> None:
        """Finish what is under way; accept nothing new."""
        self._pool.shutdown(wait=True)

    def _done(self, _: Future[Any] | None) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

"""Thread pools for work that must not delay an acknowledgement.

A form must open within three seconds, and a write matters more than a lookup: each
kind of work has a pool of its own, so that slow lookups delay neither.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Condition
from typing import Any, TypeVar

from handlers.core.problems import Busy

log = logging.getLogger(__name__)

MOST_WAITING = 200
OPTION_THREADS = 8

T = TypeVar("T")


class BoundedExecutor:
    """A thread pool that refuses work instead of piling it up."""

    def __init__(
        self,
        name: str,
        threads: int,
        most: int = MOST_WAITING,
        *,
        expendable: bool = False,
    ) -> None:
        self.name = name
        self._expendable = expendable
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = most + threads
        self._changed = Condition()
        self._under_way = 0

    def count(self) -> int:
        """Return how many pieces of work run or wait."""
        return self._under_way

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Run ``work`` soon.

        Raises:
            Busy: too much is waiting already; nothing was started.
        """
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
        """Wait until nothing runs or waits; return False after ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout)

    def close(self) -> None:
        """Accept nothing new; finish what runs, and what waits unless expendable."""
        self._pool.shutdown(wait=True, cancel_futures=self._expendable)

    def _done(self, future: Future[Any] | None) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()
        if future is not None and not future.cancelled() and future.exception():
            log.error("work failed", exc_info=future.exception())


@dataclass(frozen=True, slots=True)
class Executors:
    """One pool for each kind of work, so that no kind can starve another."""

    forms: BoundedExecutor
    writes: BoundedExecutor
    lookups: BoundedExecutor
    options: BoundedExecutor
    notices: BoundedExecutor
    """Tells people that the others are full."""

    def __iter__(self) -> Iterator[BoundedExecutor]:
        all_ = (self.forms, self.writes, self.lookups, self.options, self.notices)
        return iter(all_)

    def wait_idle(self, timeout: float) -> bool:
        """Wait until all are idle; one may give work to another."""
        return all(executor.wait_idle(timeout) for _ in range(2) for executor in self)


def open_executors(work: int, forms: int, stack: ExitStack) -> Executors:
    """Open pools of ``work`` and ``forms`` threads; the stack closes them."""
    executors = Executors(
        forms=BoundedExecutor("forms", forms, expendable=True),
        writes=BoundedExecutor("writes", work // 2),
        lookups=BoundedExecutor("lookups", work // 2, expendable=True),
        options=BoundedExecutor(
            "options", OPTION_THREADS, OPTION_THREADS, expendable=True
        ),
        notices=BoundedExecutor("notices", 1),
    )
    for executor in executors:
        stack.callback(executor.close)
    return executors

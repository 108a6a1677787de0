"""Threads for what must not delay an acknowledgement, in lanes of bounded length.

What opens a form has three seconds, and a write matters more than a lookup: each goes
in a lane of its own, so that lookups waiting for a slow incident.io hold up neither.
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


class Lane:
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
        """Accept nothing new; finish what is under way, and what must not be lost."""
        self._pool.shutdown(wait=True, cancel_futures=self._expendable)

    def _done(self, future: Future[Any] | None) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()
        if future is not None and not future.cancelled() and future.exception():
            log.error("work failed", exc_info=future.exception())


@dataclass(frozen=True, slots=True)
class Lanes:
    """A lane for each kind of work, so that no kind can starve another."""

    forms: Lane
    writes: Lane
    lookups: Lane
    options: Lane
    notices: Lane
    """For saying that the others are full."""

    def __iter__(self) -> Iterator[Lane]:
        all_ = (self.forms, self.writes, self.lookups, self.options, self.notices)
        return iter(all_)

    def wait_idle(self, timeout: float) -> bool:
        """Wait until all is answered; one lane may give work to another."""
        return all(lane.wait_idle(timeout) for _ in range(2) for lane in self)


def open_lanes(work: int, forms: int, stack: ExitStack) -> Lanes:
    """Open as many threads as are asked for; the stack closes them."""
    lanes = Lanes(
        forms=Lane("forms", forms, expendable=True),
        writes=Lane("writes", work // 2),
        lookups=Lane("lookups", work // 2, expendable=True),
        options=Lane("options", OPTION_THREADS, OPTION_THREADS, expendable=True),
        notices=Lane("notices", 1),
    )
    for lane in lanes:
        stack.callback(lane.close)
    return lanes

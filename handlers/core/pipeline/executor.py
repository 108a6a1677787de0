"""Thread pools for work that must not delay an acknowledgement.

A form must open within three seconds, and a write matters more than a lookup: each
kind of work has a pool of its own, so that slow lookups delay neither.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from typing import Any, TypeVar

from handlers.core.problems import Busy
from http_base.precedence import PRECEDENCE
from telemetry.tracing import span

log = logging.getLogger(__name__)

MOST_WAITING = 200
OPTION_THREADS = 8

PATIENCE, OF_FORMS = 1.0, 0.3
"""Seconds for which work gives way to acknowledgements; a form must open in three."""

MOST_OF_ONE = 30
"""Pieces of one person's work that may wait in an executor."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """Work, and the future that it fulfils."""

    work: Callable[[], Any]
    future: Future[Any]
    person: str

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            with span("work"):
                self.future.set_result(self.work())
        except Exception as error:
            log.exception("work failed")
            self.future.set_exception(error)


@dataclass(slots=True)
class Share:
    """One person's part of an executor: how much runs, and what waits for it to end."""

    running: int = 0
    waiting: deque[Job] = field(default_factory=deque)


class BoundedExecutor:
    """A thread pool that refuses work instead of piling it up.

    One person gets half of the threads at most. More of their work waits until their
    own work ends, and with ``MOST_OF_ONE`` pieces waiting it is refused. Work of an
    ``expendable`` pool that is still waiting at ``close`` is dropped.

    It has threads of its own: Slack waits while work is handed over, for which
    ``ThreadPoolExecutor`` makes a second future and takes two locks more.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        most: int = MOST_WAITING,
        *,
        expendable: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        self.name = name
        self._expendable = expendable
        self._patience = patience
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._most_threads = threads
        self._most = most + threads
        self._at_once = max(threads // 2, 1)
        self._shares: dict[str, Share] = {}
        self._changed = Condition()
        self._under_way = 0
        self._handed_over = 0
        """Of it what is in the queue or runs."""
        self._closing = False

    def count(self) -> int:
        """Return how many pieces of work run or wait."""
        return self._under_way

    def submit(self, work: Callable[[], T], person: str = "") -> Future[T]:
        """Run ``work`` soon; ``person`` is the Slack id of the person it is for.

        Raises:
            Busy: too much is waiting already; nothing was started.
        """
        job = Job(work, Future(), person)
        with self._changed:
            share = self._shares.get(person, Share())
            full = person and len(share.waiting) >= MOST_OF_ONE
            if full or self._closing or self._under_way >= self._most:
                raise Busy
            self._under_way += 1
            if person:
                self._shares[person] = share
            if person and share.running >= self._at_once:
                share.waiting.append(job)
                return job.future
            share.running += 1
            self._hand_over(job)
        return job.future

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing runs or waits; return False after ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout)

    def close(self) -> None:
        """Accept nothing new; finish what runs, and what waits unless expendable."""
        with self._changed:
            self._closing = True
            if self._expendable:
                self._drop_waiting()
            for _ in self._threads:
                self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _drop_waiting(self) -> None:
        for share in self._shares.values():
            share.waiting.clear()
        with suppress(Empty):
            while job := self._queue.get_nowait():
                job.future.cancel()

    def _hand_over(self, job: Job) -> None:
        """Give a job to the threads, of which one more is started if all have work."""
        self._handed_over += 1
        self._queue.put(job)
        number = len(self._threads)
        if number < min(self._handed_over, self._most_threads):
            name = f"{self.name}_{number}"
            self._threads.append(Thread(target=self._work, name=name, daemon=True))
            self._threads[-1].start()

    def _work(self) -> None:
        """Run jobs, and after each those of the same person that wait for it."""
        job = self._queue.get()
        while job is not None:
            PRECEDENCE.begin(self._patience)
            job.run()
            with self._changed:
                following = self._next(job.person)
                self._handed_over -= following is None
                self._under_way -= 1
                if not self._under_way:
                    self._changed.notify_all()
            job = following or self._queue.get()

    def _next(self, person: str) -> Job | None:
        share = self._shares.get(person)
        if share is None:
            return None
        if share.waiting:
            return share.waiting.popleft()
        share.running -= 1
        if not share.running:
            del self._shares[person]
        return None


@dataclass(frozen=True, slots=True)
class Executors:
    """One pool for each kind of work, so that no kind can starve another."""

    forms: BoundedExecutor
    writes: BoundedExecutor
    lookups: BoundedExecutor
    options: BoundedExecutor
    """Finds what an acknowledgement waits for, for a moment: the options of a menu, or
    what became of a form that another process is at work on.
    """
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
        forms=BoundedExecutor("forms", forms, expendable=True, patience=OF_FORMS),
        writes=BoundedExecutor("writes", work // 2),
        lookups=BoundedExecutor("lookups", work // 2, expendable=True),
        options=BoundedExecutor(
            "options",
            OPTION_THREADS,
            OPTION_THREADS,
            expendable=True,
            patience=OF_FORMS,
        ),
        notices=BoundedExecutor("notices", 1),
    )
    for executor in executors:
        stack.callback(executor.close)
    return executors

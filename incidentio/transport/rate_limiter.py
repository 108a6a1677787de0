"""Sends requests no faster than the API allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from threading import Lock
from typing import TYPE_CHECKING

from incidentio.errors import LocallyRateLimited, RateLimited, locally_rate_limited
from incidentio.transport.bucket import MINUTE, Bucket
from incidentio.transport.quota import LONGEST_RESET, Quota, quota_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from incidentio.transport.bucket import Mark
    from incidentio.transport.operation import Operation

NEARLY_USED_UP = 0.1
"""The part of a limit below which other processes are told what is left."""

OnLimit = Callable[[str, Quota], None]
"""Is given what ``RateLimiter.hear`` takes."""

SEPARATE = {"POST /v2/escalations"}
"""Operations that have a limit of their own, before any answer says so."""


@dataclass(slots=True)
class Reservation:
    """Permission to send one request, counted in every bucket that may limit it."""

    key: str
    """The operation: its method and the template of its path."""
    marks: dict[Bucket, Mark]
    limited_by: Bucket
    """The bucket that the answer speaks of."""


class RateLimiter:
    """Keeps to the limits that answers name, and to a bound of our own.

    Operations share one bucket. Those whose answers name a lower limit have a bucket of
    their own as well, and take from both.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        per_minute: int | None = None,
        on_limit: OnLimit = lambda _, __: None,
    ) -> None:
        self._on_limit = on_limit
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = Lock()
        self._bound = Bucket() if per_minute is None else _steady(per_minute)
        self._shared = Bucket()
        self._own: dict[str, Bucket] = defaultdict(Bucket)
        self._queue: list[object] = []

    @contextmanager
    def reserve(
        self, operation: Operation, until: float, *, background: bool = False
    ) -> Iterator[Reservation]:
        """Wait until the operation may be sent; it is sent in this block.

        Work in the ``background`` lets people go first.

        Raises:
            LocallyRateLimited: the wait would end after ``until``.
        """
        reserved = self._wait(operation, until, background=background)
        try:
            yield reserved
        except LocallyRateLimited:
            raise
        except RateLimited as error:
            self._refused(reserved, error.retry_after)
            raise
        finally:
            with self._lock:
                for bucket in reserved.marks:
                    bucket.finish()

    def learn(self, reserved: Reservation, headers: Mapping[str, str]) -> None:
        """Learn the limit that the answer to a request names."""
        quota = quota_in(headers, self._now())
        if quota is None:
            return
        with self._lock:
            own = self._own[reserved.key]
            if reserved.key in SEPARATE or quota.limit < self._shared.limit < inf:
                reserved.limited_by = own
            else:
                reserved.limited_by = self._shared
                own.forget()
            mark = reserved.marks[reserved.limited_by]
            reserved.limited_by.tell(quota, mark, self._monotonic())
        if quota.remaining <= quota.limit * NEARLY_USED_UP:
            self._tell(reserved, quota)

    def hear(self, key: str, quota: Quota) -> None:
        """Keep to what is left of a limit, as another process was told.

        ``key`` is the operation that has this limit for itself; empty: all share it.
        """
        with self._lock:
            bucket = self._own[key] if key else self._shared
            bucket.hear(quota, self._monotonic())

    def _refused(self, reserved: Reservation, wait: timedelta | None) -> None:
        if wait is None:
            return
        seconds = min(wait.total_seconds(), LONGEST_RESET)
        with self._lock:
            reserved.limited_by.close(seconds, self._monotonic())
            limit = reserved.limited_by.limit
        if limit < inf:
            self._tell(reserved, Quota(int(limit), 0, seconds))

    def _tell(self, reserved: Reservation, quota: Quota) -> None:
        shared = reserved.limited_by is self._shared
        self._on_limit("" if shared else reserved.key, quota)

    def _wait(
        self, operation: Operation, until: float, *, background: bool
    ) -> Reservation:
        waiter = object()
        try:
            while True:
                taken = self._take(operation, until, waiter, background=background)
                if isinstance(taken, Reservation):
                    return taken
                self._sleep(taken)
        finally:
            with self._lock:
                if waiter in self._queue:
                    self._queue.remove(waiter)

    def _take(
        self, operation: Operation, until: float, waiter: object, *, background: bool
    ) -> Reservation | float:
        """Return a reservation, or the seconds after which to try again."""
        key = f"{operation.method} {operation.path}"
        with self._lock:
            now = self._monotonic()
            own = self._own[key]
            buckets = (self._bound, self._shared, own)
            ahead = self._ahead(waiter, background=background)
            wait = max(b.wait(now, ahead, background=background) for b in buckets)
            if wait > until - now:
                raise _used_up(wait)
            if wait:
                return wait
            marks = {bucket: bucket.start(now) for bucket in buckets}
            separate = key in SEPARATE or own.limit < inf
            return Reservation(key, marks, own if separate else self._shared)

    def _ahead(self, waiter: object, *, background: bool) -> int:
        """Return how many wait ahead. Only those who wait for people join the queue."""
        if background:
            return len(self._queue)
        if waiter not in self._queue:
            self._queue.append(waiter)
        return self._queue.index(waiter)


def _steady(per_minute: int) -> Bucket:
    """Return a bucket that refills evenly and learns from no answer.

    It holds a twelfth of a minute's requests: together with what flows back in that
    minute they stay below the API's next larger limit.
    """
    return Bucket(max(1.0, float(per_minute // 12)), per_minute / MINUTE)


def _used_up(wait: float) -> LocallyRateLimited:
    said = f"This bot has used up its requests for now; more in {wait:.0f} s."
    return locally_rate_limited(said, timedelta(seconds=wait))

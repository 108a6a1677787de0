"""A bucket: one rate limit, and the number of requests that it still allows."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incidentio.transport.quota import Quota

MINUTE = 60.0
SHORTEST_WAIT = 1e-6
RESERVED_FOR_PEOPLE = 0.1
ROUNDING = 1.0
"""Seconds by which a reset may come earlier than was said."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of a bucket when a request was sent."""

    at: float
    started: int
    finished: int


class Bucket:
    """Allows as many requests as the API's last answer said are left.

    Requests that this answer may not have counted are taken off. Nothing flows back
    until the reset, unless answers have shown that the bucket refills evenly. Until it
    is told of a limit, it allows every request.

    Times are seconds of one monotonic clock. Callers hold a lock.
    """

    def __init__(self, limit: float = inf, per_second: float = 0.0) -> None:
        self.limit = limit
        self._left = limit
        self._per_second = per_second
        self._as_of = 0.0
        self._reset_at: float | None = None
        self._started = 0
        self._finished = 0
        self._counted = 0
        self._last_told: tuple[Mark, float, Quota] | None = None
        self._refills = False

    def wait(self, now: float, ahead: int, *, background: bool) -> float:
        """Return the seconds until a request is allowed, after ``ahead`` others.

        One in the ``background`` must also leave a part of the limit for people.
        """
        self._advance(now)
        reserve = self._reserve() if background else 0.0
        missing = 1 + ahead + reserve - self._left
        if missing <= 0:
            return 0.0
        flow = missing / self._per_second if self._per_second else inf
        reset = inf if self._reset_at is None else self._reset_at - now
        wait = min(flow, reset)
        return wait if wait > SHORTEST_WAIT else 0.0

    def start(self, now: float) -> Mark:
        """Count one request as sent, and return the mark for its answer."""
        self._started += 1
        self._left -= 1
        return Mark(now, self._started, self._finished)

    def finish(self) -> None:
        """Count a request as answered, or as never to be answered."""
        self._finished += 1

    def tell(self, quota: Quota, mark: Mark, now: float) -> None:
        """Learn from the answer to the request with this mark; ignore older answers.

        The answer has certainly counted the requests that were answered before this one
        was sent. Whether it has counted others is not known.
        """
        if self._last_told and mark.started < self._last_told[0].started:
            return
        self._refills = self._refills or self._has_refilled(quota, mark, now)
        self.limit = quota.limit
        self._counted = mark.finished + 1
        self._left = quota.remaining - (self._started - self._counted)
        self._reset_at = None if quota.reset is None else now + quota.reset
        self._per_second = self._flow(quota)
        self._as_of = now
        self._last_told = mark, now, quota

    def hear(self, quota: Quota, now: float) -> None:
        """Learn from an answer to another process: allow fewer requests, never more.

        Those of this process that are under way may not be counted in it.
        """
        self._advance(now)
        left = quota.remaining - (self._started - self._finished)
        if left >= self._left:
            return
        self.limit = min(self.limit, quota.limit)
        self._left = left
        self._reset_at = None if quota.reset is None else now + quota.reset
        self._per_second = self._flow(quota)

    def forget(self) -> None:
        """Allow every request again: the answers speak of another bucket now."""
        self.limit = self._left = inf
        self._reset_at = self._last_told = None

    def close(self, seconds: float, now: float) -> None:
        """Allow no request for these seconds, because one was refused."""
        self._refills = False
        self._left = min(self._left, 0.0)
        self._reset_at = now + seconds
        self._per_second = 0.0

    def _reserve(self) -> float:
        if self.limit == inf:
            return 0.0
        return min(max(1.0, self.limit * RESERVED_FOR_PEOPLE), self.limit - 1)

    def _advance(self, now: float) -> None:
        if self._reset_at is not None and now >= self._reset_at:
            self._reset_at = None if self.limit == inf else now + MINUTE
            self._left = self.limit - (self._started - self._counted)
            self._counted = self._finished
            self._per_second = 0.0
        elif self._per_second:
            gained = max(0.0, now - self._as_of) * self._per_second
            self._left = min(self.limit, self._left + gained)
        self._as_of = now

    def _has_refilled(self, quota: Quota, mark: Mark, now: float) -> bool:
        """Return whether requests flowed back since the last answer, before a reset."""
        if self._last_told is None:
            return False
        _, at, last = self._last_told
        if mark.at < at or last.reset is None or last.remaining == last.limit:
            return False
        early = at + last.reset - now > ROUNDING
        return early and quota.remaining >= last.remaining

    def _flow(self, quota: Quota) -> float:
        """Return how many requests a second flow back before the reset."""
        if quota.reset is None:
            return quota.limit / MINUTE
        if not self._refills:
            return 0.0
        used = quota.limit - quota.remaining
        return min(quota.limit / MINUTE, used / quota.reset)

"""The rate limits of one API key, and the headers that tell of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from sandbox.incidentio.state.times import format_time, http_date

if TYPE_CHECKING:
    from collections.abc import Callable

LOWER = {("POST", "/v2/escalations"): 60}
"""Operations with a bucket of their own, and its size in requests a minute."""


class Bucket:
    """Holds ``per_minute`` requests, and refills evenly within a minute."""

    def __init__(self, per_minute: int, now: datetime) -> None:
        self.per_minute = per_minute
        self._used = 0.0
        self._as_of = now

    def take(self, number: int, now: datetime) -> bool:
        """Take requests out; return False if so many are not left."""
        self._refill(now)
        if self._used + number > self.per_minute:
            return False
        self._used += number
        return True

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the headers that say what is left; at the reset all of it is."""
        self._refill(now)
        remaining = int(max(0.0, self.per_minute - self._used))
        seconds = self._used * 60 / max(self.per_minute, 1)
        return {
            "X-RateLimit-Limit": str(self.per_minute),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Used": str(self.per_minute - remaining),
            "X-RateLimit-Reset": str(ceil(now.timestamp() + seconds)),
        }

    def _refill(self, now: datetime) -> None:
        passed = max((now - self._as_of).total_seconds(), 0.0)
        self._used = max(0.0, self._used - passed * self.per_minute / 60)
        self._as_of = now


class RateLimits:
    """A bucket for most operations, and one for each of ``LOWER``.

    ``dates`` and ``header`` say how a refusal tells when to try again.
    """

    def __init__(self, now: Callable[[], datetime], per_minute: int = 1200) -> None:
        self._now = now
        self._lock = Lock()
        self._usual = per_minute
        self.reset()

    def reset(self) -> None:
        """Fill the buckets, and refuse as usual."""
        self.dates: Literal["words", "rfc3339"] = "words"
        self.header = False
        """Whether a refusal carries ``Retry-After`` as well."""
        self.per_minute = self._usual

    @property
    def per_minute(self) -> int | None:
        """The limit that most operations share; None: no limits."""
        return self._per_minute

    @per_minute.setter
    def per_minute(self, number: int | None) -> None:
        now = self._now()
        self._per_minute = number
        self._shared = Bucket(number or 0, now)
        self._separate = {key: Bucket(each, now) for key, each in LOWER.items()}

    def admit(self, method: str, path: str) -> bool:
        """Count a request; return False if its limit is reached."""
        return self.use(1, method, path)

    def use(self, number: int, method: str = "GET", path: str = "") -> bool:
        """Count requests, such as those of other programs with the same key."""
        with self._lock:
            if self.per_minute is None:
                return True
            return self._bucket(method, path).take(number, self._now())

    def headers(self, method: str, path: str) -> dict[str, str]:
        with self._lock:
            if self.per_minute is None:
                return {}
            return self._bucket(method, path).headers(self._now())

    def _bucket(self, method: str, path: str) -> Bucket:
        return self._separate.get((method, path), self._shared)

    def refusal(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the ``rate_limit`` in the body of a refusal, and its headers."""
        retry_at = self._now().replace(microsecond=0) + timedelta(seconds=2)
        shown = http_date(retry_at) if self.dates == "words" else format_time(retry_at)
        rate_limit = {
            "name": "api_key_id",
            "limit": self._bucket(method, path).per_minute,
            "remaining": 0,
            "retry_after": shown,
        }
        return rate_limit, {"Retry-After": "2"} if self.header else {}

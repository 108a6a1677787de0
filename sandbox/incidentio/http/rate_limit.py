"""The rate limit of one API key."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from sandbox.incidentio.state.times import http_date, stamp

if TYPE_CHECKING:
    from collections.abc import Callable


class RateLimit:
    """A bucket that refills evenly; answers to refusals are shaped as asked."""

    def __init__(self, now: Callable[[], datetime], per_minute: int = 1200) -> None:
        self._now = now
        self._lock = Lock()
        self._usual = per_minute
        self.reset()

    def reset(self) -> None:
        """A full bucket, and the usual answers."""
        self.per_minute: int | None = self._usual
        """None: no limit."""
        self.dates: Literal["words", "rfc3339"] = "words"
        self.header = False
        """Whether a refusal carries ``Retry-After`` as well."""
        self._filled_at = self._now()
        self._used = 0.0

    def admits(self) -> bool:
        """Take one request out of the bucket, if there is one."""
        with self._lock:
            if self.per_minute is None:
                return True
            self._refill(self.per_minute)
            if self._used + 1 > self.per_minute:
                return False
            self._used += 1
            return True

    def _refill(self, per_minute: int) -> None:
        now = self._now()
        passed = max((now - self._filled_at).total_seconds(), 0.0)
        self._used = max(0.0, self._used - passed * per_minute / 60)
        self._filled_at = now

    def refusal(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The ``rate_limit`` of the body, and headers."""
        limit = self.per_minute or 1200
        retry_at = self._now().replace(microsecond=0) + timedelta(seconds=2)
        shown = http_date(retry_at) if self.dates == "words" else stamp(retry_at)
        rate_limit = {
            "name": "api_key_id",
            "limit": limit,
            "remaining": 0,
            "retry_after": shown,
        }
        return rate_limit, {"Retry-After": "2"} if self.header else {}

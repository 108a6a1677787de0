"""Slack's rate limits: methods by tier, and one message a second a channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from threading import Lock

from sandbox.slack.errors import Refused

TIERS = {1: 10, 2: 20, 3: 50, 4: 100}
"""Calls a minute of one method. Tier 1 says "1+"; ten lets sockets reconnect."""
BURST = 5


@dataclass
class Bucket:
    capacity: float
    a_second: float
    tokens: float
    filled_at: datetime

    def wait(self, now: datetime) -> float:
        """Take one token; return 0, or the seconds until there is one."""
        gone = max(0.0, (now - self.filled_at).total_seconds())
        self.tokens = min(self.capacity, self.tokens + gone * self.a_second)
        self.filled_at = now
        if self.tokens >= 1 - 1e-9:
            self.tokens -= 1
            return 0
        return (1 - self.tokens) / self.a_second


@dataclass
class RateLimits:
    """Rate limits, on by default. A minute's calls may come at once, as with Slack."""

    now: Callable[[], datetime]
    enabled: bool = True
    burst: int = BURST
    """Messages a channel takes at once before it is one a second."""
    per_minute: dict[str, int] = field(default_factory=dict)
    """Overrides, by method: ``{"chat.update": 1}``."""
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def on(self) -> None:
        self.enabled = True

    def off(self) -> None:
        self.enabled = False

    def reset(self) -> None:
        """Turn the limits on, with Slack's numbers and full buckets."""
        with self._lock:
            self._buckets.clear()
            self.per_minute.clear()
            self.enabled, self.burst = True, BURST

    def count_call(self, method: str, tier: int | None) -> None:
        allowed = self.per_minute.get(method, TIERS[tier] if tier else None)
        if allowed:
            self._take(method, capacity=allowed, a_second=allowed / 60)

    def count_message(self, channel: str) -> None:
        self._take(f"posts to {channel}", capacity=self.burst, a_second=1)

    def _take(self, key: str, *, capacity: float, a_second: float) -> None:
        if not self.enabled:
            return
        with self._lock:
            now = self.now()
            fresh = Bucket(capacity, a_second, capacity, now)
            wait = self._buckets.setdefault(key, fresh).wait(now)
        if wait:
            headers = {"Retry-After": str(max(1, ceil(wait)))}
            raise Refused("ratelimited", status=429, headers=headers)

"""Verifies Slack's signatures on the raw bytes of a request, before any parsing."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(minutes=5)
LONGEST_TIMESTAMP = 11
"""Digits of a Unix time in seconds, for some thousand years to come."""


class SlackSignature:
    """Verifies requests with Slack's signing secret; without one, none is valid."""

    def __init__(
        self,
        secret: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._key = secret.encode()
        self._now = now

    def is_valid(self, body: bytes, timestamp: str, signature: str) -> bool:
        """Return whether Slack signed these bytes within the last five minutes.

        ``timestamp`` and ``signature`` are the headers of the request, as they came.
        """
        if not self._key or not is_recent(timestamp, self._now()):
            return False
        ours = sign(self._key, timestamp, body).encode()
        return hmac.compare_digest(ours, signature.encode("utf-8", "replace"))


def sign(key: bytes, timestamp: str, body: bytes) -> str:
    """Return the signature of a request as its header has it."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(key, signed, hashlib.sha256).hexdigest()


def is_recent(timestamp: str, now: datetime) -> bool:
    """Return whether a header's Unix time, in seconds, is at most five minutes off."""
    digits = timestamp.isascii() and timestamp.isdecimal()
    if not digits or len(timestamp) > LONGEST_TIMESTAMP:
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()

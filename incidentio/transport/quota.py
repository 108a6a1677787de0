"""The API's rate limits as its answers tell them: the ``X-RateLimit-*`` headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from http_base.retry_after import parse_wait

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LONGEST_RESET = 300.0
"""Seconds; a reset further away is no reset of a limit by the minute."""
UNIX_TIME = 1e8
"""Smaller numbers are seconds from now, others seconds since 1970."""
IN_MILLISECONDS = 1e11
"""Larger numbers are milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit, and how much of it is left. Other API keys may use it too."""

    limit: int
    remaining: int
    reset: float | None
    """Seconds until all of the limit is there again; None where that is not said."""


def quota_in(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """Return the quota in headers. None: they do not say how much is left.

    ``X-RateLimit-Reset`` may be a number of seconds, a Unix time or a date; one that is
    past or far away is ignored.
    """
    limit = _number(headers.get("X-RateLimit-Limit"))
    remaining = _number(headers.get("X-RateLimit-Remaining"))
    used = _number(headers.get("X-RateLimit-Used"))
    if remaining is None and limit is not None and used is not None:
        remaining = max(0, limit - used)
    if not limit or remaining is None:
        return None
    reset = _reset(headers.get("X-RateLimit-Reset", ""), now)
    return Quota(limit, min(remaining, limit), reset)


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


def _reset(text: str, now: datetime) -> float | None:
    if re.fullmatch(r"\s*[0-9]{1,15}(\.[0-9]{1,9})?\s*", text):
        seconds = _from_now(float(text), now)
    else:
        wait = parse_wait(text, now)
        seconds = 0.0 if wait is None else wait.total_seconds()
    return seconds if 0 < seconds <= LONGEST_RESET else None


def _from_now(number: float, now: datetime) -> float:
    if number < UNIX_TIME:
        return number
    return number / (1000 if number > IN_MILLISECONDS else 1) - now.timestamp()

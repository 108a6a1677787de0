"""The wait that a service asks for: ``Retry-After``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = timedelta(days=1)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the wait that ``Retry-After`` names, whatever the case of its name."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            return wait_from(value, now)
    return None


def wait_from(value: object, now: datetime) -> timedelta | None:
    """Read seconds, an HTTP date or an RFC 3339 date.

    Returns None where it is none of them, never less than nothing, and a day at most.
    """
    text = str(value or "").strip()
    wait = _seconds(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None
    if wait is None and (moment := _moment(text)):
        wait = moment - now
    return None if wait is None else min(max(wait, timedelta()), LONGEST)


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=min(float(text), LONGEST.total_seconds()))


def _moment(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None

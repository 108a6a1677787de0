"""The wait that a service asks for: ``Retry-After``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_WAIT = timedelta(days=1)


def wait_in(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the wait in the header ``Retry-After``. None: there is none."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            return parse_wait(value, now)
    return None


def parse_wait(value: object, now: datetime) -> timedelta | None:
    """Return the wait that a value names: seconds, an HTTP date or an RFC 3339 date.

    It is between zero and ``LONGEST_WAIT``. None: the value is none of the three.
    """
    text = str(value or "").strip()
    wait = _seconds(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None
    if wait is None and (moment := _moment(text)):
        wait = moment - now
    return None if wait is None else min(max(wait, timedelta()), LONGEST_WAIT)


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=min(float(text), LONGEST_WAIT.total_seconds()))


def _moment(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None

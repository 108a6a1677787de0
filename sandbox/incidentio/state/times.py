"""Times as the API writes and reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(10_000)
def format_time(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def parse_time(text: str) -> datetime | None:
    """Parse an RFC 3339 time, or a date as its midnight; None: it is neither."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC) if len(text) == 10 else None


def http_date(moment: datetime) -> str:
    """Return an HTTP date: ``Thu, 17 Apr 2025 11:17:18 UTC``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True).replace("GMT", "UTC")


def zone_of(name: str) -> ZoneInfo:
    """Return a zone; UTC for one that only the real service knows."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")

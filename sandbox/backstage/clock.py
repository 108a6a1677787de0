"""A clock that both stand-ins and the bot read, and that people may move forward."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

FARTHEST = timedelta(days=60)
"""The farthest that it may be ahead of the machine's clock."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class MovableClock:
    """The machine's clock, some time ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._lock = Lock()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    @property
    def ahead(self) -> timedelta:
        return self._ahead

    def move_to(self, at: datetime) -> None:
        """Go forward to ``at``.

        Raises:
            ValueError: it is past, or too far ahead.
        """
        with self._lock:
            ahead = at - datetime.now(UTC)
            if ahead < self._ahead:
                raise ValueError("The clock only goes forward. Start anew to go back.")
            if ahead > FARTHEST:
                raise ValueError(f"At most {FARTHEST.days} days ahead of today.")
            self._ahead = ahead

    def reset(self) -> None:
        with self._lock:
            self._ahead = timedelta(0)


def moment(words: str, now: datetime, zone: str) -> datetime:
    """Read ``+1h``, ``+2d``, ``tomorrow 09:30`` or ``monday 09:30``, in a zone.

    Raises:
        ValueError: it is none of these.
    """
    units = {"m": "minutes", "h": "hours", "d": "days"}
    if words.startswith("+") and words[-1:] in units:
        return now + timedelta(**{units[words[-1]]: int(words[1:-1])})
    day, _, clock = words.lower().partition(" ")
    if day != "tomorrow" and day not in DAYS:
        raise ValueError(f"“{words}” is no moment. Try +1h or tomorrow 09:30.")
    here = now.astimezone(ZoneInfo(zone))
    days = 1 if day == "tomorrow" else (DAYS.index(day) - here.weekday() - 1) % 7 + 1
    at = time.fromisoformat(clock or "09:30")
    return datetime.combine(here.date() + timedelta(days=days), at, here.tzinfo)

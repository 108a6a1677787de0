"""Days and durations as people write them: ``mon``, ``+3d``, ``2026-03-09``; ``4h``."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

from blocks.kit import text
from handlers.core.arguments.resolve import resolves
from handlers.core.context import Context
from handlers.core.problems import UsageError
from incidentio.on_call.coverage import WEEKDAYS
from reminders.calendar.durations import span

Day = NewType("Day", str)
"""A word that ``day`` reads; which day it is depends on the person's time zone."""

NAMED = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
JOINING = {"from", "since", "to", "until", "till", "-", "–"}  # noqa: RUF001
EXAMPLES = "`today`, `tomorrow`, `mon`, `+3d`, `+2w` or `2026-03-09`"
_AHEAD = re.compile(r"([+-])(\d{1,3})(d|w)")
_ISO = re.compile(r"(2[01]\d\d)-(\d{1,2})-(\d{1,2})", re.ASCII)


def day(word: str, today: date, *, since: date | None = None) -> date | None:
    """Return the day that ``word`` means, or None.

    Weekdays and ``+3d`` count from ``since``.
    """
    word = word.strip().lower()
    base = since or today
    if word in NAMED:
        return today + timedelta(days=NAMED[word])
    if match := _AHEAD.fullmatch(word):
        days = int(match[2]) * (7 if match[3] == "w" else 1)
        return base + timedelta(days=days if match[1] == "+" else -days)
    if match := _ISO.fullmatch(word):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            return None
    return _weekday(word, base)


def _weekday(word: str, base: date) -> date | None:
    """Return the next such weekday, ``base`` included; three letters suffice."""
    for number, name in enumerate(WEEKDAYS):
        if len(word) >= 3 and name.startswith(word):
            return base + timedelta(days=(number - base.weekday()) % 7)
    return None


def midnight(on: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which the day begins in ``zone``."""
    return datetime.combine(on, time.min, tzinfo=zone)


@resolves(Day)
def _day(_: Context, words: list[str], required: bool) -> str | None:
    while words and words[0].lower() in JOINING:
        del words[0]
    if not words:
        if required:
            raise UsageError(f"Which day? For example {EXAMPLES}.")
        return None
    if day(words[0], date(2026, 1, 1)) is None:
        typed = text.inline(words[0], 40)
        raise UsageError(f"“{typed}” is not a day. Write {EXAMPLES}.")
    return words.pop(0)


Span = NewType("Span", timedelta)
"""A duration: ``30m``, ``4h``, ``1d``."""


@resolves(Span)
def _span(_: Context, words: list[str], required: bool) -> timedelta | None:
    if words and words[0].lower() == "for":
        del words[0]
    if not words:
        if required:
            raise UsageError("For how long? For example `30m`, `4h` or `1d`.")
        return None
    found = span(words[0])
    if found is None:
        typed = text.inline(words[0], 40)
        raise UsageError(
            f"“{typed}” is not a length of time. Write `30m`, `4h` or `1d`."
        )
    del words[0]
    return found

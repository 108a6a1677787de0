"""Days as people write them: ``today``, ``mon``, ``+3d``, ``2026-03-09``."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

from blocks.kit import text
from handlers.core.arguments.resolve import resolves
from handlers.core.context import Context
from handlers.core.problems import UsageError
from incidentio.coverage import WEEKDAYS

Day = NewType("Day", str)
"""A word that means a day; which one depends on whose day it is."""

NAMED = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
JOINING = {"from", "since", "to", "until", "till", "-", "–"}  # noqa: RUF001
EXAMPLES = "`today`, `tomorrow`, `mon`, `+3d`, `+2w` or `2026-03-09`"
_AHEAD = re.compile(r"([+-])(\d{1,3})(d|w)")
_ISO = re.compile(r"(2[01]\d\d)-(\d{1,2})-(\d{1,2})", re.ASCII)


def day(word: str, today: date, *, since: date | None = None) -> date | None:
    """Read a day; None if it is none. Weekdays and ``+3d`` count from ``since``."""
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
    """Take the coming one, the base itself included; three letters are enough."""
    for number, name in enumerate(WEEKDAYS):
        if len(word) >= 3 and name.startswith(word):
            return base + timedelta(days=(number - base.weekday()) % 7)
    return None


def midnight(on: date, zone: ZoneInfo) -> datetime:
    """Give the moment at which the day begins there."""
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

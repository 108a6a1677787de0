"""Reads the words after a schedule: ``@kim 2h``, ``@kim 9-17``.

Times are in the zone of the person who types. Nothing is read but the names of people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from blocks.kit import text
from handlers.core.arguments.dates import day
from handlers.core.arguments.people import PEOPLE, mentioned_id, strip_mention
from handlers.core.arguments.tokens import split
from handlers.core.context import Context
from handlers.core.problems import UsageError
from incidentio.lookup import Index
from reminders.calendar.durations import span

EXAMPLE = "`override Payments @kim 2h`, `@kim until 18:00` or `@kim tomorrow 9-17`"
UNTIL = {"until", "till", "to", "-"}
JOINING = {"from", "on", "at", "for", "starting", "with", "by", "and"}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s?(am|pm|h)?", re.ASCII)
_RANGE = re.compile(r"([\d:.apm]+)[-\u2013]([\d:.apm]+)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedOverride:
    """The typed values; None if one was not typed. ``user`` is a Slack id."""

    user: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass
class TypedMoment:
    """A day, a time of day, or both."""

    on: date | None = None
    at: time | None = None

    def resolved(self, fallback: date, zone: ZoneInfo) -> datetime:
        there = datetime.combine(self.on or fallback, self.at or time.min)
        return there.replace(tzinfo=zone)

    def take(self, word: str, today: date) -> bool:
        """Read a word as a day or a time of day; return whether it is one."""
        if (clock := _clock(word)) and self.at is None:
            self.at = clock
            return True
        if (named := day(word, today)) and self.on is None:
            self.on = named
            return True
        return False


@dataclass
class Period:
    """The times as they were typed."""

    start: TypedMoment = field(default_factory=TypedMoment)
    end: TypedMoment = field(default_factory=TypedMoment)
    length: timedelta | None = None

    def take(self, word: str, moment: TypedMoment, local: datetime) -> bool:
        """Read a word into the period; return whether it means anything here.

        ``moment`` is the start or the end that is being filled.
        """
        if word == "now":
            self.start.on, self.start.at = local.date(), local.time()
        elif length := span(word):
            self.length = length
        else:
            return word in JOINING or moment.take(word, local.date())
        return True

    def window(
        self, local: datetime, zone: ZoneInfo
    ) -> tuple[datetime | None, datetime | None]:
        start, end = self.start, self.end
        if self == Period():
            return None, None
        opens = local if start == TypedMoment() else start.resolved(local.date(), zone)
        if self.length is not None:
            return opens, opens + self.length
        if end == TypedMoment():
            whole = start.at is None
            return opens, opens + timedelta(days=1) if whole else None
        closes = end.resolved(opens.date(), zone)
        if end.on is None and closes <= opens:
            closes += timedelta(days=1)
        over = start.on is None and end.on is None and closes <= local
        later = timedelta(days=1 if over else 0)
        return opens + later, closes + later


def read(ctx: Context, typed: str, now: datetime) -> TypedOverride:
    """Read who takes over and when; ``now`` is the moment at which it was asked for.

    Raises:
        UsageError: a word is neither.
    """
    words = split(typed)
    user: str | None = None
    rest: list[str] = []
    while words:
        slack_id = mentioned_id(ctx, words[0])
        if slack_id is None and not rest and user is None:
            slack_id, taken = _named(ctx, words)
            del words[: max(taken - 1, 0)]
        if slack_id is None:
            rest.append(words[0])
        else:
            user = slack_id
        del words[:1]
    return TypedOverride(user, *times(rest, now, ctx.person.zone))


def _named(ctx: Context, words: Sequence[str]) -> tuple[str | None, int]:
    """Return the Slack id of the one person whom the first words name."""
    first = [strip_mention(words[0]), *words[1:]]
    known = Index(PEOPLE.candidates(ctx), keys=PEOPLE.keys)
    found, taken = known.longest_run(first)
    only = found[0] if len(found) == 1 else None
    return (only.slack_user_id, taken) if only and only.slack_user_id else (None, 0)


def times(
    words: Sequence[str], now: datetime, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """Return the start and the end; None if the words do not say it.

    A day alone means the whole day. A range that is over today means tomorrow; one that
    ends before it starts ends on the next day.

    Raises:
        UsageError: a word means no time.
    """
    local, typed = now.astimezone(zone), Period()
    filling = typed.start
    for word in _apart(words):
        if word in UNTIL:
            filling = typed.end
        elif not typed.take(word, filling, local):
            wrong = text.inline(word, 40)
            raise UsageError(f"I didn't understand “{wrong}”. Write {EXAMPLE}.")
    return typed.window(local, zone)


def _apart(words: Sequence[str]) -> list[str]:
    """Return the words in small letters, with ``9-17`` as three."""
    found: list[str] = []
    for word in words:
        between = _RANGE.fullmatch(word)
        found += [between[1], "-", between[2]] if between else [word]
    return [word.lower().strip(",.") for word in found]


def _clock(word: str) -> time | None:
    """Read ``9``, ``9:30``, ``9am``, ``17h``."""
    match = _CLOCK.fullmatch(word)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half in {"am", "pm"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour % 24, minute) if hour <= 24 and minute < 60 else None

"""Working days of a country: all days but weekends and public holidays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from holidays import HolidayBase

WEEKDAYS = (1, 2, 3, 4, 5)
"""Monday to Friday, as crontab counts: 0 is Sunday."""

DAY = timedelta(days=1)


class UnknownCountry(ValueError):
    """The holidays of a country are not known.

    The message is a sentence without its subject, to follow the name of a setting.
    """


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of a country, or of one person there.

    ``country`` is a code like ``PT`` or ``DE-BY``; where it is empty, there are no
    holidays.

    ``days`` are the days of the week that are worked, 0 for Sunday; where it is empty,
    the country's usual ones.

    Raises:
        UnknownCountry: on creation, never later.
    """

    country: str = ""
    days: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        country = known(self.country)
        days = {day % 7 for day in self.days} or usual(country)
        object.__setattr__(self, "country", country)
        object.__setattr__(self, "days", tuple(sorted(days)))

    def is_working(self, day: date) -> bool:
        return day.isoweekday() % 7 in self.days and day not in _holidays(
            self.country, day.year
        )

    def add(self, moment: datetime, number: int, zone: ZoneInfo) -> datetime:
        """Return the moment ``number`` working days later, at the same time of day.

        Days and times of day are those of ``zone``. When clocks go forward, a time that
        is skipped is later by as much; of one that comes twice it is the first.
        """
        if not number:
            return moment
        wall = moment.astimezone(zone)
        day = _step(self, wall.date(), number)
        there = datetime.combine(day, wall.time(), zone)
        return there.replace(fold=0).astimezone(UTC)

    def between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and with ``end``.

        The number is negative if ``end`` is earlier. A datetime counts as the day that
        it has in its own zone.
        """
        start, end = _day(start), _day(end)
        if end < start:
            return -_count(self, end, start)
        return _count(self, start, end)


def known(country: str) -> str:
    """Return the code of a country as ``holidays`` writes it.

    Raises:
        UnknownCountry: the library has no such country, or no such part of one.
    """
    written = country.strip().upper().replace("_", "-")
    try:
        _of(written, ())
    except (NotImplementedError, KeyError, ValueError) as error:
        from holidays import list_supported_countries  # noqa: PLC0415

        code = written.partition("-")[0]
        parts = list_supported_countries().get(code, [])
        few = f"; the parts of {code} are {', '.join(parts)}" if parts else ""
        raise UnknownCountry(
            f"has no holidays known for “{written}”; use a country like PT, or one of "
            f"its parts like DE-BY{few}"
        ) from error
    return written


def usual(country: str) -> frozenset[int]:
    """Return the days of the week that a country works, 0 for Sunday."""
    found = _of(country, ())
    if found is None:
        return frozenset(WEEKDAYS)
    return frozenset((day + 1) % 7 for day in range(7) if day not in found.weekend)


def _of(country: str, years: tuple[int, ...]) -> HolidayBase | None:
    if not country:
        return None
    if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,4})?", country):
        raise ValueError(country)
    # Not imported where no country is named.
    from holidays import country_holidays  # noqa: PLC0415

    code, _, part = country.partition("-")
    return country_holidays(code, subdiv=part or None, years=years)


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> frozenset[date]:
    """Return a year's holidays, frozen: the library's own calendars grow when read."""
    return frozenset(_of(country, (year,)) or ())


@lru_cache(maxsize=16_384)
def _step(working: WorkingDays, day: date, number: int) -> date:
    step, left = (DAY, number) if number > 0 else (-DAY, -number)
    while left:
        day += step
        left -= working.is_working(day)
    return day


@lru_cache(maxsize=16_384)
def _count(working: WorkingDays, start: date, end: date) -> int:
    days = range(1, (end - start).days + 1)
    return sum(working.is_working(start + timedelta(days=day)) for day in days)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment

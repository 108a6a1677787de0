"""A person's preferences about the messages they get, with defaults."""

from __future__ import annotations

import json
from datetime import date, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from blocks.kit import text
from reminders.calendar.schedule import DAYS, Recurrence, ScheduleError
from reminders.calendar.working_days import known
from reminders.sources.snapshot import DataSource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reminders.sources.snapshot import Reader, Reading
    from storage import preferences

WORKING_DAYS = (1, 2, 3, 4, 5)
EVERY_DAY = tuple(range(7))


class Preferences(BaseModel):
    """Preferences, stored as JSON; unknown keys of other versions are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    digest: bool = True
    """Whether the person gets a daily digest of their follow-ups."""
    digest_at: time = time(9, 30)
    days: tuple[int, ...] = WORKING_DAYS
    """Working days, as crontab counts: 0 is Sunday."""
    timezone: str | None = None
    """None: the time zone in Slack."""
    country: str | None = None
    """The ISO 3166 code of the country for holidays; None: the organisation's."""
    muted: bool = False
    """Whether the person gets no messages at all."""
    paused_until: date | None = None
    """The person gets no messages before this day begins."""
    quiet_from: time | None = None
    quiet_to: time | None = None
    """The end of quiet hours; on the next day if it is before their beginning."""
    shift_before: int | None = 60
    """How many minutes before a shift the person is told. None: they are not told."""
    shift_end: bool = True
    """Whether the person is told when a shift of theirs has ended."""
    nudges: bool = True
    """Whether the person is asked, as a lead, for what an incident lacks."""

    @staticmethod
    def of(choices: Mapping[str, Any]) -> Preferences:
        """Return stored choices; one that cannot be read takes its default."""
        return _read(json.dumps(choices, sort_keys=True))

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        """Check the zone: time zones are renamed and removed."""
        try:
            return name and ZoneInfo(name).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is not a time zone like Europe/Lisbon") from error

    @field_validator("country")
    @classmethod
    def _country(cls, country: str | None) -> str | None:
        return known(country) if country else None

    @field_validator("days")
    @classmethod
    def _days(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if not days or not set(days) <= set(EVERY_DAY):
            raise ValueError("at least one day, each from 0 to 6")
        return tuple(sorted(set(days)))

    @property
    def choices(self) -> dict[str, Any]:
        """Return what to store: only what differs from defaults, which may change."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def quiet(self) -> tuple[time, time] | None:
        """Return the beginning and the end of quiet hours. None: there are none."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        if self.quiet_from == self.quiet_to:
            return None
        return self.quiet_from, self.quiet_to

    def zone(self, usual: str) -> str:
        return self.timezone or usual

    def tzinfo(self, usual: str) -> ZoneInfo:
        """Return the time zone; ``usual`` is the person's zone in Slack."""
        return ZoneInfo(self.schedule(usual).timezone)

    def schedule(self, usual: str) -> Recurrence:
        """Return the digest's recurrence; ``usual`` is the person's zone in Slack."""
        at = self.digest_at
        crontab = f"{at.minute} {at.hour} * * {_crontab_days(self.days)}"
        return _when(crontab, self.zone(usual))

    @property
    def on_days(self) -> str:
        """Return the days in words, such as ``Monday to Saturday``."""
        if self.days == WORKING_DAYS:
            return "on working days"
        if self.days == EVERY_DAY:
            return "every day"
        ordered = sorted(self.days, key=_from_monday)
        first, last = ordered[0], ordered[-1]
        if len(ordered) > 2 and _from_monday(last) - _from_monday(first) < len(ordered):
            return f"{DAYS[first]} to {DAYS[last]}"
        return f"on {text.listed([f'{DAYS[day]}s' for day in ordered])}"


def _from_monday(day: int) -> int:
    return (day - 1) % 7


@lru_cache(maxsize=4096)
def _read(stored: str) -> Preferences:
    """Return preferences; cached, for thousands of people choose the same."""
    choices: dict[str, Any] = json.loads(stored)
    try:
        return Preferences.model_validate(choices)
    except ValidationError as error:
        bad = {problem["loc"][0] for problem in error.errors()}
    kept = {k: v for k, v in choices.items() if k not in bad}
    return Preferences.model_validate(kept)


@lru_cache(maxsize=4096)
def _when(crontab: str, timezone: str) -> Recurrence:
    """Return a recurrence, in UTC if the zone is unknown; cached, as above."""
    try:
        return Recurrence(crontab, timezone)
    except ScheduleError:
        return Recurrence(crontab, "UTC")


def _crontab_days(days: tuple[int, ...]) -> str:
    named = {WORKING_DAYS: "1-5", EVERY_DAY: "*"}
    return named.get(days) or ",".join(map(str, days))


DEFAULT = Preferences()

PREFERENCES: DataSource[Mapping[str, Preferences]] = DataSource("preferences", {})
"""Preferences by Slack id, of those who chose any; others have ``DEFAULT``."""


def everybody(
    stored: preferences.StoredPreferences,
) -> Reader[Mapping[str, Preferences]]:
    def read(_: Reading) -> Mapping[str, Preferences]:
        return {
            person: Preferences.of(choices) for person, choices in stored.all().items()
        }

    return read

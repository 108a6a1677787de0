"""Stores what people choose, and changes the rule of their digest with it."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from reminders.calendar.schedule import following
from reminders.people.preferences import Preferences
from storage import preferences
from storage.personal_rules import PersonalRule, PersonalRules

if TYPE_CHECKING:
    from storage.database import Database

OFF = "they turned their digest off"
OFF_FOR_ALL = "personal digests are switched off"


class Personal:
    """One for a process. ``digests``: whether people get any of their own."""

    def __init__(self, database: Database, *, digests: bool = True) -> None:
        self.digests = digests
        self._stored = preferences.StoredPreferences(database)
        self._enrolments = PersonalRules(database)

    def get(self, person: str) -> Preferences:
        return Preferences.of(self._stored.get(person))

    def put(
        self, person: str, chosen: Preferences, timezone: str, now: datetime
    ) -> None:
        """Store the choices; ``timezone`` is the one that Slack says."""
        self._stored.put(person, chosen.choices, now)
        wanted = enrolled(person, chosen, timezone, digests=self.digests)
        self._enrolments.move(wanted, following(wanted.recurrence, now))


def enrolled(
    person: str, chosen: Preferences, timezone: str, *, digests: bool
) -> PersonalRule:
    """Return the rule that a person who is on Slack is to have."""
    when = str(chosen.schedule(timezone))
    if not digests:
        return PersonalRule(person, when, OFF_FOR_ALL)
    return PersonalRule(person, when, None if chosen.digest else OFF)


def paused_until(chosen: Preferences, timezone: str) -> datetime | None:
    """Return when a pause that a person chose is over. None: they chose none."""
    if chosen.paused_until is None:
        return None
    zone = chosen.tzinfo(timezone)
    return datetime.combine(chosen.paused_until, time.min, tzinfo=zone)


def coming(chosen: Preferences, timezone: str, now: datetime) -> datetime:
    """Return when the next digest is due; not before a pause is over."""
    start = paused_until(chosen, timezone)
    when = str(chosen.schedule(timezone))
    if start is None or start <= now:
        return following(when, now)
    return following(when, start - datetime.resolution)

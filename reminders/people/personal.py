"""Stores people's preferences, and keeps the rules of their digests in step."""

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
    """A process needs only one. ``digests``: whether there are personal digests."""

    def __init__(self, database: Database, *, digests: bool = True) -> None:
        self.digests = digests
        self._stored = preferences.StoredPreferences(database)
        self._enrolments = PersonalRules(database)

    def get(self, person: str) -> Preferences:
        """Return a person's preferences, by their Slack id."""
        return Preferences.of(self._stored.get(person))

    def put(
        self, person: str, chosen: Preferences, timezone: str, now: datetime
    ) -> None:
        """Store preferences; ``timezone`` is the person's time zone in Slack."""
        self._stored.put(person, chosen.choices, now)
        wanted = enrolled(person, chosen, timezone, digests=self.digests)
        self._enrolments.move(wanted, following(wanted.recurrence, now))


def enrolled(
    person: str, chosen: Preferences, timezone: str, *, digests: bool
) -> PersonalRule:
    """Return the rule that a person in Slack should have."""
    when = str(chosen.schedule(timezone))
    if not digests:
        return PersonalRule(person, when, OFF_FOR_ALL)
    return PersonalRule(person, when, None if chosen.digest else OFF)


def paused_until(chosen: Preferences, timezone: str) -> datetime | None:
    """Return when the pause that a person chose ends. None: they chose none."""
    if chosen.paused_until is None:
        return None
    zone = chosen.tzinfo(timezone)
    return datetime.combine(chosen.paused_until, time.min, tzinfo=zone)


def coming(chosen: Preferences, timezone: str, now: datetime) -> datetime:
    """Return when the next digest is due, which is never before a pause ends."""
    start = paused_until(chosen, timezone)
    when = str(chosen.schedule(timezone))
    if start is None or start <= now:
        return following(when, now)
    return following(when, start - datetime.resolution)

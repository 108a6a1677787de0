"""Whose quiet hours are when, as a part of a snapshot; and what fits before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reminders.preferences import Preferences
from reminders.snapshot import Part
from slack.people import People

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reminders.snapshot import Reader, Reading
    from slack.client import SlackClient
    from storage import preferences


@dataclass(frozen=True, slots=True)
class Quiet:
    start: time
    end: time
    zone: ZoneInfo

    def began(self, moment: datetime) -> datetime | None:
        """When the quiet hours began that this moment is in. None: it is in none."""
        wall = moment.astimezone(self.zone).replace(tzinfo=None)
        for day in (wall.date(), wall.date() - timedelta(days=1)):
            start = datetime.combine(day, self.start)
            end = datetime.combine(day, self.end)
            end += timedelta(days=1) if end <= start else timedelta()
            if start <= wall < end:
                return start.replace(tzinfo=self.zone).astimezone(UTC)
        return None


QUIET: Part[Mapping[str, Quiet]] = Part("quiet", {})
"""By Slack id, of those who have quiet hours."""


def quiet(
    stored: preferences.Preferences, slack: SlackClient, now: Callable[[], datetime]
) -> Reader[Mapping[str, Quiet]]:
    people = People(slack, timezone="UTC", now=now)

    def of(person: str, chosen: Preferences) -> Quiet | None:
        start, end = chosen.quiet_from, chosen.quiet_to
        if start is None or end is None or start == end:
            return None
        zone = chosen.timezone or people.get(person).timezone
        return Quiet(start, end, ZoneInfo(zone))

    def read(_: Reading) -> Mapping[str, Quiet]:
        known = {
            person: of(person, Preferences.model_validate(choices))
            for person, choices in stored.all().items()
        }
        return {person: hours for person, hours in known.items() if hours}

    return read

"""The data source of who is away, until when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reminders.people.directory import known
from reminders.people.personal import paused_until
from reminders.people.preferences import Preferences
from reminders.sources.snapshot import DataSource

if TYPE_CHECKING:
    from reminders.people.pauses import Pauses
    from reminders.sources.snapshot import Owner, Reader, Reading
    from slack.directory import SlackDirectory
    from slack.people import Person
    from storage import preferences


@dataclass(frozen=True, slots=True)
class Away:
    until: datetime | None
    """When the absence ends. None: it is not known."""
    why: str
    """The reason, as a predicate: ``has left Slack``."""


AWAY: DataSource[Mapping[str, Away]] = DataSource("away", {})
"""Absences by Slack id; pauses in incident.io also by the id there."""

LEFT = Away(None, "has left Slack")
NOT_ON_SLACK = Away(None, "is not on Slack")


def of(owner: Owner, absent: Mapping[str, Away]) -> Away | None:
    """Return why an owner cannot be told of their items. None: they can."""
    if owner.slack_id is None:
        return NOT_ON_SLACK
    return absent.get(owner.slack_id) or absent.get(owner.id)


def away(
    directory: SlackDirectory,
    stored: preferences.StoredPreferences,
    pauses: Pauses,
    timezone: str,
) -> Reader[Mapping[str, Away]]:
    """Return a reader of absences; where they cannot be read, nobody is away."""

    def read(reading: Reading) -> Mapping[str, Away]:
        people = known(directory)
        chosen = {id_: Preferences.of(found) for id_, found in stored.all().items()}
        by_themselves = _paused(chosen, people, timezone, reading.at)
        in_incidentio = {
            id_: Away(until, "paused their notifications in incident.io")
            for id_, until in pauses.until().items()
        }
        left = {id_: LEFT for id_, person in people.items() if person.deleted}
        return {**in_incidentio, **by_themselves, **left}

    return read


def _paused(
    chosen: Mapping[str, Preferences],
    people: Mapping[str, Person],
    timezone: str,
    now: datetime,
) -> dict[str, Away]:
    found: dict[str, Away] = {}
    for id_, theirs in chosen.items():
        usual = people[id_].timezone if id_ in people else timezone
        until = paused_until(theirs, usual)
        if until and until > now:
            found[id_] = Away(until, "paused their messages")
    return found

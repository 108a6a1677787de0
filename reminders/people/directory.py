"""The data sources of the people in Slack, and of do-not-disturb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError

from reminders.sources.snapshot import DataSource
from slack.people import Person, is_person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reminders.sources.snapshot import Reader, Reading
    from slack.directory import SlackDirectory
    from slack.do_not_disturb import DoNotDisturb

PEOPLE: DataSource[Mapping[str, Person]] = DataSource("people", {})
"""Everybody in the workspace by Slack id, also those who were deactivated."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """The people who are known, with defaults for all others."""

    people: Mapping[str, Person]
    timezone: str = "UTC"
    country: str = ""
    """The country whose holidays count; empty: there are no holidays."""

    def zone(self, person: str) -> str:
        """Return the name of the time zone that a person has in Slack."""
        known = self.people.get(person)
        return known.timezone if known else self.timezone


RECIPIENTS: DataSource[Recipients] = DataSource("recipients", Recipients({}))
"""Like ``PEOPLE``, but reading it never fails: it may be empty."""

DISTURBED: DataSource[Mapping[str, datetime]] = DataSource("do_not_disturb", {})
"""When do-not-disturb ends, by Slack id; only of those about to get a message."""


def _persons(conversations: Iterable[str]) -> list[str]:
    return [id_ for id_ in conversations if is_person(id_)]


def people(directory: SlackDirectory) -> Reader[Mapping[str, Person]]:
    def read(_: Reading) -> Mapping[str, Person]:
        return directory.people()

    return read


def recipients(
    directory: SlackDirectory, timezone: str, country: str = ""
) -> Reader[Recipients]:
    def read(_: Reading) -> Recipients:
        return Recipients(known(directory), timezone, country)

    return read


def disturbed(do_not_disturb: DoNotDisturb) -> Reader[Mapping[str, datetime]]:
    def read(reading: Reading) -> Mapping[str, datetime]:
        return do_not_disturb.until(_persons(reading.conversations))

    return read


def known(directory: SlackDirectory) -> Mapping[str, Person]:
    """Return the people in Slack; none if they cannot be read."""
    try:
        return directory.people()
    except SlackClientError:
        return {}

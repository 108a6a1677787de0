"""Names and time zones of people, remembered for a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from remembered.values import Remembered

REMEMBERED = timedelta(days=1)
GONE = ("user_not_found", "user_not_visible")
"""Slack's errors for a person who is not there, or not for the bot to see."""
NAMELESS = "someone"
"""The name of a person for whom Slack gives none."""


def is_person(conversation: str) -> bool:
    """Return whether an id is of a person, and so addresses a direct message."""
    return conversation.startswith(("U", "W"))


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Slack knows them."""

    id: str
    name: str
    timezone: str
    email: str | None = None
    """None also for strangers: another workspace may write anything there."""
    deleted: bool = False
    guest: bool = False
    """Whether Slack lets them into one channel or several only."""
    team: str | None = None
    enterprise: str | None = None
    """The ids of their workspace and of its enterprise; None where it is not known."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class People:
    """Knows people by their Slack id.

    ``listed`` returns those of the workspace's list. They serve while Slack does not
    answer: it tells of a hundred people a minute, and more may act at once.
    """

    def __init__(
        self,
        slack: WebClient,
        *,
        timezone: str,
        now: Callable[[], datetime],
        listed: Callable[[], Mapping[str, Person]] = dict,
    ) -> None:
        self._slack = slack
        self._timezone = timezone
        self._listed = listed
        self._people = Remembered(
            self._ask, lifetime=REMEMBERED, now=now, failures=SlackClientError
        )

    def get(self, slack_id: str) -> Person:
        """Return a person; a nameless one in the default time zone if Slack refuses."""
        try:
            return self.find(slack_id)
        except SlackClientError:
            return Person(slack_id, NAMELESS, self._timezone)

    def find(self, slack_id: str) -> Person:
        """Return a person; Slack is asked once a day, and later if it does not answer.

        Raises:
            SlackClientError: Slack does not answer and has not listed the person
                either, or it does not know them.
        """
        return self._people.get(slack_id)

    def peek(self, slack_id: str) -> Person | None:
        """Return a person of whom Slack told within a day, without asking it."""
        return self._people.peek(slack_id)

    def _ask(self, slack_id: str) -> Person:
        try:
            user = self._slack.users_info(user=slack_id)["user"]
        except SlackClientError as error:
            listed = self._listed().get(slack_id)
            if listed is None or _does_not_know(error):
                raise
            return listed
        return person({**user, "id": slack_id}, self._timezone)


def _does_not_know(error: SlackClientError) -> bool:
    return isinstance(error, SlackApiError) and error.response.get("error") in GONE


def person(user: Mapping[str, Any], timezone: str) -> Person:
    """Return the person in Slack's JSON; ``timezone`` is used where theirs is bad."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or user.get("real_name") or user.get("name")
    return Person(
        id=str(user["id"]),
        name=name or NAMELESS,
        timezone=_valid(user.get("tz"), timezone),
        email=None if user.get("is_stranger") else profile.get("email"),
        deleted=bool(user.get("deleted")),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        team=user.get("team_id"),
        enterprise=(user.get("enterprise_user") or {}).get("enterprise_id"),
    )


def _valid(zone: str | None, usual: str) -> str:
    try:
        return ZoneInfo(zone or usual).key
    except (KeyError, ValueError, OSError):
        return usual

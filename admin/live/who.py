"""Finds the person who runs this, in Slack."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from slack_sdk.errors import SlackApiError

from slack.client import SlackClient
from slack.directory import SlackDirectory
from slack.people import Person, person

ID = re.compile(r"[UW][A-Z0-9]+")


class PersonNotFound(Exception):
    """Nobody, or nobody alone, is known by what was given."""


def find_person(
    slack: SlackClient, given: str, *, timezone: str, now: Callable[[], datetime]
) -> Person:
    """Find a person by id, email or @name.

    Raises:
        PersonNotFound: they are not there, or have left.
        SlackClientError: Slack cannot be asked.
    """
    found = (
        _named(slack, given.removeprefix("@"), timezone, now)
        if "@" not in given[1:] and not ID.fullmatch(given)
        else _known(slack, given, timezone)
    )
    if found.deleted:
        raise PersonNotFound(f"{found.name} has left the workspace.")
    return found


def _known(slack: SlackClient, given: str, timezone: str) -> Person:
    try:
        if ID.fullmatch(given):
            return person(slack.users_info(user=given)["user"], timezone)
        return person(slack.users_lookupByEmail(email=given)["user"], timezone)
    except SlackApiError as error:
        if error.response.get("error") in {"user_not_found", "users_not_found"}:
            raise PersonNotFound(f"Slack finds nobody by {given}.") from error
        raise


def _named(
    slack: SlackClient, name: str, timezone: str, now: Callable[[], datetime]
) -> Person:
    people = SlackDirectory(slack, timezone=timezone, now=now).people().values()
    found = [
        one
        for one in people
        if one.name.casefold() == name.casefold() and not one.deleted
    ]
    if len(found) != 1:
        how_many = "several people" if found else "nobody"
        raise PersonNotFound(
            f"Slack finds {how_many} by @{name}. Give an email or an id."
        )
    return found[0]

"""The members and the names of user groups, remembered for five minutes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from remembered.values import Remembered

REMEMBERED = timedelta(minutes=5)

log = logging.getLogger(__name__)


class UserGroups:
    """Knows user groups by their Slack id."""

    def __init__(self, slack: WebClient, *, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._members = Remembered(
            self._ask, lifetime=REMEMBERED, now=now, failures=SlackClientError
        )
        self._names: Remembered[None, Mapping[str, str]] = Remembered(
            self._list, lifetime=REMEMBERED, now=now, failures=SlackClientError
        )

    def members(self, group: str) -> frozenset[str]:
        """Return the Slack ids that Slack last gave; none if it gave none so far."""
        try:
            return self._members.get(group)
        except SlackClientError:
            return frozenset()

    def name(self, group: str) -> str | None:
        """Return the handle of a group. None: Slack does not say."""
        try:
            return self._names.get(None).get(group)
        except SlackClientError:
            return None

    def _list(self, _: None) -> Mapping[str, str]:
        groups = self._slack.usergroups_list()["usergroups"]
        return {group["id"]: group["handle"] for group in groups}

    def _ask(self, group: str) -> frozenset[str]:
        try:
            answer = self._slack.usergroups_users_list(usergroup=group)
        except SlackClientError as error:
            log.warning("the members of %s are not known: %s", group, error)
            raise
        return frozenset(answer["users"])

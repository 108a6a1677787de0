"""Who is in a user group, remembered for five minutes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

REMEMBERED = timedelta(minutes=5)

log = logging.getLogger(__name__)


class UserGroups:
    def __init__(self, slack: WebClient, *, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._now = now
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._lock = Lock()

    def members(self, group: str) -> frozenset[str]:
        """Give their Slack ids; where Slack does not say, what it said last."""
        now = self._now()
        with self._lock:
            known = self._known.get(group)
        if known and now - known[0] < REMEMBERED:
            return known[1]
        try:
            answer = self._slack.usergroups_users_list(usergroup=group)
        except SlackClientError as error:
            log.warning("the members of %s are not known: %s", group, error)
            return known[1] if known else frozenset()
        members = frozenset(answer["users"])
        with self._lock:
            self._known[group] = (now, members)
        return members

"""The people of the workspace, listed once a day and when somebody new turns up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from remembered.values import Remembered
from slack.client import retry_after
from slack.people import Person, person

log = logging.getLogger(__name__)

PAGE = 1000
MOST_PAGES = 200
REMEMBERED = timedelta(days=1)
LEAST_INTERVAL = timedelta(minutes=10)
"""The least time between two listings, however many new people turn up."""
PAUSE = timedelta(minutes=1)
"""How long nothing is listed after Slack refused, where it does not say how long."""


class SlackDirectory:
    """Lists people; one for a process. While it lists anew, the last list serves."""

    def __init__(
        self, slack: WebClient, *, timezone: str, now: Callable[[], datetime]
    ) -> None:
        self._slack = slack
        self._timezone = timezone
        self._people: Remembered[None, Mapping[str, Person]] = Remembered(
            self._list,
            lifetime=REMEMBERED,
            now=now,
            failures=SlackClientError,
            pause=lambda error: _asked_to_wait(error) or PAUSE,
        )
        self._listing: dict[str, Person] = {}
        self._cursor: str | None = None
        self._strangers: frozenset[str] = frozenset()
        self._missed: frozenset[str] = frozenset()

    def people(self) -> Mapping[str, Person]:
        """Return everybody by Slack id, also those who were deactivated.

        Raises:
            SlackClientError: Slack refuses, and nobody was listed before.
        """
        if self._missed and self._people.peek(None, LEAST_INTERVAL) is None:
            self._people.expire(None)
        return self._people.get(None)

    def peek(self) -> Mapping[str, Person]:
        """Return everybody who was listed so far, without asking Slack."""
        return self._people.peek(None, 2 * REMEMBERED) or {}

    def refresh(self) -> None:
        """List people anew when it is time, so that nobody has to wait for it."""
        with suppress(SlackClientError):
            self.people()

    def missed(self, ids: Iterable[str]) -> None:
        """List anew soon, because these people are not known.

        Those whom Slack does not list then are not looked for again.
        """
        self._missed = frozenset(ids) - self._strangers

    def _list(self, _: None) -> Mapping[str, Person]:
        """List everybody; go on from the page at which Slack last refused."""
        try:
            for _page in range(MOST_PAGES):
                answer = self._slack.users_list(limit=PAGE, cursor=self._cursor)
                self._take(answer.get("members") or ())
                more = answer.get("response_metadata") or {}
                self._cursor = more.get("next_cursor") or None
                if self._cursor is None:
                    break
            self._cursor = None
            return self._complete()
        except SlackClientError as error:
            self._refused(error)
            raise

    def _take(self, members: Iterable[Mapping[str, Any]]) -> None:
        for user in members:
            if not user.get("is_bot"):
                found = person(user, self._timezone)
                self._listing[found.id] = found

    def _complete(self) -> Mapping[str, Person]:
        known, self._listing = self._listing, {}
        self._strangers = self._missed - known.keys()
        self._missed = frozenset()
        log.info("Slack listed %s people", len(known))
        return MappingProxyType(known)

    def _refused(self, error: SlackClientError) -> None:
        """Begin anew next time, as cursors expire; but go on if Slack asked to wait."""
        if _asked_to_wait(error) is None:
            self._cursor, self._listing = None, {}
        log.warning("the people of the workspace were not listed: %s", error)


def _asked_to_wait(error: Exception) -> timedelta | None:
    return retry_after(error) if isinstance(error, SlackApiError) else None

"""Everybody in the workspace, listed once a day and when somebody new turns up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from slack.client import retry_after
from slack.people import Person, person

log = logging.getLogger(__name__)

PAGE = 1000
REMEMBERED = timedelta(days=1)
AGAIN = timedelta(minutes=10)
"""Between two listings, however many new people turn up."""
PAUSE = timedelta(minutes=1)
"""After Slack refused, where it does not say how long."""


class Directory:
    """One for a process. What was listed stays good while it is listed anew."""

    def __init__(
        self, slack: WebClient, *, timezone: str, now: Callable[[], datetime]
    ) -> None:
        self._slack = slack
        self._timezone = timezone
        self._now = now
        self._lock = Lock()
        self._known: Mapping[str, Person] | None = None
        self._listed_at: datetime | None = None
        self._listing: dict[str, Person] = {}
        self._cursor: str | None = None
        self._not_before: datetime | None = None
        self._strangers: frozenset[str] = frozenset()
        self._missed: frozenset[str] = frozenset()

    def people(self) -> Mapping[str, Person]:
        """Give everybody by Slack id, also those who were deactivated.

        Raises ``SlackClientError`` only as long as nobody is known at all.
        """
        nobody = self._known is None
        if self._wanted(self._now()) and self._lock.acquire(blocking=nobody):
            try:
                self._renew()
            finally:
                self._lock.release()
        if self._known is None:
            raise SlackClientError("the people of the workspace are not known yet")
        return self._known

    def keep(self) -> None:
        """List them when it is time, so that nobody has to wait for it."""
        with suppress(SlackClientError):
            self.people()

    def missed(self, ids: Iterable[str]) -> None:
        """Say whom it does not know; whom Slack does not list is not asked for again.

        They are looked for the next time the people are asked for.
        """
        self._missed = frozenset(ids) - self._strangers

    def _wanted(self, now: datetime) -> bool:
        if self._not_before and now < self._not_before:
            return False
        if self._listed_at is None or self._cursor:
            return True
        age = now - self._listed_at
        return age >= REMEMBERED or bool(self._missed and age >= AGAIN)

    def _renew(self) -> None:
        """Unless it was done while we waited."""
        if self._wanted(self._now()):
            self._list()

    def _list(self) -> None:
        """Go on where Slack last refused; what is complete takes the old's place."""
        try:
            while True:
                answer = self._slack.users_list(limit=PAGE, cursor=self._cursor)
                self._take(answer.get("members") or ())
                more = answer.get("response_metadata") or {}
                self._cursor = more.get("next_cursor") or None
                if self._cursor is None:
                    break
        except SlackClientError as error:
            self._refused(error)
        else:
            self._complete()

    def _take(self, members: Iterable[Mapping[str, Any]]) -> None:
        for user in members:
            if not user.get("is_bot"):
                found = person(user, self._timezone)
                self._listing[found.id] = found

    def _complete(self) -> None:
        known, self._listing = self._listing, {}
        self._known = MappingProxyType(known)
        self._listed_at = self._now()
        self._strangers = self._missed - known.keys()
        self._missed = frozenset()
        log.info("Slack listed %s people", len(known))

    def _refused(self, error: SlackClientError) -> None:
        """A cursor does not last: begin anew, unless it is only too much at once."""
        wait = retry_after(error) if isinstance(error, SlackApiError) else None
        self._not_before = self._now() + (wait or PAUSE)
        if wait is None:
            self._cursor, self._listing = None, {}
        log.warning("the people of the workspace were not listed: %s", error)

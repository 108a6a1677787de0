"""Do not disturb: whom Slack would not notify now, and until when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

log = logging.getLogger(__name__)

BATCH = 50
"""The most people that Slack tells of in one call."""
REMEMBERED = timedelta(minutes=5)
PAUSE = timedelta(minutes=10)
"""How long Slack is not asked after it refused; meanwhile everybody is notified."""

Period = tuple[datetime, datetime]


class DoNotDisturb:
    """Knows who is in do-not-disturb; one for a process, used by one thread."""

    def __init__(self, slack: WebClient, *, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._now = now
        self._known: dict[str, tuple[datetime, Period | None]] = {}
        self._not_before: datetime | None = None
        self._warned = False

    def until(self, people: Collection[str]) -> Mapping[str, datetime]:
        """Return when do-not-disturb ends for those who are in it now; never raise.

        Whoever Slack does not tell of is treated as not in it.
        """
        now = self._now()
        self._known = {
            person: known
            for person, known in self._known.items()
            if now - known[0] < REMEMBERED
        }
        self._learn(sorted(set(people) - self._known.keys()), now)
        spans = {person: self._known.get(person, (now, None))[1] for person in people}
        return {
            person: span[1]
            for person, span in spans.items()
            if span and span[0] <= now < span[1]
        }

    def _learn(self, people: Sequence[str], now: datetime) -> None:
        if self._not_before and now < self._not_before:
            return
        for start in range(0, len(people), BATCH):
            some = people[start : start + BATCH]
            try:
                answer = self._slack.dnd_teamInfo(users=list(some))
            except SlackClientError as error:
                self._refused(error, now)
                return
            told = answer.get("users") or {}
            for person in some:
                self._known[person] = now, _period(told.get(person) or {})
        if people:
            self._warned = False

    def _refused(self, error: SlackClientError, now: datetime) -> None:
        self._not_before = now + PAUSE
        level = logging.DEBUG if self._warned else logging.WARNING
        log.log(level, "who must not be disturbed is not known: %s", error)
        self._warned = True


def _period(told: Mapping[str, Any]) -> Period | None:
    """Return the present or next period; a snooze, if Slack tells of it, goes first."""
    if told.get("snooze_enabled") and told.get("snooze_endtime"):
        return _moment(0), _moment(told["snooze_endtime"])
    if not told.get("dnd_enabled"):
        return None
    starts, ends = told.get("next_dnd_start_ts"), told.get("next_dnd_end_ts")
    return (_moment(starts), _moment(ends)) if starts and ends else None


def _moment(ts: Any) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)

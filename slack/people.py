"""What Slack knows about people: names and time zones, remembered for a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    timezone: str
    email: str | None = None
    """None also for strangers: another workspace may write anything there."""
    deleted: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class People:
    def __init__(
        self, slack: WebClient, *, timezone: str, now: Callable[[], datetime]
    ) -> None:
        self._slack = slack
        self._timezone = timezone
        self._now = now
        self._known: dict[str, tuple[datetime, Person]] = {}
        self._lock = Lock()

    def get(self, slack_id: str) -> Person:
        """Ask Slack once a day; what cannot be found out falls back to the default."""
        now = self._now()
        with self._lock:
            known = self._known.get(slack_id)
        if known and now - known[0] < REMEMBERED:
            return known[1]
        try:
            person = self._ask(slack_id)
        except SlackClientError:
            return known[1] if known else Person(slack_id, slack_id, self._timezone)
        with self._lock:
            self._known[slack_id] = (now, person)
        return person

    def _ask(self, slack_id: str) -> Person:
        user = self._slack.users_info(user=slack_id)["user"]
        profile = user.get("profile", {})
        name = profile.get("display_name") or user.get("real_name") or user.get("name")
        return Person(
            id=slack_id,
            name=name or slack_id,
            timezone=self._valid(user.get("tz")),
            email=None if user.get("is_stranger") else profile.get("email"),
            deleted=bool(user.get("deleted")),
        )

    def _valid(self, zone: str | None) -> str:
        try:
            return ZoneInfo(zone or self._timezone).key
        except (KeyError, ValueError, OSError):
            return self._timezone

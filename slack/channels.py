"""What channels are called, remembered for ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

REMEMBERED = timedelta(minutes=10)


class Channels:
    """A slash command in a private channel does not bring its name."""

    def __init__(self, slack: WebClient, *, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._now = now
        self._known: dict[str, tuple[datetime, str]] = {}
        self._lock = Lock()

    def name(self, slack_id: str) -> str:
        """Give the channel's name; empty where Slack does not say."""
        now = self._now()
        with self._lock:
            known = self._known.get(slack_id)
        if known and now - known[0] < REMEMBERED:
            return known[1]
        try:
            info = self._slack.conversations_info(channel=slack_id)
        except SlackClientError:
            return known[1] if known else ""
        name = str(info["channel"].get("name") or "")
        with self._lock:
            self._known[slack_id] = (now, name)
        return name

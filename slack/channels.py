"""The names of channels, remembered for ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from remembered.values import Remembered

REMEMBERED = timedelta(minutes=10)


class Channels:
    """Names of channels; Slack omits the name of a private one in a slash command."""

    def __init__(self, slack: WebClient, *, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._names = Remembered(
            self._ask, lifetime=REMEMBERED, now=now, failures=SlackClientError
        )

    def name(self, slack_id: str) -> str:
        """Return a channel's name; empty where Slack does not say."""
        try:
            return self._names.get(slack_id)
        except SlackClientError:
            return ""

    def _ask(self, slack_id: str) -> str:
        info = self._slack.conversations_info(channel=slack_id)
        return str(info["channel"].get("name") or "")

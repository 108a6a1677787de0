"""The names of channels, remembered for ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from remembered.values import Remembered

REMEMBERED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's name, and whether everybody may read it."""

    name: str
    is_public: bool


class Channels:
    """Knows channels by id; slash commands do not carry the names of private ones."""

    def __init__(self, slack: WebClient, *, now: Callable[[], datetime]) -> None:
        self._slack = slack
        self._known = Remembered(
            self._ask, lifetime=REMEMBERED, now=now, failures=SlackClientError
        )

    def name(self, slack_id: str) -> str:
        """Return a channel's name; empty where Slack does not say."""
        try:
            return self._known.get(slack_id).name
        except SlackClientError:
            return ""

    def public_name(self, slack_id: str) -> str | None:
        """Return a name that everybody may read; None for that of a private channel."""
        try:
            known = self._known.get(slack_id)
        except SlackClientError:
            return None
        return known.name if known.is_public else None

    def _ask(self, slack_id: str) -> Channel:
        found = self._slack.conversations_info(channel=slack_id)["channel"]
        is_public = found.get("is_channel", False) and not found.get("is_private", True)
        return Channel(str(found.get("name") or ""), is_public)


def is_direct(conversation: str) -> bool:
    """Return whether an id is of a direct message; the bot is in none but its own."""
    return conversation.startswith("D")

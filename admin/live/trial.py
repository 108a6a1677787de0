"""The context in which a promise is tried, and the ways in which it can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from slack_sdk.errors import SlackApiError, SlackClientError

from admin.live.leftovers import Leftovers
from admin.live.recorder import Recorder
from incidentio import Incidentio
from incidentio.errors import IncidentioError
from reminders.engine.post import DeliveryError
from runtime.settings import Settings
from slack.client import SlackClient
from slack.people import Person
from slack.words import explain
from storage.errors import DatabaseError

Result = Literal["kept", "broken", "skipped"]

FAILURES = (SlackClientError, IncidentioError, DatabaseError, DeliveryError)


class Broken(Exception):
    """A promise was not kept; the message says how."""


class Skipped(Exception):
    """A promise could not be tried; the message says why."""


@dataclass(frozen=True, slots=True)
class Trial:
    settings: Settings
    slack: SlackClient
    api: Incidentio
    recorder: Recorder
    person: Person
    """Who runs this, in Slack."""
    channel: str
    """Where messages are posted: the id of a channel, or of the person."""
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    ask: Callable[[str], bool | None]
    """Asks yes or no at the terminal; None where nobody is there to answer."""
    say: Callable[[str], None]
    left: Leftovers = field(default_factory=Leftovers)


def why(error: Exception) -> str:
    """Return what went wrong, as a sentence."""
    if isinstance(error, SlackApiError):
        words, code = explain(error), str(error.response.get("error"))
        return f"Slack: {words}." if code in words else f"Slack: {words} ({code})."
    if isinstance(error, DeliveryError):
        return f"Slack: {error.reason.rstrip('.')}."
    if isinstance(error, IncidentioError):
        return f"incident.io: {str(error).rstrip('.')}."
    return f"{str(error).rstrip('.')}."

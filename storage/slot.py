"""Slots: messages that are due under a rule, each sent once or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DUE, CLAIMED, SENT, EMPTY = "due", "claimed", "sent", "empty"
SKIPPED, FAILED, UNKNOWN = "skipped", "failed", "unknown"
OPEN = (DUE, CLAIMED)
"""The states of a slot that may still be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A slot as it was when it was read."""

    id: str
    rule_id: str
    channel: str
    """The id of the channel or person to send to."""
    slot_at: datetime
    """When the message is due."""
    key: str
    """Its subject and time: a second slot with the same key is not entered."""
    params: Mapping[str, Any] | None = None
    """Ids of what a notice is about. None: the slot is a time of a recurrence."""
    requested_by: str | None = None
    """Who asked for it with "Run now"."""
    state: str = DUE
    reason: str | None = None
    """Why it was not sent, or is sent later."""
    attempts: int = 0
    claimed_by: str | None = None
    lease_until: datetime | None = None
    next_attempt_at: datetime | None = None
    sending_at: datetime | None = None
    """When a worker began to send it. After that only Slack knows if it was posted."""
    message_ts: str | None = None
    posted_in: str | None = None
    """The conversation it is in; for a direct message another id than ``channel``."""
    shown: Mapping[str, Any] | None = None
    """Ids of the things that the message showed, to draw it again."""
    finished_at: datetime | None = None

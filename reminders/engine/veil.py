"""Hides, in sent messages, what they say of incidents that became private since.

The references that a message names are stored. When one of these incidents becomes
private, the message is drawn again, with what its readers may read now.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackClientError

from blocks.kit.messages import Message, section
from incidentio.cache.catalog import MODES
from incidentio.errors import IncidentioError
from storage.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from incidentio import Incident, Incidentio
    from reminders.sources.snapshots import Snapshots
    from slack.client import SlackClient
    from storage.slot import Slot
    from storage.slots import Slots

log = logging.getLogger(__name__)

NAMED = "named"
"""The key in ``shown`` of the references that a message named."""
VEILED = "This was about an incident that is now private."
AT_FIRST = timedelta(days=7)
"""How far back the first tick looks: the bot may have been down."""
OVERLAP = timedelta(minutes=5)
GONE = {"message_not_found", "channel_not_found", "cant_update_message", "is_archived"}
"""Slack's error codes for a message that can never be changed again."""

_REFERENCE = re.compile(r"\b[A-Z][A-Z0-9]*-\d+\b")


def references(content: Any) -> list[str]:
    """Return the incident references in any JSON value, sorted.

    All that looks like one counts.
    """
    return sorted({*_REFERENCE.findall(json.dumps(content))})


class Veil:
    """Redraws messages and cards; a tick makes one request, and all workers may tick.

    ``show`` returns the message of a slot as it is now. ``redraw_cards`` redraws the
    cards of escalations and returns whether all succeeded. ``hide`` is called with the
    references of incidents that became private, for what else may name them.
    """

    def __init__(
        self,
        slots: Slots,
        snapshots: Snapshots,
        api: Incidentio,
        slack: SlackClient,
        now: Callable[[], datetime],
        *,
        show: Callable[[str, str], Message | None],
        redraw_cards: Callable[[], bool],
        hide: Callable[[Sequence[str]], None],
    ) -> None:
        self._slots = slots
        self._snapshots = snapshots
        self._show = show
        self._redraw_cards = redraw_cards
        self._hide_elsewhere = hide
        self._api = api
        self._slack = slack
        self._now = now
        self._read_at: datetime | None = None
        self._done: set[str] = set()

    def tick(self) -> None:
        """Draw again each message that names an incident that became private."""
        try:
            self._tick()
        except (DatabaseError, IncidentioError, SlackClientError) as error:
            log.warning("messages about private incidents wait: %s", error)

    def _tick(self) -> None:
        now = self._now()
        since = self._read_at - OVERLAP if self._read_at else now - AT_FIRST
        changed = list(self._api.incidents.list(updated_at=since, mode=MODES))
        self._done -= {i.id for i in changed if not i.is_private}
        private = [i for i in changed if i.is_private and i.id not in self._done]
        if private:
            self._hide(private)
        self._read_at = now

    def _hide(self, private: list[Incident]) -> None:
        self._snapshots.touch()
        self._hide_elsewhere([incident.reference for incident in private])
        for incident in private:
            for slot in self._slots.naming(NAMED, incident.reference):
                if slot.posted_in != incident.slack_channel_id:
                    self._edit(slot)
                self._slots.forget(slot, NAMED, incident.reference)
        if self._redraw_cards():
            self._done |= {incident.id for incident in private}

    def _edit(self, slot: Slot) -> None:
        drawn = self._show(slot.id, slot.channel)
        message = drawn or Message(VEILED, [section(VEILED)])
        try:
            self._slack.chat_update(
                channel=slot.posted_in or slot.channel,
                ts=slot.message_ts or "",
                text=message.text,
                blocks=message.draw(),
            )
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise
        log.info("slot %s was drawn again: an incident became private", slot.id)

"""Draws sent messages again when an item that they show was changed elsewhere."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError

from incidentio.errors import IncidentioError
from storage.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from blocks.kit.messages import Message
    from slack.client import SlackClient
    from storage.slot import Slot
    from storage.slots import Slots

log = logging.getLogger(__name__)

REDRAWN = timedelta(days=7)
"""How old a message may be; only the latest of each rule is drawn again."""


class ShownMessages:
    """``show`` returns the message of a slot as it is now."""

    def __init__(
        self,
        slots: Slots,
        slack: SlackClient,
        now: Callable[[], datetime],
        *,
        show: Callable[[str, str], Message | None],
    ) -> None:
        self._slots = slots
        self._slack = slack
        self._now = now
        self._show = show

    def redraw(self, item_id: str, besides: str | None = None) -> None:
        """Draw again the messages that show an item, but for that of one slot.

        What fails is logged: the message is right after the next press.
        """
        try:
            slots = self._slots.showing(item_id, self._now() - REDRAWN)
        except DatabaseError as error:
            log.warning("messages are not drawn again: %s", error)
            return
        for slot in slots:
            if slot.id != besides:
                self._redraw(slot)

    def _redraw(self, slot: Slot) -> None:
        try:
            drawn = self._show(slot.id, slot.channel)
            if drawn is not None:
                self._edit(slot, drawn)
        except (DatabaseError, IncidentioError, SlackClientError) as error:
            log.warning("slot %s is not drawn again: %s", slot.id, error)

    def _edit(self, slot: Slot, message: Message) -> None:
        self._slack.chat_update(
            channel=slot.posted_in or slot.channel,
            ts=slot.message_ts or "",
            text=message.text,
            blocks=message.draw(),
        )

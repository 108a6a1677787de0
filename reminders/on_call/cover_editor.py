"""Keeps the messages about requests for cover up to date, on whichever worker.

A message has in ``shown`` which state of the request it shows; where that is not the
state now, whoever holds the lease of the request draws it again.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError, SlackClientError

from incidentio.errors import IncidentioError
from reminders.engine.veil import GONE
from reminders.on_call.cover import DRAWN, stamp
from slack.client import only_while
from storage.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from blocks.kit.messages import Message
    from reminders.sources.snapshots import Snapshots
    from slack.client import SlackClient
    from storage.covers import CoverRequest, Covers
    from storage.lease import Lease
    from storage.slot import Slot

log = logging.getLogger(__name__)


class CoverEditor:
    """``show`` returns the message of a slot as it is now."""

    def __init__(
        self,
        covers: Covers,
        snapshots: Snapshots,
        slack: SlackClient,
        now: Callable[[], datetime],
        *,
        show: Callable[[str, str], Message | None],
    ) -> None:
        self._covers = covers
        self._snapshots = snapshots
        self._slack = slack
        self._now = now
        self._show = show

    def tick(self) -> None:
        """Edit the messages that do not show how a request is now."""
        try:
            for request in self._covers.watched(self._now()):
                self._renew(request)
        except (DatabaseError, IncidentioError, SlackClientError) as error:
            log.warning("messages about cover wait: %s", error)

    def _renew(self, request: CoverRequest) -> None:
        wanted = stamp(request, self._now())
        messages = self._covers.messages(request.id)
        stale = [s for s in messages if (s.shown or {}).get(DRAWN) != wanted]
        lease = self._covers.claim(request) if stale else None
        if lease is None:
            return
        try:
            self._snapshots.touch()
            for slot in stale:
                self._edit(request, slot, lease)
        finally:
            self._covers.release(request, lease)

    def _edit(self, request: CoverRequest, slot: Slot, lease: Lease) -> None:
        message = self._show(slot.id, slot.channel)
        if message is None:
            return
        try:
            with only_while(lease.lasts):
                self._slack.chat_update(
                    channel=slot.posted_in or slot.channel,
                    ts=slot.message_ts or "",
                    text=message.text,
                    blocks=message.draw(),
                )
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise
        shown = {**(slot.shown or {}), **(message.shown or {})}
        self._covers.record_drawn(request, lease, replace(slot, shown=shown))

"""Sends the messages about a write; what Slack does not take now is sent later.

A slot for each message was entered with the outcome, and this process holds it: see
``storage.announcements``. Without a slot, a message is sent at most once.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_sdk.errors import SlackClientError

from reminders.engine.duplicates import Duplicates
from reminders.engine.post import EVENT, Posted, Poster, delivery_error
from reminders.engine.veil import NAMED, references
from slack.client import SlackClient, only_while
from storage.errors import DatabaseError
from storage.lease import Lease
from storage.slot import FAILED, SENT, Slot
from storage.slots import Slots

log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=1)
"""The time between two messages in one channel."""
AWAY = "the database was away"
RETRY = timedelta(seconds=10)
"""The wait before the engine sends what Slack did not take, if Slack names no time."""


class Announcer:
    """Sends a message once, under its slot."""

    def __init__(
        self, slots: Slots, slack: SlackClient, now: Callable[[], datetime]
    ) -> None:
        self._slots = slots
        self._now = now
        self.duplicates = Duplicates(Poster(slack), log.info)
        self._unrecorded: deque[Callable[[], object]] = deque()

    def announce(
        self,
        slot: Slot | None,
        message: Mapping[str, Any],
        send: Callable[[], Posted | None],
    ) -> None:
        """Send a message unless another process has taken over its slot.

        ``send`` returns where the message can be found later, or None if it cannot.

        Raises:
            SlackClientError: it was not sent, or perhaps not.
        """
        if slot is None:
            send()
        elif (lease := self._begin(slot, message)) is not None:
            try:
                with only_while(lease.lasts):
                    posted = send()
            except SlackClientError as error:
                self._send_later(slot, error)
                raise
            self._finish(slot, SENT, posted=posted)

    def leave(self, slots: Sequence[Slot], *, answered: bool) -> None:
        """Let the engine send the messages of slots of this process.

        ``answered``: the first of them was said without its slot.

        Raises:
            DatabaseError: the engine sends them when their leases have run out.
        """
        now = self._now()
        for slot in slots[:1] if answered else ():
            self._slots.finish(slot, SENT, now)
        for slot in slots[1:] if answered else slots:
            self._slots.postpone(slot, now, AWAY)

    def settle(self) -> None:
        """Record what could not be recorded while the database was away.

        Raises:
            DatabaseError: it still is.
        """
        while self._unrecorded:
            self._unrecorded[0]()
            self._unrecorded.popleft()

    def _begin(self, slot: Slot, message: Mapping[str, Any]) -> Lease | None:
        """Record that sending begins; None if it must not: another may send it."""
        shown = {NAMED: references(message)}
        try:
            return self._slots.begin_sending(slot, self._now(), PAUSE, shown)
        except DatabaseError as error:
            log.warning("slot %s is said later: %s", slot.id, error)
            leave = partial(self._slots.postpone, slot, self._now(), AWAY)
            self._unrecorded.append(leave)
            return None

    def _send_later(self, slot: Slot, error: SlackClientError) -> None:
        failed, now = delivery_error(error), self._now()
        if failed.permanent:
            self._finish(slot, FAILED, reason=failed.reason)
            return
        at, doubt = now + (failed.wait or RETRY), failed.maybe_sent
        retry = partial(
            self._slots.retry, slot, at, failed.reason, now, maybe_sent=doubt
        )
        try:
            retry()
        except DatabaseError as reason:
            log.warning("slot %s is taken over later: %s", slot.id, reason)
            self._unrecorded.append(retry)

    def _finish(
        self,
        slot: Slot,
        state: str,
        *,
        reason: str | None = None,
        posted: Posted | None = None,
    ) -> None:
        now, (channel, ts) = self._now(), posted or (None, None)

        def finish() -> None:
            ours = self._slots.finish(
                slot, state, now, reason=reason, message_ts=ts, posted_in=channel
            )
            if posted and not ours:
                self.duplicates.add_lost(self._slots, slot, posted)

        try:
            finish()
        except DatabaseError as error:
            log.warning("slot %s is looked for later: %s", slot.id, error)
            self._unrecorded.append(finish)


def marked(slot: Slot | None) -> dict[str, Any]:
    """Return the argument ``metadata``, by which a message is found again."""
    if slot is None:
        return {}
    payload = {"slot": slot.id}
    return {"metadata": {"event_type": EVENT, "event_payload": payload}}


def is_passing(error: SlackClientError) -> bool:
    """Return whether a message that Slack did not take now is sent again later."""
    return not delivery_error(error).permanent

"""Posts in a channel what was done and what was refused, several in one message.

Anybody may read the channel, so private incidents are veiled, whoever acted.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from blocks import audit as view
from blocks.kit import messages, text
from blocks.kit.messages import Message
from handlers.audit.show import incident_ids, line, readable
from handlers.core.context import Services
from reminders.engine.duplicates import Duplicates
from reminders.engine.post import SHOWN_AFTER, DeliveryError, Posted, Poster
from storage.audit_outbox import AuditOutbox, Batch
from storage.entry import Entry
from storage.errors import DatabaseError

log = logging.getLogger(__name__)

EVENT = "incidentio_bot_audit"
"""The type of the metadata that says which entries a message has."""

IN_ONE = 10
SOON, LATER = timedelta(seconds=30), timedelta(minutes=10)
"""The wait after an error that may pass, and after one that somebody must fix."""


class AuditChannel:
    """Posts at most one message a tick, and none if no channel is set."""

    def __init__(self, services: Services, outbox: AuditOutbox, channel: str) -> None:
        self._services = services
        self._outbox = outbox
        self._channel = channel
        self._poster = Poster(services.slack, EVENT)
        self._duplicates = Duplicates(self._poster, log.info)
        self._resting: datetime | None = None

    def tick(self) -> None:
        """Post what is due. After a refusal of Slack, wait before the next."""
        now = self._services.now()
        if not self._channel or (self._resting and now < self._resting):
            return
        try:
            batch = self._outbox.claim(IN_ONE)
            if batch is not None:
                self._deliver(batch)
            self._duplicates.take_back()
        except DatabaseError as error:
            log.warning("the audit is not posted: %s", error)

    def _deliver(self, batch: Batch) -> None:
        try:
            posted = self._post(batch)
        except DeliveryError as error:
            self._postpone(batch, error)
        else:
            if not self._outbox.posted(batch) and posted is not None:
                second = partial(self._is_second, batch, posted)
                self._duplicates.add(posted, second)

    def _post(self, batch: Batch) -> Posted | None:
        """Post a batch; return None if it is in the channel already."""
        if self._is_there(batch):
            return None
        message = self._message(batch.entries)
        return self._poster.post(
            self._channel, batch.id, message.text, message.draw(), batch.lease
        )

    def _is_second(self, batch: Batch, posted: Posted) -> bool | None:
        """Return whether the batch was posted twice; None while it is open."""
        if self._outbox.is_open(batch):
            return None
        other = self._poster.find(self._channel, batch.id, batch.since, besides=posted)
        return other is not None

    def _is_there(self, batch: Batch) -> bool:
        """Ask Slack whether a process that died posted the batch."""
        if not batch.begun:
            return False
        try:
            found = self._poster.find(self._channel, batch.id, batch.since)
        except DeliveryError as error:
            if error.remedy or not error.permanent:
                raise
            log.warning("whether it was posted cannot be told: %s", error.reason)
            return True
        return found is not None

    def _postpone(self, batch: Batch, error: DeliveryError) -> None:
        wait = error.wait or (LATER if error.permanent else SOON)
        if error.maybe_sent:
            wait = max(wait, SHOWN_AFTER)
        else:
            self._resting = self._services.now() + wait
        self._outbox.postpone(batch, wait, maybe_sent=error.maybe_sent)
        log.warning(
            "the audit is not posted in %s: %s. %s; it is tried again in %s",
            self._channel,
            error.reason,
            error.remedy or "Nothing is lost",
            text.duration(wait),
        )

    def _message(self, entries: Sequence[Entry]) -> Message:
        found = readable(self._services.api, incident_ids(entries))
        public = {i.id for i in found if not i.is_private}
        name = {e.actor: self._services.people.get(e.actor).name for e in entries}
        lines = [view.in_short(line(e, public), name[e.actor]) for e in entries]
        return Message("\n".join(lines), [messages.section(said) for said in lines])

"""Delivers one claimed slot: from its rule to its message and the result."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from reminders.engine import delivery_policy
from reminders.engine.duplicates import Duplicates
from reminders.engine.kinds import Later, Nothing, RenderContext
from reminders.engine.post import SHOWN_AFTER, DeliveryError
from reminders.engine.veil import NAMED, references
from storage.errors import DatabaseError
from storage.rule import PAUSED, Rule
from storage.slot import EMPTY, FAILED, SENT, SKIPPED, UNKNOWN, Slot
from telemetry.tracing import span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from reminders.engine.failure_notices import FailureNotices
    from reminders.engine.kinds import Kind, Message
    from reminders.engine.post import Posted, Poster
    from reminders.sources.snapshot import Snapshot
    from storage.rules import Rules
    from storage.slots import Claim, Slots

log = logging.getLogger(__name__)

PAUSE = timedelta(seconds=1)
"""The least time between two messages in one channel."""

LEAST_WAIT, MOST_WAIT = timedelta(seconds=30), timedelta(minutes=10)
LATE = timedelta(minutes=5)
"""A message that is sent later than this after it was due is counted as late."""


class Observe(Protocol):
    def __call__(self, event: str, **labels: str) -> None: ...


class Deliverer:
    def __init__(
        self,
        slots: Slots,
        rules: Rules,
        poster: Poster,
        kinds: Mapping[str, Kind],
        *,
        failure_notices: FailureNotices,
        now: Callable[[], datetime],
        observe: Observe,
    ) -> None:
        self._slots = slots
        self._rules = rules
        self._poster = poster
        self._kinds = kinds
        self._now = now
        self._failure_notices = failure_notices
        self._observe = observe
        self.duplicates = Duplicates(poster, observe)

    def deliver(self, claim: Claim, snapshot: Snapshot) -> None:
        """Send the message of a slot, or leave it for later; record its failure."""
        slot = claim.slot
        rule = self._rules.get(slot.rule_id)
        if rule is None:
            return
        if claim.taken_from:
            self._observe("taken_over", kind=rule.kind)
            log.warning("slot %s is taken over from %s", slot.id, claim.taken_from)
        with span(f"reminder {rule.kind}", slot=slot.id, rule=rule.id):
            try:
                self._attempt(slot, rule, snapshot)
            except DeliveryError as error:
                self._failed(slot, rule, error)

    def _attempt(self, slot: Slot, rule: Rule, snapshot: Snapshot) -> None:
        try:
            if not self._was_sent(slot, rule):
                self._send(slot, rule, snapshot)
        except (DeliveryError, DatabaseError):
            raise
        except Exception as error:
            log.exception("slot %s of reminder %s failed", slot.id, rule.id)
            reason = f"a bug in the bot: {type(error).__name__}"
            raise DeliveryError(reason, maybe_sent=True) from error

    def _was_sent(self, slot: Slot, rule: Rule) -> bool:
        """Return whether an earlier attempt, whose result is unknown, reached Slack."""
        if slot.sending_at is None:
            return False
        found = self._poster.find(slot.channel, slot.id, slot.sending_at)
        if found is not None:
            self._observe("resolved", kind=rule.kind)
            self._finish(slot, rule, SENT, posted=found)
            return True
        early = slot.sending_at + SHOWN_AFTER - self._now()
        if early > timedelta(0):
            reason, wait = "it is not known yet if it was sent", min(early, SHOWN_AFTER)
            raise DeliveryError(reason, maybe_sent=True, wait=wait)
        return False

    def _send(self, slot: Slot, rule: Rule, snapshot: Snapshot) -> None:
        obsolete = self._obsolete(slot, rule)
        if obsolete:
            self._finish(slot, rule, SKIPPED, reason=obsolete)
            return
        kind = self._kinds[rule.kind]
        _require(snapshot, slot, kind.sources(rule))
        context = RenderContext(snapshot, rule, slot, self._now())
        answer = delivery_policy.decide(context, kind) or kind.compose(context)
        if isinstance(answer, Nothing):
            state = SKIPPED if answer.reason else EMPTY
            self._finish(slot, rule, state, reason=answer.reason)
        elif isinstance(answer, Later):
            self._slots.postpone(slot, answer.at, answer.reason)
        else:
            self._post(slot, rule, answer)

    def _post(self, slot: Slot, rule: Rule, message: Message) -> None:
        drawn = message.draw()
        names = references([message.text, drawn])
        shown = {**(message.shown or {}), NAMED: names} if names else message.shown
        lease = self._slots.begin_sending(slot, self._now(), PAUSE, shown)
        if lease is None:
            log.warning("slot %s was lost to another worker", slot.id)
            return
        posted = self._poster.post(slot.channel, slot.id, message.text, drawn, lease)
        if not self._finish(slot, rule, SENT, posted=posted):
            self.duplicates.add_lost(self._slots, slot, posted)

    def _obsolete(self, slot: Slot, rule: Rule) -> str | None:
        """Return why a slot is not to be sent any more. None: it is to be sent."""
        if rule.state == PAUSED and slot.requested_by is None:
            return "the reminder is paused"
        if slot.params is None and self._slots.superseded(slot):
            return "a later one was due"
        if self._too_late(slot, rule):
            return f"too late; {slot.reason or 'the bot was not running'}"
        return None

    def _too_late(self, slot: Slot, rule: Rule) -> bool:
        return self._now() - slot.slot_at > self._kinds[rule.kind].grace

    def _failed(self, slot: Slot, rule: Rule, error: DeliveryError) -> None:
        """Retry a slot, redirect it, or end it; tell the creator of the rule."""
        hopeless = error.maybe_sent and self._too_late(slot, rule)
        if not error.permanent and not hopeless:
            self._retry(slot, rule, error)
            self._failure_notices.failed(rule, error.reason)
            return
        person = self._kinds[rule.kind].otherwise(slot)
        if error.permanent and person and person != slot.channel:
            self._slots.redirect(slot, person, self._now(), error.reason)
            return
        state = UNKNOWN if error.maybe_sent else FAILED
        if not self._finish(slot, rule, state, reason=error.reason):
            return
        if state == UNKNOWN:
            self._failure_notices.doubt(rule, slot, error)
        elif error.remedy and slot.channel == rule.channel:
            self._failure_notices.give_up(rule, error.reason, error.remedy)
        else:
            self._failure_notices.failed(rule, error.reason)

    def _retry(self, slot: Slot, rule: Rule, error: DeliveryError) -> None:
        now = self._now()
        age = now - slot.slot_at
        wait = error.wait or min(max(age, LEAST_WAIT), MOST_WAIT)
        ours = self._slots.retry(
            slot, now + wait, error.reason, now, maybe_sent=error.maybe_sent
        )
        if not ours:
            log.warning("slot %s was lost to another worker", slot.id)
            return
        if error.busy_channel:
            self._slots.delay_channel(slot.channel, now + wait)
        self._observe("retried", kind=rule.kind)
        log.warning("slot %s waits %s: %s", slot.id, wait, error.reason)

    def _finish(
        self,
        slot: Slot,
        rule: Rule,
        state: str,
        *,
        reason: str | None = None,
        posted: Posted | None = None,
    ) -> bool:
        """Record how a slot ended. False: it is not ours, and nothing is recorded."""
        now = self._now()
        channel, ts = posted or (None, None)
        ours = self._slots.finish(
            slot, state, now, reason=reason, message_ts=ts, posted_in=channel
        )
        if not ours:
            log.warning("slot %s was lost to another worker", slot.id)
            return False
        self._observe(state, kind=rule.kind)
        if state == SENT and now - _due_at(slot) > LATE:
            self._observe("late", kind=rule.kind)
        log.info("slot %s of reminder %s: %s", slot.id, slot.rule_id, state)
        return True


def _due_at(slot: Slot) -> datetime:
    """Return when it was due; a throttled message is due when it was planned."""
    planned = slot.next_attempt_at if slot.attempts == 1 else None
    return max(slot.slot_at, planned or slot.slot_at)


def _require(snapshot: Snapshot, slot: Slot, wanted: Collection[str]) -> None:
    """Check that all ``wanted`` sources were read after the slot was due.

    Raises:
        DeliveryError: one was not.
    """
    for source in wanted:
        if source in snapshot.failures:
            raise DeliveryError(snapshot.failures[source])
    if snapshot.at < slot.slot_at or not snapshot.known.issuperset(wanted):
        raise DeliveryError("incident.io was read too early", wait=PAUSE)

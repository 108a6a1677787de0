"""A model of what may happen to workers, and what must be true of it all the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from reminders.calendar.schedule import Recurrence, times
from reminders.items.filters import DigestOptions
from storage.rules import Rules
from storage.slot import EMPTY, FAILED, OPEN, SENT, SKIPPED, UNKNOWN
from storage.tables import SlotRow
from tests.reminders.mortal import PULSE

OPTIONS = DigestOptions(item_kinds=("follow_ups",))
EVERY = {"C0INCIDENTS": "0 * * * * UTC", "C0PLATFORM": "10 * * * * Asia/Kolkata"}
GRACE = timedelta(hours=1)
"""No kind gives up sooner on a message that may have arrived."""

STEPS = st.none() | st.integers(0, 60)
PASSING = [
    {"drop": True},
    {"drop": "after"},
    {"status": 500},
    {"error": "internal_error"},
    {"retry_after": 90},
    {"error": "invalid_auth"},
]
"""How Slack fails in ways that pass; who is told no for good is another story."""


class ExactlyOnce(RuleBasedStateMachine):
    """``crew`` is set by those who run it: workers of some kind on some database."""

    crew: Any = None

    def __init__(self):
        super().__init__()
        self.crew.open()
        self.now = self.crew.clock
        self.skew = timedelta(0)
        self.began = self.now()
        self.made = {}
        self.asleep = self.absent = False

    @initialize()
    def set_reminders(self):
        reminders = Rules(self.crew.database, self.now, _following)
        for channel, when in EVERY.items():
            self.made[channel] = reminders.create(
                channel=channel, created_by="U0ANA", options=OPTIONS, recurrence=when
            )

    @rule(
        minutes=st.integers(0, 30),
        dies=st.lists(STEPS, min_size=3, max_size=3),
        locked=st.booleans(),
    )
    def tick(self, minutes, dies, locked):
        """Each worker ticks, or dies somewhere in it; another comes in its place."""
        self.now.advance(minutes=minutes)
        self.crew.tick(self.now() + self.skew, dies, locked=locked)

    @precondition(lambda self: not self.absent)
    @rule(hours=st.integers(1, 8))
    def nobody_is_there(self, hours):
        """Not for so long that what was missed is no longer recorded one by one."""
        self.absent = True
        self.now.advance(hours=hours)

    @rule(minutes=st.integers(-4, 4))
    def the_clock_is_put(self, minutes):
        """Forward or back, within what Slack's clock and ours may be apart."""
        self.skew = timedelta(minutes=minutes)

    @rule(fault=st.sampled_from(PASSING), times=st.integers(1, 3))
    def slack_fails(self, fault, times):
        self.crew.slack.fail("chat.postMessage", times=times, **fault)

    @rule(lacks=st.sampled_from([set(), {"data_visualization"}]))
    def slack_takes_charts_or_not(self, lacks):
        self.crew.slack.workspace.unsupported_blocks = lacks

    @rule(times=st.integers(1, 2))
    def history_cannot_be_read(self, times):
        self.crew.slack.fail("conversations.history", status=500, times=times)

    @rule(times=st.integers(1, 2))
    def incidentio_fails(self, times):
        self.crew.incidentio.fail("GET", "/v3/follow_ups", status=422, times=times)

    @precondition(lambda self: not self.asleep)
    @rule()
    def nothing_is_outstanding(self):
        self.asleep = True
        self.crew.snooze(self.now() + timedelta(hours=5))

    @invariant()
    def nothing_was_said_twice(self):
        assert not {slot for slot, n in self.crew.said().items() if n > 1}

    def teardown(self):
        try:
            self._come_to_an_end()
            said = self.crew.said()
            for slot in self.crew.slots():
                _check(slot, said[slot.id])
            for channel, when in EVERY.items():
                self._check_complete(self.made.get(channel), when)
        finally:
            self.crew.close()

    def _come_to_an_end(self):
        """All is well from now on, and time goes by."""
        self.crew.slack.clear_faults()
        self.crew.incidentio.clear_faults()
        for _ in range(60):
            self.now.advance(minutes=5)
            self.crew.tick(self.now(), [None] * 3)
            if not any(s.state in OPEN for s in self.crew.slots()):
                return
        raise AssertionError("some slots are never settled")

    def _check_complete(self, known, when):
        """Every time at which it was due has its slot."""
        if known is None:
            return
        entered = {s.slot_at for s in self.crew.slots() if s.rule_id == known.id}
        last = max(entered, default=self.began)
        due = set()
        for at in times(Recurrence.parse(when), self.began):
            if at > last:
                break
            due.add(at)
        assert due == entered


def _check(slot, said):
    if slot.state == SENT:
        assert said == 1
    elif slot.state in {SKIPPED, FAILED}:
        assert (said, bool(slot.reason)) == (0, True)
    elif slot.state == UNKNOWN:
        assert said <= 1, slot.reason
        assert slot.finished_at - slot.slot_at > GRACE
    else:
        assert (slot.state, said) == (EMPTY, 0)


def _following(when, after):
    return next(times(Recurrence.parse(when), after))


def said(slack):
    """How often each slot was posted, wherever."""
    return Counter(
        message.metadata["event_payload"]["slot"]
        for channel in slack.workspace.channels.values()
        for message in channel.messages
        if message.metadata
    )


def slots(database):
    with database.read() as session:
        return session.query(SlotRow).all()


__all__ = ["PULSE", "ExactlyOnce", "said", "slots"]

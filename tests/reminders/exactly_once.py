"""A model of what may happen to workers, and what must be true of it all the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
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
from sqlalchemy import delete, insert, select

from reminders.calendar.schedule import Recurrence, times
from reminders.items.filters import DigestOptions
from storage.rules import Rules
from storage.slot import EMPTY, FAILED, OPEN, SENT, SKIPPED, UNKNOWN
from storage.tables import SlotRow, TableBase
from tests.reminders.mortal import PULSE

OPTIONS = DigestOptions(item_kinds=("follow_ups",))
EVERY = {"C0INCIDENTS": "0 * * * * UTC", "C0PLATFORM": "10 * * * * Asia/Kolkata"}
GRACE = timedelta(hours=1)
"""No kind gives up sooner on a message that may have arrived."""


@dataclass(frozen=True)
class Event:
    """What befalls a worker at one statement or call of its tick."""

    step: int | str
    frozen: float | None = None
    """For so many minutes; meanwhile the others tick. None: it is killed."""


STEPS = st.integers(0, 60)
FREEZES = st.builds(Event, STEPS, st.sampled_from([0, 1, 2, 3, 10]))
EVENTS = st.none() | st.builds(Event, STEPS) | FREEZES
PASSING: list[dict[str, Any]] = [
    {"drop": True},
    {"drop": "after"},
    {"status": 500},
    {"status": 503, "after": True},
    {"error": "internal_error"},
    {"error": "fatal_error", "after": True},
    {"retry_after": 90},
    {"error": "invalid_auth"},
]
"""How Slack fails in ways that pass; who is told no for good is another story."""

JUMPS = [timedelta(minutes=m) for m in (-4, 4)] + [timedelta(hours=h) for h in (-5, 5)]


class ExactlyOnce(RuleBasedStateMachine):
    """``crew`` is set by those who run it: workers of some kind on some database."""

    crew: Any = None

    def __init__(self):
        super().__init__()
        self.crew.open()
        self.now = self.crew.clock
        self.began = self.now()
        self.made = {}
        self.forgiven = Counter()
        """How often each slot may be said besides: commits were lost."""
        self.asleep = self.absent = self.jumped = False

    @initialize()
    def set_reminders(self):
        reminders = Rules(self.crew.database, self.now, _following)
        for channel, when in EVERY.items():
            self.made[channel] = reminders.create(
                channel=channel, created_by="U0ANA", options=OPTIONS, recurrence=when
            )

    @rule(
        minutes=st.integers(0, 30),
        events=st.lists(EVENTS, min_size=3, max_size=3),
        locked=st.booleans(),
    )
    def tick(self, minutes, events, locked):
        """Each worker ticks; where one dies, another comes in its place."""
        self.now.advance(minutes=minutes)
        self.crew.tick(events, locked=locked)

    @precondition(lambda self: not self.absent)
    @rule(hours=st.integers(1, 8))
    def nobody_is_there(self, hours):
        """Not for so long that what was missed is no longer recorded one by one."""
        self.absent = True
        self.now.advance(hours=hours)

    @rule(number=st.integers(0, 2), jump=st.sampled_from(JUMPS))
    def a_clock_jumps(self, number, jump):
        self.jumped |= self.crew.one_machine
        self.crew.put_clock(number, jump)

    @rule()
    def the_clocks_are_right_again(self):
        self.crew.put_clock(None, timedelta(0))

    @rule(number=st.integers(0, 2), off=st.sampled_from(["database", "slack"]))
    def a_worker_is_cut_off(self, number, off):
        self.crew.cut[number] = off

    @rule()
    def the_network_is_mended(self):
        self.crew.cut.clear()

    @rule(seconds=st.sampled_from([0, 3, 20]))
    def the_database_is_slow(self, seconds):
        """Each statement takes so long."""
        self.crew.slow = seconds

    @rule(number=st.integers(0, 2), earlier=st.booleans())
    def a_worker_is_deployed(self, number, earlier):
        """The earlier version does not know all kinds of rules."""
        self.crew.deploy(number, earlier=earlier)

    @rule(minutes=st.integers(1, 20))
    def a_failover_loses_a_tick(self, minutes):
        """What was sent meanwhile was sent, and nobody knows."""
        stored, before = _stored(self.crew.database), self.crew.said()
        self.tick(minutes, [None] * 3, locked=False)
        lost = self.crew.said() - before
        _restore(self.crew.database, stored)
        self.forgiven += lost

    @rule(fault=st.sampled_from(PASSING), times=st.integers(1, 3))
    def slack_fails(self, fault, times):
        self.crew.slack.fail("chat.postMessage", times=times, **fault)

    @rule(times=st.integers(1, 2))
    def slack_deletes_nothing(self, times):
        self.crew.slack.fail("chat.delete", status=503, times=times)

    @rule(lacks=st.sampled_from([set(), {"data_visualization"}]))
    def slack_takes_charts_or_not(self, lacks):
        self.crew.slack.workspace.unsupported_blocks = lacks

    @rule(times=st.integers(1, 2))
    def history_cannot_be_read(self, times):
        self.crew.slack.fail("conversations.history", status=500, times=times)

    @precondition(lambda self: not self.jumped)
    @rule(seconds=st.sampled_from([0, 100]))
    def history_shows_late(self, seconds):
        """That it does is measured by a clock that is right."""
        self.crew.slack.history_lag = timedelta(seconds=seconds)

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
        """But what a worker said that froze on its very way to Slack."""
        doubled = self.crew.said() - self.forgiven
        second = sum(n - 1 for n in doubled.values() if n > 1)
        assert second + self.crew.taken_back() <= self.crew.late_freezes

    def teardown(self):
        try:
            self._come_to_an_end()
            said = self.crew.said()
            forgiven = self.forgiven + self.crew.orphaned
            for slot in self.crew.slots():
                check(slot, said[slot.id], forgiven[slot.id])
            for channel, when in EVERY.items():
                self._check_complete(self.made.get(channel), when)
            if not self.forgiven:
                check_pulses(self.crew.pulses())
        finally:
            self.crew.close()

    def _come_to_an_end(self):
        """All is well from now on, and time goes by."""
        self.crew.recover()
        for _ in range(100):
            self.now.advance(minutes=5)
            self.crew.tick([None] * 3)
            if not any(s.state in OPEN for s in self.crew.slots()):
                break
        else:
            raise AssertionError("some slots are never settled")
        self.crew.tick([None] * 3)

    def _check_complete(self, known, when):
        """Every time at which it was due has its slot, and one."""
        if known is None:
            return
        entered = [s.slot_at for s in self.crew.slots() if s.rule_id == known.id]
        last = max(entered, default=self.began)
        due = []
        for at in times(Recurrence.parse(when), self.began):
            if at > last:
                break
            due.append(at)
        assert due == sorted(entered)


def check(slot, said, forgiven):
    late = slot.finished_at - slot.slot_at
    if slot.state == SENT:
        assert 1 <= said <= 1 + forgiven
    elif slot.state == SKIPPED:
        assert said <= forgiven
        assert slot.reason
        assert late > GRACE or not slot.reason.startswith("too late")
    elif slot.state == UNKNOWN:
        assert said <= 1 + forgiven, slot.reason
        assert late > GRACE
    else:
        assert slot.state != FAILED, "nobody was told no for good"
        assert (slot.state, said <= forgiven) == (EMPTY, True)


def check_pulses(texts):
    assert not {words for words, n in Counter(texts).items() if n > 1}


def _stored(database):
    with database.read() as session:
        return {
            table: [dict(row) for row in session.execute(select(table)).mappings()]
            for table in TableBase.metadata.sorted_tables
        }


def _restore(database, stored):
    with database.write() as session:
        for table in reversed(stored):
            session.execute(delete(table))
        for table, rows in stored.items():
            if rows:
                session.execute(insert(table), rows)


def _following(when, after):
    return next(times(Recurrence.parse(when), after))


def posts(slack):
    """All messages with a slot in their metadata, wherever."""
    return [
        message
        for channel in slack.workspace.channels.values()
        for message in channel.messages
        if message.metadata
    ]


def said(slack):
    """How often each slot was posted."""
    return Counter(m.metadata["event_payload"]["slot"] for m in posts(slack))


def pulses(slack):
    return [m.text for m in posts(slack) if m.text.startswith("Pulse")]


def slots(database):
    with database.read() as session:
        return session.query(SlotRow).all()


__all__ = [
    "PASSING",
    "PULSE",
    "Event",
    "ExactlyOnce",
    "check",
    "check_pulses",
    "pulses",
    "said",
    "slots",
]

"""Short plays: one fault at each step of one tick, and what must be true after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from reminders.calendar.schedule import following
from storage.rules import Rules
from storage.slot import OPEN
from tests.reminders.exactly_once import OPTIONS, PASSING, Event, check, check_pulses
from tests.reminders.mortal import ANSWER, LOOK, REQUEST

CHANNEL, WHEN = "C0INCIDENTS", "10 * * * * UTC"
LAG = timedelta(seconds=100)
BEFORE = 25
"""Steps between a worker's first look at the slots and its first message."""
SETTLING = (0.6, 1.5, 1, 3.1, 3.1)
"""Minutes between ticks: a retry, a lease, a second look, and what comes after."""


@dataclass(frozen=True)
class Play:
    """What goes wrong when a reminder and a message for Ben are due."""

    fault: dict[str, Any] = field(default_factory=dict)
    """Of Slack's answer to the first messages."""
    times: int = 1
    event: Event | None = None
    """What befalls the first worker."""
    lag: timedelta = timedelta(0)
    off: timedelta = timedelta(0)
    """How far the clock of the second worker's machine is off."""
    earlier: bool = False
    """Whether the first worker is of an earlier version."""
    cut: str | None = None
    """What the first worker cannot reach in its tick."""

    def perform(self, crew):
        """Let it happen, then let time pass until all is said; check the outcome.

        Return the steps that the first worker took in its tick.
        """
        crew.open()
        try:
            return self._perform(crew)
        finally:
            crew.close()

    def _perform(self, crew):
        rules = Rules(crew.database, crew.clock, following)
        rules.create(
            channel=CHANNEL, created_by="U0ANA", options=OPTIONS, recurrence=WHEN
        )
        if self.earlier:
            crew.deploy(0, earlier=True)
        crew.clock.advance(minutes=70, seconds=1)
        if self.fault:
            crew.slack.fail("chat.postMessage", times=self.times, **self.fault)
        crew.slack.history_lag = self.lag
        crew.off[1] = self.off
        crew.cut = {0: self.cut} if self.cut else {}
        crew.tick([self.event, None, None])
        steps = list(crew.steps())
        crew.cut.clear()
        self._check_now(crew)
        for minutes in SETTLING:
            crew.clock.advance(minutes=minutes)
            crew.tick([None] * 3)
            self._check_now(crew)
        said = crew.said()
        slots = crew.slots()
        assert any(slot.params is None for slot in slots)
        for slot in slots:
            assert slot.state not in OPEN, slot.reason
            check(slot, said[slot.id], 0)
        check_pulses(crew.pulses())
        return steps

    def _check_now(self, crew):
        second = sum(n - 1 for n in crew.said().values() if n > 1)
        assert second + crew.taken_back() <= crew.late_freezes


def faults(crew):
    """Yield the plays in which nobody dies."""
    del crew
    yield Play()
    yield Play({"retry_after": 60}, times=2, earlier=True)
    for fault in PASSING:
        yield Play(fault)
        yield Play(fault, lag=LAG)
    yield Play(cut="database")
    yield Play(cut="slack")


def kills(crew):
    return (Play(event=Event(step)) for step in steps(crew))


def freezes(crew):
    return (Play(event=Event(step, 3)) for step in steps(crew))


def races(crew):
    """Return the plays in which another worker comes in between, on a wrong clock."""
    off = timedelta(minutes=4)
    return (Play(event=Event(step, 0), off=off) for step in steps(crew))


def steps(crew):
    """Yield the steps of a message, then all from a worker's first slot to the end."""
    yield from (LOOK, REQUEST, ANSWER)
    Play().perform(crew)
    names = Play().perform(crew)
    yield from range(names.index(LOOK) - BEFORE, len(names))

"""The clock only ticks: one at a time, and it waits for the last."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

from reminders.engine import clock


def test_it_ticks_at_once_and_again_until_stopped():
    ticks = []
    enough = Event()

    def tick():
        ticks.append(1)
        if len(ticks) == 3:
            enough.set()

    running = clock.start(tick, every=timedelta(seconds=0.01))
    assert enough.wait(10)
    assert running.running
    running.stop()
    count = len(ticks)
    assert not running.running
    running.stop()
    assert len(ticks) == count


def test_stopping_waits_for_the_tick_that_runs():
    began, ended = Event(), []

    def tick():
        began.set()
        Event().wait(0.05)
        ended.append(1)

    running = clock.start(tick, every=timedelta(hours=1))
    assert began.wait(10)
    running.stop()
    assert ended == [1]


def test_a_tick_that_fails_does_not_stop_the_clock():
    ticks = []
    again = Event()

    def tick():
        ticks.append(1)
        if len(ticks) > 1:
            again.set()
        raise RuntimeError("a fault")

    running = clock.start(tick, every=timedelta(seconds=0.01))
    assert again.wait(10)
    running.stop()

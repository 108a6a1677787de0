"""The clock only ticks: one at a time, and it waits for the last."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from threading import Event

import pytest

from benchmarks.servers import ROOT
from chaos.faults.clocks import WallClock
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


TICKING = """
from datetime import timedelta
from threading import Semaphore
from reminders.engine import clock
ticks = Semaphore(0)
clock.start(ticks.release, timedelta(seconds=0.2))
ticks.acquire()
print(flush=True)
for _ in range(5):
    ticks.acquire()
"""


@pytest.mark.prove
@pytest.mark.skipif(shutil.which("cc") is None, reason="a clock is moved by a library")
def test_it_goes_on_when_the_machines_clock_is_put_back(tmp_path):
    wall = WallClock(tmp_path)
    wall.put(timedelta(hours=5))
    command = [sys.executable, "-c", TICKING]
    ticking = subprocess.Popen(
        command, env=wall.settings, cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert ticking.stdout.readline()
        wall.put(timedelta(0))
        assert ticking.wait(30) == 0
    finally:
        ticking.kill()
        ticking.communicate()

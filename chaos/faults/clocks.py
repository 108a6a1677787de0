"""Machines whose clocks are ahead, or jump."""

from __future__ import annotations

import shutil
import subprocess
import time
from datetime import timedelta
from pathlib import Path

from chaos.fault import DOUBT, SETTLES, Skipped, fault
from chaos.reminders import next_minute, utc_now
from chaos.stage import Stage

SOURCE = Path(__file__).parents[1] / "clock.c"
MINUTES, HOURS = timedelta(minutes=3), timedelta(hours=5)


class WallClock:
    """The wall clock of the processes that are started with its ``settings``."""

    def __init__(self, folder: Path) -> None:
        """Build the library that moves it. Raises: Skipped without a C compiler."""
        compiler = shutil.which("cc")
        if compiler is None:
            raise Skipped("there is no C compiler to move a process's clock with")
        library = folder / "clock.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)]
        subprocess.run(command, check=True)
        self._file = folder / "clock"
        self.put(timedelta())
        self.settings = {"LD_PRELOAD": str(library), "CLOCK_AHEAD": str(self._file)}

    def put(self, ahead: timedelta) -> None:
        seconds = int(ahead.total_seconds())
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(seconds.to_bytes(8, "little", signed=True))


def _reminders(stage: Stage) -> None:
    """Set up reminders for the next minute, and some that must not come yet."""
    stage.reminders.set_up(12, at=next_minute())
    stage.reminders.set_up(4, at=utc_now() + timedelta(hours=4), due=False)


def _side_by_side(stage: Stage, by: timedelta, kinds: tuple[str, ...]) -> None:
    """Let processes that are ahead, and others that are not, share the work."""
    clock = WallClock(stage.folder)
    stage.start("web", "worker")
    clock.put(by)
    stage.start(*kinds, settings=clock.settings)
    _reminders(stage)
    # Slow enough that each process sees the unfinished work of the others.
    stage.world.slack.fail("chat.postMessage", delay=0.4)
    stage.world.incidentio.fail("POST", "*", delay=1.0)
    with stage.load(writes=15, reminders=24, seconds=40):
        pass
    stage.world.slack.clear_faults()
    stage.world.incidentio.clear_faults()
    stage.healed()


@fault(settles=DOUBT + SETTLES)
def clock_minutes_ahead(stage: Stage) -> str:
    """Put the clocks of one worker and one replica of two forward by 3 minutes."""
    _side_by_side(stage, MINUTES, ("web", "worker"))
    return "the clocks of one worker and one replica of two 3 minutes ahead"


@fault(settles=DOUBT + SETTLES)
def clock_hours_ahead(stage: Stage) -> str:
    """Put the clock of one worker of two forward by 5 hours."""
    _side_by_side(stage, HOURS, ("worker",))
    return "the clock of one worker of two 5 hours ahead"


@fault(settles=DOUBT + SETTLES)
def clock_jumps(stage: Stage) -> str:
    """Let the clocks of all workers jump 5 hours ahead and back, twice."""
    clock = WallClock(stage.folder)
    stage.start("web", "web")
    stage.start("worker", "worker", settings=clock.settings)
    _reminders(stage)
    with stage.load(writes=10, reminders=30, seconds=45):
        for _ in range(2):
            time.sleep(stage.random.uniform(4, 8))
            clock.put(HOURS)
            # Longer than a tick takes on a busy machine.
            time.sleep(8)
            clock.put(timedelta())
    stage.healed()
    return "the clocks of all workers 5 hours ahead and back, twice"

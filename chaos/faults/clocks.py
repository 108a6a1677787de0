"""Machines whose clocks are ahead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from chaos.fault import LEASE, SETTLES, Skipped, fault
from chaos.reminders import next_minute, utc_now
from chaos.stage import Stage

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")


def _ahead(seconds: float) -> dict[str, str]:
    """Return variables that put a process's clock forward."""
    root = Path("/")
    found = [path for glob in LIBRARIES for path in root.glob(glob.lstrip("/"))]
    if not found:
        raise Skipped("libfaketime is not installed")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME": f"+{seconds:.0f}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _race(stage: Stage, by: timedelta, kinds: tuple[str, ...]) -> None:
    ahead = _ahead(by.total_seconds())
    stage.start("web", "worker")
    stage.start(*kinds, **ahead)
    stage.reminders.set_up(12, at=next_minute())
    stage.reminders.set_up(4, at=utc_now() + timedelta(hours=8))
    for due in stage.reminders.due[-4:]:
        due.at = 0.0
    # Long enough to be seen by the other before it is done.
    stage.world.slack.fail("chat.postMessage", delay=0.4)
    stage.world.incidentio.fail("POST", "*", delay=1.0)
    with stage.load(writes=15, reminders=24, seconds=30):
        pass
    stage.world.slack.clear_faults()
    stage.world.incidentio.clear_faults()
    stage.healed()


@fault(settles=LEASE + SETTLES)
def clock_ahead_by_minutes(stage: Stage) -> str:
    """Put the clocks of one worker and one replica of two forward by 3 minutes."""
    _race(stage, timedelta(minutes=3), ("web", "worker"))
    return "the clocks of one worker and one replica of two 3 minutes ahead"


@fault(settles=LEASE + SETTLES)
def clock_ahead_by_hours(stage: Stage) -> str:
    """Put the clock of one worker of two forward by 5 hours."""
    _race(stage, timedelta(hours=5), ("worker",))
    return "the clock of one worker of two 5 hours ahead"

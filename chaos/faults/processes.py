"""Processes that are killed, frozen, stopped, replaced, and started at once."""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks.servers import ROOT, wait_for
from chaos.fault import DOUBT, LEASE, SETTLES, fault
from chaos.reminders import next_minute
from chaos.stage import Stage

FREEZES = LEASE + 15
EVERYTHING = ("web", "web", "worker", "worker")


@fault(settles=DOUBT + SETTLES)
def killed(stage: Stage) -> str:
    """Kill -9 workers and replicas at random moments; others take their place."""
    return _kill(stage, [*EVERYTHING, "worker"], kills=12, writes=24, reminders=60)


@fault(database="sqlite", settles=DOUBT + SETTLES)
def killed_on_sqlite(stage: Stage) -> str:
    """Kill -9 the one worker and the one replica of a small installation."""
    return _kill(stage, ["web", "worker"], kills=6, writes=12, reminders=20)


def _kill(
    stage: Stage, kinds: list[str], *, kills: int, writes: int, reminders: int
) -> str:
    stage.start(*kinds)
    stage.reminders.set_up(10, at=next_minute())
    with stage.load(writes=writes, reminders=reminders, seconds=kills * 4):
        for _ in range(kills):
            time.sleep(stage.random.uniform(1, 4))
            victim = stage.random.choice([*stage.workers, *stage.replicas])
            stage.kill(victim)
            stage.start(victim.kind)
    stage.healed()
    return f"{kills} kills of {len(kinds)} processes"


@fault(settles=DOUBT + SETTLES)
def frozen_worker(stage: Stage) -> str:
    """Freeze a worker for longer than its lease, just before its request leaves."""
    (frozen,) = stage.start("worker")
    stage.reminders.set_up(6)
    frozen.slack.stop_accepting()
    while stage.reminders.run():
        pass
    wait_for(lambda: _sending(stage) > 0, 10)
    frozen.freeze()
    stage.start("worker")
    frozen.slack.heal()
    time.sleep(FREEZES)
    frozen.thaw()
    stage.healed()
    return f"one of two workers stopped for {FREEZES:.0f} s as it begins to send"


def _sending(stage: Stage) -> int:
    found = [stage.reminders.slot(due) for due in stage.reminders.due]
    return sum(slot is not None and slot.sending_at is not None for slot in found)


@fault(settles=DOUBT + SETTLES)
def frozen_replica(stage: Stage) -> str:
    """Freeze a replica for longer than its lease, in the middle of 12 writes."""
    frozen, other, _ = stage.start("web", "web", "worker")
    stage.door.targets = [("127.0.0.1", frozen.port)]
    stage.world.incidentio.fail("*", "*", delay=0.7)
    kinds = ("followup", "action", "role", "field")
    with stage.load(writes=12, kinds=kinds):
        wait_for(lambda: sum(w.asked for w in stage.crowd.writes) == 12, 30)
        time.sleep(0.5)
        frozen.freeze()
        stage.door.targets = [("127.0.0.1", other.port)]
        stage.door.reset()
        stage.world.incidentio.clear_faults()
        time.sleep(FREEZES)
        frozen.thaw()
    stage.healed()
    return f"one of two replicas stopped for {FREEZES:.0f} s with 12 writes in flight"


@fault(settles=DOUBT + SETTLES)
def terminated(stage: Stage) -> str:
    """Ask a worker and a replica to stop with 20 writes in flight."""
    replica, worker = stage.start("web", "worker")
    stage.world.incidentio.fail("*", "*", delay=0.5)
    with stage.load(writes=20, reminders=20):
        wait_for(lambda: sum(w.asked for w in stage.crowd.writes) >= 15, 30)
        stage.start("web", "worker")
        codes = [stage.stop(replica), stage.stop(worker)]
    stage.world.incidentio.clear_faults()
    stage.healed()
    if codes != [0, 0]:
        stage.wrong.append(f"exit codes {codes} after SIGTERM")
    return "SIGTERM to one of two workers and one of two replicas"


PREVIOUS = "CHAOS_PREVIOUS"
"""A checkout of the previous release; without it, this one plays both."""


@fault(settles=DOUBT + SETTLES)
def deployed(stage: Stage) -> str:
    """Replace one process after the other, two versions at once on one database."""
    before = Path(os.environ.get(PREVIOUS, ROOT))
    olds = stage.start(*EVERYTHING, checkout=before)
    stage.reminders.set_up(10, at=next_minute(20))
    with stage.load(writes=20, reminders=30, seconds=30):
        for old in olds:
            stage.start(old.kind)
            stage.stop(old)
    stage.healed()
    versions = "the same code twice" if before == ROOT else "the previous release"
    return f"{len(olds)} processes replaced one by one ({versions})"


@fault(migrated=False)
def migrated_at_once(stage: Stage) -> str:
    """Migrate an empty database by four processes at once."""
    releases = stage.start(*["release"] * 4, ready=False)
    codes = [process.wait(60) for process in releases]
    if codes != [0] * 4:
        stage.wrong.append(f"exit codes {codes} of four migrations")
    stage.start("web", "worker")
    with stage.load(writes=5, reminders=5):
        pass
    stage.healed()
    return "four times `release`, then 5 writes and 5 reminders"

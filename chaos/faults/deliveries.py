"""Deliveries that are repeated."""

from __future__ import annotations

from chaos.crowd import KINDS
from chaos.fault import DOUBT, SETTLES, fault
from chaos.stage import Stage


@fault(settles=DOUBT + SETTLES)
def delivered_six_times(stage: Stage) -> str:
    """Deliver each submission six times at once, to two replicas."""
    stage.start("web", "web", "worker")
    with stage.load(writes=3 * len(KINDS), reminders=5, seconds=4, press=6):
        pass
    stage.healed()
    return "each submission six times at once to two replicas"

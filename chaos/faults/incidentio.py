"""An incident.io that is down, is slow, throttles, or makes things and fails."""

from __future__ import annotations

import time

from chaos.fault import DOUBT, SETTLES, fault
from chaos.faults.processes import EVERYTHING
from chaos.stage import Stage


@fault(settles=DOUBT + SETTLES)
def incidentio_down(stage: Stage) -> str:
    """Answer everything with 503, for 20 s."""
    stage.start(*EVERYTHING)
    with stage.load(writes=20, reminders=20, seconds=25):
        time.sleep(3)
        stage.world.incidentio.fail("*", "*", status=503)
        time.sleep(20)
        stage.world.incidentio.clear_faults()
    stage.healed()
    return "503 to everything for 20 s"


@fault(settles=DOUBT + SETTLES)
def incidentio_slow_headers(stage: Stage) -> str:
    """Send answers byte by byte, two a second, for 35 s."""
    stage.start(*EVERYTHING)
    with stage.load(writes=15, reminders=15, seconds=35):
        time.sleep(3)
        for link in stage.links("incidentio"):
            link.trickle(0.5)
        time.sleep(35)
        for link in stage.links("incidentio"):
            link.heal()
            link.reset()
    stage.healed()
    return "answers of two bytes a second for 35 s"


@fault(settles=DOUBT + SETTLES)
def incidentio_throttles(stage: Stage) -> str:
    """Allow 60 requests a minute."""
    stage.world.incidentio.limit.per_minute = 60
    stage.start(*EVERYTHING)
    with stage.load(writes=20, reminders=20, seconds=30):
        pass
    stage.world.incidentio.limit.per_minute = None
    stage.healed()
    return "60 requests a minute for 30 s"


@fault(settles=DOUBT + SETTLES)
def incidentio_makes_and_fails(stage: Stage) -> str:
    """Make things and give no answer; then refuse to be read for 4 s."""
    stage.start(*EVERYTHING)
    incidentio = stage.world.incidentio
    with stage.load(writes=20, reminders=5, seconds=20):
        for _ in range(5):
            incidentio.fail("POST", "/v*", drop="after", times=3)
            time.sleep(2)
            incidentio.fail("GET", "*", status=503)
            time.sleep(2)
            incidentio.clear_faults()
    stage.healed()
    return "up to 15 things made without an answer, and reads that fail after"

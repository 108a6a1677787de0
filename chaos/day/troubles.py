"""The faults of the day: each befalls the processes that run, and ends by itself.

They are those of ``chaos.faults`` that two replicas and two workers on one PostgreSQL
can have one after another, shorter, so that the day has quiet minutes too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from chaos.fault import LEASE
from chaos.faults.network import cut_then_hang
from chaos.faults.slack import instead_of_slack

if TYPE_CHECKING:
    from benchmarks.postgres import Postgres
    from chaos.stage import ProxiedProcess, Stage

Trouble = Callable[["Stage"], None]

SHORT, LONG = 8.0, 15.0
"""Seconds that a fault lasts."""
FREEZES = LEASE + 15
NOTICES = 2.0
"""Seconds until a load balancer no longer sends anything to a frozen replica."""


def _server(stage: Stage) -> Postgres:
    assert stage.postgres is not None
    return stage.postgres


def _replace(stage: Stage, end: Callable[[ProxiedProcess], object]) -> None:
    """End a replica and a worker at once; each is replaced."""
    for old in (stage.replicas[0], stage.workers[0]):
        end(old)
        stage.start(old.kind)


def killed(stage: Stage) -> None:
    _replace(stage, stage.kill)


def deployed(stage: Stage) -> None:
    """Replace every process, the new one first."""
    for old in [*stage.replicas, *stage.workers]:
        stage.start(old.kind)
        stage.stop(old)


def frozen_worker(stage: Stage) -> None:
    frozen = stage.workers[-1]
    frozen.freeze()
    time.sleep(FREEZES)
    frozen.thaw()


def frozen_replica(stage: Stage) -> None:
    """Freeze a replica; after a moment the load balancer leaves it out."""
    frozen = stage.replicas[-1]
    frozen.freeze()
    time.sleep(NOTICES)
    stage.leave_out(frozen)
    time.sleep(FREEZES - NOTICES)
    frozen.thaw()
    stage.leave_out(None)


def postgres_killed(stage: Stage) -> None:
    _server(stage).kill()
    time.sleep(3)
    _server(stage).start()


def postgres_hung(stage: Stage) -> None:
    _server(stage).freeze()
    time.sleep(SHORT)
    _server(stage).thaw()


def postgres_slow(stage: Stage) -> None:
    links = stage.links("database")
    for link in links:
        link.delay(0.1)
    time.sleep(LONG)
    for link in links:
        link.heal()


def database_cut(stage: Stage) -> None:
    processes = (stage.replicas[0], stage.workers[0])
    links = [one.database for one in processes if one.database]
    cut_then_hang(links, SHORT / 2, SHORT)


def slack_cut(stage: Stage) -> None:
    cut_then_hang([stage.workers[0].slack], SHORT / 2, SHORT)


def incidentio_cut(stage: Stage) -> None:
    cut_then_hang(stage.links("incidentio"), SHORT / 2, SHORT)


def slack_outage(stage: Stage) -> None:
    with instead_of_slack(stage):
        time.sleep(SHORT)


def slack_throttles(stage: Stage) -> None:
    with _slack(stage):
        stage.world.slack.fail("*", retry_after=10)
        time.sleep(SHORT)


def slack_delivers_and_fails(stage: Stage) -> None:
    with _slack(stage):
        slack = stage.world.slack
        slack.fail("chat.postMessage", status=500, after=True, times=10)
        slack.fail("chat.postMessage", drop="after", times=10)
        slack.fail("response_url", drop="after", times=4)
        time.sleep(LONG)


def incidentio_down(stage: Stage) -> None:
    with _incidentio(stage):
        stage.world.incidentio.fail("*", "*", status=503)
        time.sleep(LONG)


def incidentio_slow_headers(stage: Stage) -> None:
    links = stage.links("incidentio")
    for link in links:
        link.trickle(0.5)
    time.sleep(LONG)
    for link in links:
        link.heal()
        link.reset()


def incidentio_throttles(stage: Stage) -> None:
    limit = stage.world.incidentio.limit
    usual, limit.per_minute = limit.per_minute, 60
    time.sleep(LONG)
    limit.per_minute = usual


def incidentio_makes_and_fails(stage: Stage) -> None:
    with _incidentio(stage):
        stage.world.incidentio.fail("POST", "/v*", drop="after", times=6)
        time.sleep(SHORT)
        stage.world.incidentio.fail("GET", "*", status=503)
        time.sleep(2)


@contextmanager
def _slack(stage: Stage) -> Iterator[None]:
    yield
    stage.world.slack.clear_faults()


@contextmanager
def _incidentio(stage: Stage) -> Iterator[None]:
    yield
    stage.world.incidentio.clear_faults()


IN_TURN = (
    deployed,
    incidentio_down,
    slack_throttles,
    killed,
    postgres_slow,
    incidentio_makes_and_fails,
    slack_delivers_and_fails,
    postgres_killed,
    incidentio_slow_headers,
    slack_outage,
    database_cut,
    incidentio_throttles,
    slack_cut,
    postgres_hung,
    incidentio_cut,
)
BESIDE = ((0.25, frozen_worker), (0.55, frozen_replica))
"""Faults that go on beside the others, with the share of the day when they begin."""
AFTER = 3.0
"""Seconds after a fault until all connections are made anew."""
UNACKNOWLEDGED = {
    "killed": LONG,
    "frozen_replica": NOTICES,
    "postgres_killed": LONG,
    "postgres_hung": LONG,
    "database_cut": 2 * SHORT,
}
"""Faults during which a replica may not acknowledge, and for how many seconds."""
UNANSWERED = UNACKNOWLEDGED | {
    "deployed": 2 * LONG,
    "frozen_replica": FREEZES,
    "slack_outage": LONG,
    "slack_throttles": LONG,
    "slack_delivers_and_fails": LONG,
}
"""Faults during which what was looked up may not reach the person."""
FELT = {trouble.__name__: inf for trouble in IN_TURN} | {"frozen_replica": NOTICES}
"""Faults of which an acknowledgement can suffer: all but a frozen process left out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that befell the stage, from when to when."""

    name: str
    begin: float
    end: float

    def meets(self, at: float, seconds: float, longest: float = inf) -> bool:
        """Return whether something that took so many seconds ran into the fault."""
        over = min(self.end, self.begin + longest) + AFTER
        return self.begin <= at + seconds and at <= over


def explained(
    faults: Iterable[Fault], excuses: Mapping[str, float], at: float, seconds: float
) -> bool:
    """Return whether one of the faults explains what happened then."""
    return any(
        fault.meets(at, seconds, excuses[fault.name])
        for fault in faults
        if fault.name in excuses
    )

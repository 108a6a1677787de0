"""Connections of one process, or of all, that are cut, hang, and are healed."""

from __future__ import annotations

import time

from chaos.fault import DOUBT, SETTLES, fault
from chaos.faults.processes import EVERYTHING
from chaos.proxy import Proxy
from chaos.stage import Stage

CUT, HUNG = 10.0, 15.0


def cut_then_hang(links: list[Proxy], cut: float = CUT, hung: float = HUNG) -> None:
    """Reset connections, later let them hang, for so many seconds; heal after each."""
    for begin, seconds in ((Proxy.cut, cut), (Proxy.hang, hung)):
        for link in links:
            begin(link)
        time.sleep(seconds)
        for link in links:
            link.heal()
        time.sleep(2)


def _described(what: str) -> str:
    return f"{what} reset for {CUT:.0f} s, then hung for {HUNG:.0f} s"


@fault(settles=DOUBT + SETTLES)
def database_cut(stage: Stage) -> str:
    """Cut one worker and one replica of two off from the database."""
    replica, _, worker, _ = stage.start(*EVERYTHING)
    links = [one.database for one in (replica, worker) if one.database]
    with stage.load(writes=20, reminders=40, seconds=30):
        cut_then_hang(links)
    stage.healed()
    return _described("the database of one worker and one replica of two")


@fault(settles=DOUBT + SETTLES)
def slack_cut(stage: Stage) -> str:
    """Cut one worker of two off from Slack."""
    _, _, worker, _ = stage.start(*EVERYTHING)
    with stage.load(writes=10, reminders=40, seconds=30):
        cut_then_hang([worker.slack])
    stage.healed()
    return _described("Slack of one worker of two")


@fault(settles=DOUBT + SETTLES)
def incidentio_cut(stage: Stage) -> str:
    """Cut all processes off from incident.io."""
    stage.start(*EVERYTHING)
    with stage.load(writes=20, reminders=20, seconds=30):
        cut_then_hang(stage.links("incidentio"))
    stage.healed()
    return _described("incident.io of all")


@fault(settles=DOUBT + SETTLES)
def socket_silent(stage: Stage) -> str:
    """Let a Socket Mode connection go silent without closing it."""
    stage.start("socket", "worker")
    with stage.load(writes=12, reminders=5, seconds=60):
        time.sleep(5)
        stage.answers.silence()
        time.sleep(55)
    stage.healed()
    return "the socket forwards nothing and answers no ping; new ones work"

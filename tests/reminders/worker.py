"""A worker in a process of its own, which does one tick whenever it is told to."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import DateTime, literal

from incidentio import Incidentio
from reminders import assembly
from reminders.assembly import Sources
from storage.clock import SharedClock
from storage.database import open_database
from tests.clock import MONDAY
from tests.reminders.mortal import Fate, MortalSlack, Pulse

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
PATIENCE = 30
FROZEN = "frozen"


@dataclass(frozen=True)
class Order:
    """One tick: when, by the database, and what befalls the worker in it."""

    moment: datetime
    step: int | None = None
    """The statement or call at which it is killed, or frozen if ``freezes``."""
    freezes: bool = False
    off: timedelta = timedelta(0)
    """How far its machine's clock is off."""


class Machine:
    """The time of a process, which its order tells."""

    def __init__(self, pipe):
        self._pipe = pipe
        self.order = Order(MONDAY)

    def server(self):
        """Return the time of the server, for statements to ask."""
        return literal(self.order.moment, DateTime(timezone=True))

    def own(self):
        return self.order.moment + self.order.off

    def elapsed(self):
        return self.order.moment.timestamp()

    def meet(self, _step):
        """Be killed, or stand still until a later order."""
        if not self.order.freezes:
            os.kill(os.getpid(), signal.SIGKILL)
        self._pipe.send(FROZEN)
        self.order = self._pipe.recv()


def _work(pipe, name, pulse, database_url, incidentio_url, slack_url):
    machine = Machine(pipe)
    fate = Fate(machine.meet)
    database = open_database(database_url)
    if database.dialect == "postgresql":
        database.now = machine.server
    else:
        database.now = machine.own
    database.elapsed = machine.elapsed
    clock = SharedClock(database, machine.own, machine.elapsed)
    fate.watch(database)
    api = Incidentio(
        "sandbox",
        incidentio_url,
    )
    slack = MortalSlack("xoxb-sandbox", base_url=slack_url, timeout=PATIENCE)
    slack.fate = fate
    sources = Sources(database, api, slack, clock)
    engine = assembly.engine(sources, name, more_kinds=[Pulse()] if pulse else ())
    pipe.send("ready")
    for order in iter(pipe.recv, None):
        machine.order = order
        clock.refresh()
        fate.set(order.step)
        engine.tick()
        fate.set(None)
        pipe.send("ticked")
    slack.close()
    api.close()
    database.close()


class Worker:
    """Driven through a pipe; ``kill`` is ``kill -9``."""

    def __init__(self, name, *urls, pulse=False):
        self._pipe, theirs = CONTEXT.Pipe()
        arguments = (theirs, name, pulse, *urls)
        self._process = CONTEXT.Process(target=_work, args=arguments)
        self._process.start()
        theirs.close()
        self.wait()

    def begin(self, moment, dies_after=None):
        """Tick once; or be killed by itself after so many statements and calls."""
        self.order(Order(moment, dies_after))

    def order(self, order):
        """Tick as the order says; or go on, if it is frozen."""
        self._pipe.send(order)

    def wait(self):
        """Wait for the tick to end, or for the worker to freeze.

        Return what it says. None: it did not live to see the end.
        """
        try:
            assert self._pipe.poll(PATIENCE), "the worker hangs"
            return self._pipe.recv()
        except (EOFError, ConnectionResetError):
            return None

    def kill(self):
        self._process.kill()
        self._process.join()

    def close(self):
        """Let it go home, if it lives."""
        with suppress(BrokenPipeError):
            self._pipe.send(None)
        self._process.join()
        self._pipe.close()
        self._process.close()

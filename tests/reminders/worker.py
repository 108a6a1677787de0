"""A worker in a process of its own, which does one tick whenever it is told to."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from datetime import datetime

from incidentio import Incidentio
from reminders import assembly
from reminders.assembly import Sources
from storage.database import open_database
from tests.reminders.mortal import Fate, MortalSlack, Pulse

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
PATIENCE = 30


def _work(pipe, name, pulse, database_url, incidentio_url, slack_url):
    moment: datetime | None = None

    def now():
        return moment

    fate = Fate(lambda: os.kill(os.getpid(), signal.SIGKILL))
    database = open_database(database_url)
    database.now = now
    fate.watch(database)
    api = Incidentio(
        "sandbox",
        incidentio_url,
    )
    slack = MortalSlack("xoxb-sandbox", base_url=slack_url, timeout=PATIENCE)
    slack.fate = fate
    sources = Sources(database, api, slack, now)
    engine = assembly.engine(sources, name, more_kinds=[Pulse()] if pulse else ())
    pipe.send("ready")
    for moment, steps in iter(pipe.recv, None):  # noqa: B007
        fate.set(steps)
        engine.tick()
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
        self._pipe.send((moment, dies_after))

    def wait(self):
        """Wait for the tick to end. False: it did not live to see it."""
        try:
            assert self._pipe.poll(PATIENCE), "the worker hangs"
            self._pipe.recv()
        except (EOFError, ConnectionResetError):
            return False
        return True

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

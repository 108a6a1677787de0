"""A worker in a process of its own, which does one tick whenever it is told to."""

from __future__ import annotations

import multiprocessing
from datetime import datetime

from incidentio.client import Incidentio
from reminders import assembly
from reminders.assembly import Sources
from slack.client import SlackClient
from storage.database import open_database

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
PATIENCE = 30


def _work(pipe, name, database_url, incidentio_url, slack_url):
    moment: datetime | None = None

    def now():
        return moment

    database = open_database(database_url)
    api = Incidentio("sandbox", incidentio_url, requests_per_minute=10**6)
    slack = SlackClient("xoxb-sandbox", base_url=slack_url, timeout=PATIENCE)
    engine = assembly.engine(Sources(database, api, slack, now), name)
    pipe.send("ready")
    for moment in iter(pipe.recv, None):  # noqa: B007
        engine.tick()
        pipe.send("ticked")
    slack.close()
    api.close()
    database.close()


class Worker:
    """Driven through a pipe; ``kill`` is ``kill -9``."""

    def __init__(self, name, *urls):
        self._pipe, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(target=_work, args=(theirs, name, *urls))
        self._process.start()
        theirs.close()
        self.wait()

    def begin(self, moment):
        self._pipe.send(moment)

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
        if self._process.is_alive():
            self._pipe.send(None)
            self._process.join()
        self._pipe.close()
        self._process.close()

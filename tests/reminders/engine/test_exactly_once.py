"""Whatever happens to workers: each slot is sent once, or it is said why not."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from reminders import assembly
from reminders.assembly import Sources
from storage.database import open_database
from storage.snoozes import Snoozes
from tests.clock import MONDAY
from tests.databases import emptied
from tests.reminders.exactly_once import ExactlyOnce, said, slots
from tests.reminders.mortal import Fate, Killed, MortalSlack, Pulse, impatient, locked
from tests.reminders.worker import Worker

pytestmark = pytest.mark.prove


class Crew(ABC):
    """Three workers between the stand-ins; a new one comes for each that dies."""

    def __init__(self, stage, work, database):
        self.database = database
        self.url = database.engine.url.render_as_string(hide_password=False)
        self.clock = stage.clock
        self.slack, self.incidentio = stage.slack, stage.incidentio
        self._stage, self._work = stage, work
        self._names = itertools.count()
        self._workers = []

    def open(self):
        self.clock.at = MONDAY
        self.slack.reset()
        self.slack.limits.on()
        self.incidentio.reset()
        self._item = self._work.follow_up(self._work.incident(), "Raise it", "ben")
        emptied(self.database)
        self._workers = [self.hire(f"w{next(self._names)}") for _ in range(3)]

    @abstractmethod
    def hire(self, name):
        """Start a worker of that name."""

    def snooze(self, until):
        Snoozes(self.database).snooze("follow_ups", self._item.id, until=until, by="U")

    def said(self):
        return said(self.slack)

    def slots(self):
        return slots(self.database)

    def replace(self, number):
        self._workers[number] = self.hire(f"w{next(self._names)}")

    def close(self):
        for worker in self._workers:
            worker.close()


class Mortal:
    """A worker in this process. Killed, its transaction is undone, as by the system."""

    def __init__(self, name, url, stage):
        self._moment = None
        self._fate = Fate(self._die)
        self._database = open_database(url)
        self._database.now = stage.clock
        impatient(self._database)
        self._fate.watch(self._database)
        self._slack = MortalSlack("xoxb-sandbox", base_url=stage.slack_url, timeout=30)
        self._slack.fate = self._fate
        sources = Sources(self._database, stage.api, self._slack, lambda: self._moment)
        self._engine = assembly.engine(sources, name, more_kinds=[Pulse()])

    def tick(self, moment, dies):
        """Tick; False: it died in it."""
        self._moment = moment
        self._fate.set(dies)
        try:
            self._engine.tick()
        except Killed:
            return False
        self._fate.set(None)
        return True

    def close(self):
        self._slack.close()
        self._database.close()

    def _die(self):
        raise Killed


class Threads(Crew):
    """On SQLite, one after the other, which any order of three comes down to."""

    def hire(self, name):
        return Mortal(name, self.url, self._stage)

    def tick(self, moment, dies, *, locked=False):
        for number, steps in enumerate(dies):
            worker = self._workers[number]
            if not self._ticked(worker, moment, steps, locked and number == 0):
                worker.close()
                self.replace(number)

    def _ticked(self, worker, moment, steps, held):
        if not held:
            return worker.tick(moment, steps)
        with locked(self.url):
            return worker.tick(moment, steps)


class Processes(Crew):
    """On PostgreSQL, all at once, and killed by ``kill -9``."""

    def hire(self, name):
        urls = (self.url, self._stage.incidentio_url, self._stage.slack_url)
        return Worker(name, *urls, pulse=True)

    def tick(self, moment, dies, *, locked=False):  # noqa: ARG002
        for worker, steps in zip(self._workers, dies, strict=True):
            worker.begin(moment, steps)
        for number, worker in enumerate(self._workers):
            if not worker.wait():
                assert dies[number] is not None, "nobody killed it"
                worker.close()
                self.replace(number)


def run(crew, share, steps):
    """Try a share of the examples that a property gets: these take long."""
    machine = type("Story", (ExactlyOnce,), {"crew": crew})
    examples = settings.default.max_examples // share
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def crew(_stage, slack, incidentio, make_work):
    """Make a crew of a kind, which finds work in the stand-ins."""
    return lambda kind, database: kind(_stage, make_work(_stage.api), database)


def test_on_sqlite_whatever_happens(crew, sqlite):
    run(crew(Threads, sqlite), share=5, steps=20)


def test_on_postgresql_with_processes_that_are_killed(crew, postgresql):
    run(crew(Processes, postgresql), share=12, steps=12)

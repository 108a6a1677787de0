"""Crews of three workers between the stand-ins; a new one comes for each that dies."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections import Counter
from contextvars import Context
from datetime import timedelta
from typing import Any

from http_base.failures import NoAnswer
from reminders import assembly
from reminders.assembly import Sources
from storage.database import Database, open_database
from storage.errors import DatabaseUnreachable
from storage.snoozes import Snoozes
from tests.clock import MONDAY
from tests.databases import emptied
from tests.reminders.exactly_once import pulses, said, slots
from tests.reminders.mortal import (
    REQUEST,
    STATEMENT,
    Fate,
    Killed,
    MortalSlack,
    Pulse,
    Step,
    impatient,
    locked,
)
from tests.reminders.worker import FROZEN, Order, Worker


class Crew(ABC):
    """Three workers, and all that is wrong with what they depend on."""

    one_machine = False
    """Whether the machine's clock is the database's."""

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
        self.database.now = self.clock
        self.off = [timedelta(0)] * 3
        self.cut = {}
        self.slow = 0
        self.late_freezes = 0
        self.orphaned = Counter()
        """Second messages of workers that died before they took them back."""
        self._workers = [self.hire(f"w{next(self._names)}") for _ in range(3)]

    @abstractmethod
    def hire(self, name, *, earlier=False):
        """Start a worker of that name, or of the earlier version."""

    @abstractmethod
    def tick(self, events, *, locked=False):
        """Let each worker tick, and meet its event."""

    def put_clock(self, number, off):
        """Put the clock of a worker, or of all of them; they may be on one machine."""
        put = {number} if number is not None and not self.one_machine else {0, 1, 2}
        self.off = [off if n in put else o for n, o in enumerate(self.off)]

    def recover(self):
        self.slack.clear_faults()
        self.slack.history_lag = timedelta(0)
        self.incidentio.clear_faults()
        self.cut.clear()
        self.slow = 0
        self.put_clock(None, timedelta(0))

    def snooze(self, until):
        Snoozes(self.database).snooze("follow_ups", self._item.id, until=until, by="U")

    def said(self):
        return said(self.slack)

    def pulses(self):
        return pulses(self.slack)

    def slots(self):
        return slots(self.database)

    def deploy(self, number, *, earlier=False):
        self._workers[number].close()
        self._workers[number] = self.hire(f"w{next(self._names)}", earlier=earlier)

    def taken_back(self):
        """How many messages were deleted."""
        return sum(c.method == "chat.delete" and not c.error for c in self.slack.calls)

    def steps(self):
        """Return the steps of the first worker's last tick."""
        return self._workers[0].steps

    def close(self):
        for worker in self._workers:
            worker.close()


class Mortal:
    """A worker in this process. Killed, its transaction is undone, as by the system."""

    def __init__(self, name, crew, stage, *, earlier):
        self._crew, self._clock = crew, stage.clock
        self._off, self._cut, self.steps = timedelta(0), None, []
        self._fate = Fate(self._die)
        self._fate.always = self._pass_time
        self._database, step = crew.lend()
        self._database.now = self.server
        self._database.elapsed = self._clock.elapsed
        step.set(self._fate.step)
        self._slack = MortalSlack("xoxb-sandbox", base_url=stage.slack_url, timeout=30)
        self._slack.fate = self._fate
        sources = Sources(self._database, stage.api, self._slack, self.server)
        kinds = () if earlier else [Pulse()]
        self._engine = assembly.engine(sources, name, more_kinds=kinds)

    def tick(self, off, cut, step, meet=None):
        """Tick; False: it died in it."""
        self._off, self._cut, self.steps = off, cut, []
        self._fate.set(step, meet or self._die)
        try:
            self._engine.tick()
        except Killed:
            return False
        finally:
            self._fate.set(None)
        return True

    @property
    def second_messages(self):
        """The slots of those that it has still to take back."""
        found: Any = self._engine._deliverer.duplicates._posted
        return Counter(is_second.args[1].id for _, is_second in found)

    def close(self):
        self._slack.close()
        self._crew.give_back(self._database)

    def server(self):
        """Return the time of the database: on one machine, that of the machine."""
        return self.own() if self._crew.one_machine else self._clock()

    def own(self):
        """Return the time of the worker's own machine."""
        return self._clock() + self._off

    def _die(self, _step):
        raise Killed

    def _pass_time(self, step):
        self.steps.append(step)
        if step == STATEMENT:
            self._clock.advance(seconds=self._crew.slow)
            if self._cut == "database":
                raise DatabaseUnreachable("cut off")
        elif step.endswith(REQUEST) and self._cut == "slack":
            raise NoAnswer("cut off", sent=False)


class Threads(Crew):
    """On SQLite, one after the other but for who is frozen: the others go on."""

    def __init__(self, stage, work, database, *, one_machine=True):
        super().__init__(stage, work, database)
        self.one_machine = one_machine
        self._lent: dict[Database, Step] = {}
        self._free: list[Database] = []

    def lend(self):
        """Lend a database: another program would compile each statement anew."""
        if not self._free:
            opened, step = open_database(self.url), Step()
            impatient(opened)
            step.watch(opened)
            self._lent[opened] = step
            self._free.append(opened)
        lent = self._free.pop()
        return lent, self._lent[lent]

    def give_back(self, database):
        database.close()
        self._free.append(database)

    def hire(self, name, *, earlier=False):
        return Mortal(name, self, self._stage, earlier=earlier)

    def deploy(self, number, *, earlier=False):
        self.orphaned += self._workers[number].second_messages
        super().deploy(number, earlier=earlier)

    def tick(self, events, *, locked=False):
        for number, event in enumerate(events):
            if locked and number == 0:
                self._tick_locked_out(event)
            elif not self._ticked(number, event):
                self.deploy(number)

    def _tick_locked_out(self, event):
        with locked(self.url):
            lived = self._ticked(0, event)
        if not lived:
            self.deploy(0)

    def _ticked(self, number, event=None):
        def freeze(step):
            self.late_freezes += step == REQUEST
            Context().run(self._go_on, number, event.frozen)

        freezes = event is not None and event.frozen is not None
        worker, step = self._workers[number], event and event.step
        cut = self.cut.get(number)
        return worker.tick(self.off[number], cut, step, freeze if freezes else None)

    def _go_on(self, without, minutes):
        """Half of the time, a tick of the others, and the other half."""
        for _ in range(2):
            self.clock.advance(minutes=minutes / 2)
            for number in {0, 1, 2} - {without}:
                self._ticked(number)


class Processes(Crew):
    """On PostgreSQL, all at once, killed by ``kill -9``, each on its own clock."""

    def hire(self, name, *, earlier=False):
        urls = (self.url, self._stage.incidentio_url, self._stage.slack_url)
        return Worker(name, *urls, pulse=not earlier)

    def tick(self, events, *, locked=False):  # noqa: ARG002
        for number, event in enumerate(events):
            self._workers[number].order(self._order(number, event))
        frozen = [n for n, event in enumerate(events) if self._waited(n, event)]
        for number in frozen:
            self._wake(number, events[number])

    def _order(self, number, event):
        if event is None:
            return Order(self.clock(), off=self.off[number])
        freezes = event.frozen is not None
        return Order(self.clock(), event.step, freezes, self.off[number])

    def _waited(self, number, event):
        """Wait for a worker; return whether it is frozen."""
        said = self._workers[number].wait()
        if said is None:
            assert event is not None, "nobody killed it"
            self.deploy(number)
        return said == FROZEN

    def _wake(self, number, event):
        """Let time pass and the others tick, before the frozen worker goes on."""
        self.late_freezes += 1
        self.clock.advance(minutes=event.frozen)
        others = {0, 1, 2} - {number}
        for other in others:
            self._workers[other].order(self._order(other, None))
        for other in others:
            self._waited(other, None)
        self._workers[number].order(self._order(number, None))
        self._waited(number, None)

"""Workers that die between any two statements and calls, and what they are told."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import SectionBlock
from sqlalchemy import event

from blocks.kit.charts import ChartBlock, Series
from blocks.kit.newer import Newer
from reminders.engine.kinds import Kind, Message, Nothing, Notice
from slack.client import SlackClient

PULSE = timedelta(minutes=10)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


STATEMENT, LOOK, REQUEST, ANSWER = "statement", "look", "request", "answer"
"""Steps: between the last look at a lease and a message lies nothing of ours."""
OTHER = "other "
"""Before the names of the steps of calls that post nothing."""


class Killed(BaseException):
    """What a thread can have of ``kill -9``: no handler of ours catches it."""


class Fate:
    """Counts the steps of a worker and calls ``end`` at the one it is told.

    That is a number of steps, or the name of the first. ``end`` gets the name of the
    step. ``always`` is called at each step before.
    """

    def __init__(self, end):
        self._end = end
        self._left = None
        self.always = lambda _step: None

    def set(self, steps, end=None):
        self._left = steps
        self._end = end or self._end

    def step(self, name):
        self.always(name)
        if self._left is None:
            return
        if isinstance(self._left, int):
            self._left -= 1
        if self._left in {-1, name}:
            self._left = None
            self._end(name)

    def watch(self, database):
        def step(*_):
            self.step(STATEMENT)

        event.listen(database.engine, "before_cursor_execute", step)
        event.listen(database.engine, "commit", step)


class Step:
    """Calls whoever has borrowed a database at each statement and commit."""

    def __init__(self):
        self._call = lambda _name: None

    def set(self, call):
        self._call = call

    def watch(self, database):
        def step(*_):
            self._call(STATEMENT)

        event.listen(database.engine, "before_cursor_execute", step)
        event.listen(database.engine, "commit", step)


class MortalSlack(SlackClient):
    """May die before the last look, before a request leaves, and after its answer."""

    fate = Fate(lambda _: None)
    only = ""
    """The end of the addresses that count."""

    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        self._http: Any = MortalHttp(self, self._http)

    def step(self, url, name):
        posts = url.endswith("chat.postMessage")
        if url.endswith(self.only):
            self.fate.step(name if posts else OTHER + name)

    def _send(self, method, url, **request):
        self.step(url, LOOK)
        return super()._send(method, url, **request)


class MortalHttp:
    def __init__(self, slack, http):
        self._slack, self._http = slack, http
        self.close = http.close

    def request(self, method, url, *, may_send, **request):
        def look():
            may = may_send()
            if may:
                self._slack.step(url, REQUEST)
            return may

        answer = self._http.request(method, url, may_send=look, **request)
        self._slack.step(url, ANSWER)
        return answer


class Pulse(Kind):
    """A kind that finds something for Ben every ten minutes; each third is moot."""

    name = "pulse"
    grace = timedelta(hours=1)
    poll_interval = timedelta(minutes=3)
    singleton = True

    def sources(self, _rule):
        return {"asleep"}

    def notices(self, _snapshot, _rule, now):
        number = (now - EPOCH) // PULSE
        at = EPOCH + number * PULSE
        return [Notice(f"pulse-{number}", "U0BEN", at, {"number": number})]

    def compose(self, context):
        number = context.slot.params["number"]
        if number % 3 == 0:
            return Nothing("it is a third")
        pulse = ChartBlock("bar", "Pulse", ["now"], [Series("Pulse", [number])])
        chart = Newer(pulse)
        said = f"Pulse {number}"
        return Message(said, [SectionBlock(text=said), chart])


@contextmanager
def locked(database_url):
    """Another program writes to a SQLite file; workers do not wait for it."""
    connection = sqlite3.connect(
        database_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None
    )
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


ENOUGH = 60
"""Seconds: a busy machine is no fault."""
PATIENCE = {"sqlite": 0, "postgresql": ENOUGH}
AT_ONCE = {
    "sqlite": ("PRAGMA synchronous = OFF",),
    "postgresql": ("SET lock_timeout = 1", "SET statement_timeout = 0"),
}


def impatient(database):
    """Do not wait for locks: no time passes in these tests."""

    def connected(connection, _):
        connection.patience = PATIENCE[database.dialect]
        for statement in AT_ONCE[database.dialect]:
            connection.execute(statement)
        connection.commit()

    event.listen(database.engine, "connect", connected)

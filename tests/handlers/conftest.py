"""A process of the bot that crashes, and another that takes up what it left."""

from contextvars import Context

import pytest

from http_base.client import HttpClient
from http_base.connections import InOnePiece
from storage.journal import Journal


@pytest.fixture
def only(world):
    """Make as if there were no other incidents: none is asked about or told of."""

    def only(*numbers):
        store = world.incidentio.store
        gone = {row.id for row in store.incidents if row.number not in numbers}
        for table in (store.follow_ups, store.actions):
            for row in list(table):
                if row.incident_id in gone:
                    table.remove(row.id)
        for id_ in gone:
            store.incidents.remove(id_)

    return only


@pytest.fixture
def over(world):
    """No incident is in progress any more, so none is asked about."""
    store = world.incidentio.store
    closed = next(s["id"] for s in store.statuses if s["category"] == "closed")
    for row in store.incidents:
        row.status_id = closed


@pytest.fixture
def calm(only):
    """There are no incidents."""
    only()


@pytest.fixture
def crash_before_work(bot, monkeypatch):
    """From now on what is accepted is not carried out."""

    def crash():
        for executor in bot.executors:
            monkeypatch.setattr(executor, "submit", lambda *_: None)

    return crash


@pytest.fixture
def crash_after_work(bot, monkeypatch):
    """From now on what is carried out is not entered as done."""
    return lambda: monkeypatch.setattr(Journal, "finish", lambda *_, **__: None)


@pytest.fixture
def restart(start, clock, monkeypatch):
    """Some minutes later a new process finds what the crash left. Returns it."""

    def recover():
        monkeypatch.undo()
        clock.advance(minutes=3)
        again = start()
        again.recovery.tick()
        return again

    return recover


@pytest.fixture
def freeze(bot, monkeypatch):
    """Freeze the bot at its next POST to a path, until ``meanwhile`` ends.

    ``late``: when it has looked for the last time whether it may be sent.
    """

    def freeze(path, meanwhile, *, late=False):
        place, name = (InOnePiece, "send") if late else (HttpClient, "request")
        original = getattr(place, name)

        def stopped(*given, **named):
            if _posts(given, path):
                monkeypatch.setattr(place, name, original)
                Context().run(meanwhile)
            return original(*given, **named)

        monkeypatch.setattr(place, name, stopped)

    return freeze


def _posts(given, path):
    """Whether a request of an ``HttpClient``, or one as it is sent, is for a path."""
    place, first, *more = given
    if isinstance(place, HttpClient):
        return first == "POST" and more[0].endswith(path)
    line = bytes(first).partition(b"\r\n")[0].split()
    return (
        place._collected is None
        and line[:1] == [b"POST"]
        and line[1].endswith(path.encode())
    )

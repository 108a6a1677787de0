"""Processes that tell each other over a real PostgreSQL what changed."""

from __future__ import annotations

import json
import logging
import re
import socket
from contextlib import ExitStack, closing, suppress
from functools import partial
from queue import Empty, Queue
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from chaos.proxy import Proxy
from storage import peers
from storage.database import open_database
from storage.peers import LARGEST, MOST, Peers, notify, packed, unpacked
from tests.incidentio.upstream import eventually

NEVER = 3600.0
LATER = "of a later version"


class Process:
    """One of several: what it heard, and what became of it."""

    def __init__(self, database, pause=0.01):
        self.events, self.inbox, self.missed = [], Queue(), Queue()
        self.peers = Peers(database, self.events.append, pause)
        self.tell, self.close = self.peers.tell, self.peers.close

    def start(self):
        self.peers.start(self.take, partial(self.missed.put, "something"))
        return self

    def take(self, hint):
        if hint == ["break"]:
            raise LookupError("a bug")
        self.inbox.put(hint)
        return hint[0] != LATER

    def heard(self):
        return self.inbox.get(timeout=30)


@pytest.fixture
def us(process):
    return process()


@pytest.fixture
def them(process):
    return process()


@pytest.fixture
def proxy(postgresql):
    """A way to the database that can be cut; ``proxy.url`` is its address there."""
    with closing(Proxy(server_socket(postgresql))) as way:
        yield way


def server_socket(database):
    folder = parse_qs(urlsplit(str(database.engine.url)).query)["host"][0]
    return f"{folder}/.s.PGSQL.5432"


@pytest.fixture
def elsewhere(postgresql):
    """Open the same database over TCP, at some port."""
    with ExitStack() as opened:

        def open_(port):
            name = postgresql.engine.url.database
            plain = "sslmode=disable&gssencmode=disable"
            url = f"postgresql://postgres@127.0.0.1:{port}/{name}?{plain}"
            return opened.enter_context(closing(open_database(url)))

        yield open_


@pytest.fixture
def process(postgresql, elsewhere):
    """Start a process; all end before the database is closed."""
    with ExitStack() as running:

        def start(database=postgresql, **given):
            one = running.enter_context(closing(Process(database, **given)))
            return one.start()

        yield start


def hang_up(database):
    """Let the server end all connections that hear the others."""
    ended = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND query LIKE 'LISTEN %'"
    )
    with database.statement() as session:
        assert session.scalars(ended).all()


def test_the_others_hear_it_and_whoever_told_it_does_not(us, them, process):
    third = process()
    us.tell("list", "expired", "roles")
    assert them.heard() == third.heard() == ["list", "expired", "roles"]
    them.tell("that is all")
    assert us.heard() == ["that is all"]


def test_it_says_names_of_lists_and_nothing_of_the_process(us, postgresql, monkeypatch):
    sent = []
    monkeypatch.setattr(peers, "notify", lambda _, payload: sent.append(payload))
    us.tell("list", "expired", "roles")
    us.close()
    (said,) = map(json.loads, sent)
    assert re.fullmatch("[0-9a-f]{16}", said.pop("from"))
    assert said == {"v": 1, "told": [["list", "expired", "roles"]]}


def test_of_the_same_words_the_last_value_is_told_and_last(process, them):
    us = process(pause=NEVER)
    us.tell("begin")
    assert them.heard() == ["begin"]
    us.tell("access", "01A", value=[True])
    us.tell("list", "roles")
    us.tell("access", "01A", value=[False])
    us.close()
    assert them.heard() == ["list", "roles"]
    assert them.heard() == ["access", "01A", False]


def test_a_flood_is_told_in_few_notifications(process, them):
    us = process(pause=NEVER)
    for number in range(10_000):
        us.tell("list", str(number % 20))
    us.close()
    assert us.events.count("sent") <= 2
    assert {them.heard()[1] for _ in range(20)} == {str(n) for n in range(20)}


def test_instead_of_very_much_it_is_told_that_everything_changed(process, them):
    us = process(pause=NEVER)
    us.tell("begin")
    assert them.heard() == ["begin"]
    for number in range(MOST + 1):
        us.tell("list", str(number))
    us.close()
    assert them.heard() == ["everything"]
    with pytest.raises(Empty):
        them.inbox.get_nowait()


def test_what_is_left_to_tell_is_told_at_the_end(process, them):
    us = process(pause=NEVER)
    us.tell("first")
    assert them.heard() == ["first"]
    us.tell("last")
    us.close()
    assert them.heard() == ["last"]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "null",
        "[1]",
        '"told"',
        "[" * 7_000,
        '{"v": 1}',
        '{"v": 1, "from": 3, "told": []}',
        '{"v": 1, "from": "x", "told": {"list": "roles"}}',
        '{"v": 2, "from": "x", "told": [["list", "expired", "roles"]]}',
        '{"v": NaN, "from": "x", "told": [["list"]]}',
    ],
)
def test_a_payload_that_is_not_understood_is_passed_over(us, them, postgresql, payload):
    notify(postgresql, payload)
    them.tell("list", "roles")
    assert us.heard() == ["list", "roles"]
    assert us.events.count("not_understood") == 1
    assert us.peers.hears


def test_of_a_payload_what_is_no_hint_is_passed_over(us, postgresql):
    told = '[[], 3, {"list": 1}, null, "list", ["list", null]]'
    notify(postgresql, f'{{"v": 1, "from": "x", "told": {told}, "more": 1}}')
    assert us.heard() == ["list", None]


def test_a_kind_that_only_a_later_version_knows_is_counted(us, them):
    them.tell(LATER, "x")
    them.tell("list")
    assert us.heard() == [LATER, "x"]
    assert us.heard() == ["list"]
    assert us.events.count("not_understood") == 1


def test_a_bug_in_what_is_done_about_one_does_not_end_it(us, them, caplog):
    them.tell("break")
    them.tell("list")
    assert us.heard() == ["list"]
    assert "could not be acted on" in caplog.text
    assert us.missed.empty()


def test_after_the_connection_was_cut_something_may_have_been_missed(
    us, them, postgresql, caplog
):
    caplog.set_level(logging.INFO, "storage.peers")
    assert us.missed.empty()
    hang_up(postgresql)
    assert us.missed.get(timeout=30)
    assert them.missed.get(timeout=30)
    them.tell("list")
    assert us.heard() == ["list"]
    lines = [r.getMessage() for r in caplog.records]
    assert sum("are not heard: " in line for line in lines) == 2
    assert lines.count("the other processes are heard again") == 2
    assert us.events.count("lost") == 1


def test_a_long_absence_is_logged_once_and_what_was_to_be_told_is_told_then(
    process, them, proxy, elsewhere, caplog
):
    us = process(elsewhere(proxy.port))
    proxy.cut()
    eventually(lambda: not us.peers.hears)
    us.tell("list", "roles")
    eventually(lambda: us.peers._listener._failures > 2)
    eventually(lambda: us.peers._speaker._failures > 2)
    proxy.heal()
    assert us.missed.get(timeout=30)
    assert them.heard() == ["list", "roles"]
    assert caplog.text.count("are not heard") == 1
    assert caplog.text.count("are not told") == 1
    assert us.events.count("lost") == 1


def test_a_start_without_the_database_waits_a_moment_and_is_made_good_later(
    process, proxy, elsewhere, monkeypatch
):
    monkeypatch.setattr(peers, "START_PATIENCE", 0.01)
    proxy.cut()
    us = process(elsewhere(proxy.port))
    assert not us.peers.hears
    proxy.heal()
    assert us.missed.get(timeout=30)
    assert us.peers.hears


class Pooler:
    """Passes everything on but notifications, as poolers by transaction do."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._serving = Thread(target=self._serve)
        self._serving.start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._serving.join()
        self._listener.close()

    def _serve(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                for work in (self._ask, self._answer):
                    Thread(target=work, args=(client, server), daemon=True).start()

    def _ask(self, client, server):
        with client, server:
            while piece := client.recv(65_536):
                server.sendall(piece)

    def _answer(self, client, server):
        """Each message of the server is a letter, a length and what it says."""
        with server.makefile("rb") as messages:
            while head := messages.read(5):
                body = messages.read(int.from_bytes(head[1:]) - 4)
                if head[:1] != b"A":
                    client.sendall(head + body)


def test_behind_a_pooler_by_transaction_it_goes_on_without(
    process, postgresql, elsewhere, monkeypatch, caplog
):
    monkeypatch.setattr(peers, "HELLO_PATIENCE", 0.1)
    with closing(Pooler(server_socket(postgresql))) as pooler:
        database = elsewhere(pooler.port)
        us = process(database)
        eventually(lambda: us.peers._listener._failures > 2)
        assert not us.peers.hears
        assert us.missed.empty()
        assert caplog.text.count("is there a pooler between?") == 1
        us.close()
        database.close()


def test_on_sqlite_nothing_is_told(sqlite):
    us = Process(sqlite).start()
    us.tell("list")
    assert not us.peers.hears
    us.close()
    assert us.events == []


def test_many_hints_are_divided_and_none_is_too_long():
    hints = [["list", "x" * (n % 300)] for n in range(400)]
    payloads = list(packed("me", [*hints, ["list", "x" * LARGEST]]))
    assert max(map(len, payloads)) <= LARGEST
    told = [hint for payload in payloads for hint in unpacked(payload)[1]]
    assert told == [*hints, ["everything"]]

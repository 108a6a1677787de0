"""Every write is entered once, whoever delivers it how often."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from storage.announcements import RULE, Announcement, Announcements
from storage.audit import Audit
from storage.database import Database, open_database
from storage.errors import DatabaseError, DatabaseUnreachable
from storage.journal import Journal
from storage.slots import Slots

ASKED = {"operation": "incidents.create", "actor": "U0ANA", "channel": "C1"}


@pytest.fixture
def journal(database, now):
    return Journal(database, "one", now)


@pytest.fixture
def other(database, now):
    return Journal(database, "two", now)


def accept(journal, key="view-1", **more):
    return journal.accept(key, **{"request": {"name": "Fire"}, **ASKED, **more})


def test_the_first_to_ask_does_it(journal):
    entry = accept(journal)
    assert entry.fresh
    assert (entry.state, entry.attempt, entry.claimed_by) == ("accepted", 1, "one")
    assert entry.request == {"name": "Fire"}
    assert len(entry.ref) == 8


def test_a_second_delivery_finds_it_in_flight(journal, other):
    first, second = accept(journal), accept(other)
    assert not second.fresh
    assert (second.id, second.claimed_by) == (first.id, "one")


def test_a_second_delivery_is_answered_from_the_journal(journal, other):
    entry = accept(journal)
    journal.finish(
        entry,
        "done",
        outcome="INC-1 declared",
        result={"id": "01"},
        target="INC-1",
        changes={"severity": ["Minor", "Major"]},
        request_id="req-1",
    )
    again = accept(other)
    assert not again.fresh
    assert (again.state, again.outcome) == ("done", "INC-1 declared")
    assert (again.result, again.target, again.request_id) == (
        {"id": "01"},
        "INC-1",
        "req-1",
    )
    assert again.changes == {"severity": ["Minor", "Major"]}


def test_what_was_refused_may_be_asked_again_with_another_request(journal):
    journal.finish(accept(journal), "refused", outcome="name is missing")
    again = accept(journal, request={"name": "Flood"})
    assert again.fresh
    assert (again.attempt, again.request) == (1, {"name": "Flood"})


def test_what_was_refused_stays_beside_what_is_asked_again(journal, database):
    first = accept(journal)
    journal.finish(first, "refused", outcome="name is missing", changes={"a": [1, 2]})
    journal.finish(accept(journal), "unknown", outcome="no answer")
    again = accept(journal, retry_unknown=True)
    journal.discard(again)
    kept = Audit(database).search(limit=9)
    assert {(e.state, e.outcome, e.ref) for e in kept} == {
        ("refused", "name is missing", first.ref),
        ("unknown", "no answer", first.ref),
    }
    assert {"a": [1, 2]} in [entry.changes for entry in kept]
    assert len({entry.id for entry in kept}) == 2


def test_what_is_unknown_is_only_repeated_on_purpose(journal):
    journal.finish(accept(journal), "unknown", outcome="no answer")
    assert not accept(journal).fresh
    assert accept(journal, retry_unknown=True).fresh


def test_a_lapsed_write_is_taken_over_as_it_was_asked(journal, other, now):
    first = accept(journal)
    now.advance(seconds=121)
    taken = accept(other, request={"name": "Flood"})
    assert taken.fresh
    assert (taken.id, taken.claimed_by, taken.attempt) == (first.id, "two", 2)
    assert taken.request == {"name": "Fire"}
    assert journal.finish(first, "done", outcome="too late") is None
    assert other.finish(taken, "done", outcome="done") is not None


def test_a_renewed_write_is_not_taken_over(journal, other, now):
    entry = accept(journal)
    now.advance(seconds=50)
    assert journal.renew(entry)
    now.advance(seconds=50)
    assert not accept(other).fresh
    assert other.unfinished() == []


def test_the_next_start_finds_what_was_never_finished(journal, other, now):
    accept(journal, "a")
    now.advance(seconds=1)
    accept(journal, "b")
    journal.finish(accept(journal, "c"), "done", outcome="done")
    assert other.unfinished() == []
    now.advance(minutes=2)
    claimed = other.unfinished(10)
    assert [entry.key for entry in claimed] == ["a", "b"]
    assert all(entry.fresh and entry.claimed_by == "two" for entry in claimed)
    assert journal.unfinished(10) == []


def test_old_entries_are_forgotten_but_never_unfinished_ones(journal, now):
    accept(journal, "open")
    journal.finish(accept(journal, "closed"), "done", outcome="done")
    now.advance(days=400)
    assert journal.prune(now() - timedelta(days=365)) == 1
    assert journal.find("open") is not None
    assert journal.find("closed") is None


def test_text_no_database_can_hold_is_stored_without_the_bad_parts(journal):
    entry = accept(journal, request={"name": "a\0b\ud83d"}, target="x\0y\ud83d")
    assert journal.find(entry.key).target == "xy?"


def test_of_many_threads_one_is_told_to_do_it(journal):
    with ThreadPoolExecutor(16) as pool:
        for round_ in range(10):
            key = f"race-{round_}"
            entries = list(pool.map(lambda _, key=key: accept(journal, key), range(16)))
            assert sum(entry.fresh for entry in entries) == 1
            assert len({entry.id for entry in entries}) == 1


def _accept_in_a_process(url, start, won):
    database = open_database(url)
    journal = Journal(
        database,
        multiprocessing.current_process().name,
        lambda: datetime(2026, 3, 2, tzinfo=UTC),
    )
    start.wait()
    for number in range(50):
        if accept(journal, f"key-{number}").fresh:
            won.put(number)
    won.put(None)
    database.close()


@pytest.mark.prove
def test_of_several_processes_one_is_told_to_do_it(url, database):
    context = multiprocessing.get_context("spawn")
    start, won = context.Barrier(3), context.Queue()
    workers = [
        context.Process(target=_accept_in_a_process, args=(url, start, won))
        for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    finished, wins = 0, []
    while finished < len(workers):
        win = won.get(timeout=30)
        finished += win is None
        wins += [] if win is None else [win]
    for worker in workers:
        worker.join()
    won.close()
    won.join_thread()
    assert sorted(wins) == list(range(50))


def test_only_what_was_begun_and_not_refused_counts_as_an_attempt(journal, now):
    for _ in range(3):
        entry = accept(journal)
        assert entry.attempt == 1
        journal.finish(entry, "refused", outcome="name is missing")
    journal.finish(accept(journal), "unknown", outcome="no answer")
    assert accept(journal, retry_unknown=True).attempt == 2


def test_a_doubt_outlives_every_refusal(journal, other, now):
    began = now()
    first = accept(journal)
    assert first.in_doubt_since is None
    journal.finish(first, "refused", outcome="name is missing")
    again = accept(journal)
    assert again.in_doubt_since is None
    journal.finish(again, "unknown", outcome="no answer")
    for _ in range(2):
        now.advance(hours=1)
        entry = accept(journal, retry_unknown=True)
        assert entry.in_doubt_since == began
        journal.finish(entry, "refused", outcome="cannot be read")


def test_what_a_dead_process_left_is_in_doubt(journal, other, now):
    began = now()
    accept(journal)
    now.advance(seconds=121)
    (taken,) = other.unfinished()
    assert taken.in_doubt_since == began


def test_what_is_to_be_said_is_entered_with_the_outcome(journal, database):
    entry = accept(journal)
    said = [Announcement("C1"), Announcement("U0BEN", {"schedule": "01S"})]
    first, second = journal.finish(entry, "done", outcome="x", announcements=said)
    assert (first.channel, first.claimed_by, first.state) == ("C1", "one", "claimed")
    assert second.params["schedule"] == "01S"
    assert first.requested_by == "U0ANA"
    waiting = Announcements(database).waiting()
    assert {slot.id for slot, _ in waiting} == {first.id, second.id}
    assert {found.outcome for _, found in waiting} == {"x"}


@pytest.fixture
def lose_an_answer(database, monkeypatch):
    """The next commit is stored, but the connection breaks before its answer."""

    def lose():
        dialect = database.engine.dialect
        commit = dialect.do_commit

        def breaks(connection):
            monkeypatch.undo()
            commit(connection)
            if database.dialect == "sqlite":
                raise sqlite3.OperationalError("no such table: gone")
            connection.driver_connection.close()
            raise psycopg.OperationalError("server closed the connection")

        monkeypatch.setattr(dialect, "do_commit", breaks)

    return lose


SAID = [Announcement("C1", {"answer": "U0ANA"}), Announcement("C2")]


@pytest.mark.parametrize("state", ["done", "unknown"])
def test_an_outcome_whose_commit_was_not_answered_is_found_again(
    journal, database, lose_an_answer, state
):
    entry = accept(journal)
    lose_an_answer()
    with pytest.raises(DatabaseError):
        journal.finish(entry, state, outcome="x", announcements=SAID)
    waiting = {slot.id for slot, _ in Announcements(database).waiting()}
    assert len(waiting) == 2

    slots = journal.finish(entry, state, outcome="x", announcements=SAID)

    assert [slot.channel for slot in slots] == ["C1", "C2"]
    assert {slot.id for slot in slots} == waiting
    assert len(Announcements(database).waiting()) == 2
    mine = Slots(database, "one", timedelta(minutes=2), [RULE])
    later = slots[0].slot_at + timedelta(hours=1)
    assert all(mine.begin_sending(slot, later, timedelta(0)) for slot in slots)


def test_of_what_another_worker_took_over_meanwhile_nothing_is_sent(
    journal, database, now, lose_an_answer
):
    entry = accept(journal)
    lose_an_answer()
    with pytest.raises(DatabaseError):
        journal.finish(entry, "done", outcome="x", announcements=SAID)
    now.advance(minutes=3)
    for worker in ("one", "two"):
        assert Slots(database, worker, timedelta(minutes=2), [RULE]).claim(now())

    slots = journal.finish(entry, "done", outcome="x", announcements=SAID)

    mine = Slots(database, "one", timedelta(minutes=2), [RULE])
    assert not any(mine.begin_sending(slot, now(), timedelta(0)) for slot in slots)
    assert not any(mine.finish(slot, "sent", now()) for slot in slots)


def test_what_was_taken_over_enters_nothing_to_be_said(journal, other, now, database):
    entry = accept(journal)
    now.advance(seconds=121)
    assert other.unfinished()
    said = [Announcement("C1")]
    assert journal.finish(entry, "done", outcome="x", announcements=said) is None
    assert Announcements(database).waiting() == []


def test_who_was_given_up_cannot_finish_what_was_asked_anew(journal, other, now):
    first = accept(journal)
    now.advance(seconds=121)
    other.finish(accept(other), "refused", outcome="name is missing")
    again = accept(other)
    assert again.attempt == first.attempt
    assert not journal.finish(first, "done", outcome="too late")


def test_what_was_typed_is_kept_only_until_it_is_done(journal):
    asked = {"kind": "command", "line": "declare", "response_url": "https://x"}
    journal.finish(accept(journal, request=asked), "done", outcome="done")
    assert journal.find("view-1").request == {"kind": "command"}


def test_what_is_discarded_while_it_is_asked_for_is_begun_anew(journal, database):
    first = accept(journal)
    before = journal._entered_before
    journal._entered_before = lambda *asked: journal.discard(first) and before(*asked)
    assert accept(journal).fresh


def test_old_entries_are_forgotten_a_few_at_a_time(journal, now, monkeypatch):
    monkeypatch.setattr("storage.sql.BATCH", 2)
    monkeypatch.setattr("storage.sql.MOST", 6)
    for number in range(7):
        journal.finish(accept(journal, f"key-{number}"), "done", outcome="done")
    now.advance(days=400)
    assert journal.prune(now()) == 6
    assert journal.prune(now()) == 1


@pytest.fixture
def lose_answer(monkeypatch):
    """The next statement is carried out, and its answer is lost."""

    def lose():
        statement = Database.statement

        @contextmanager
        def lost(database):
            with statement(database) as connection:
                yield connection
            monkeypatch.setattr(Database, "statement", statement)
            raise DatabaseUnreachable("the server gave no answer in time")

        monkeypatch.setattr(Database, "statement", lost)

    return lose


def test_what_was_entered_though_no_answer_came_is_found(journal, other, lose_answer):
    lose_answer()
    with pytest.raises(DatabaseUnreachable):
        accept(journal)
    assert [entry.key for entry in journal.unanswered()] == ["view-1"]
    assert journal.unanswered("view-2") == other.unanswered() == []

    (entry,) = journal.unanswered("view-1")
    journal.finish(entry, "refused", outcome="not started")

    assert journal.unanswered() == []
    assert accept(other).fresh


def test_so_is_what_was_asked_for_again(journal, lose_answer):
    journal.finish(accept(journal), "refused", outcome="name is missing")
    lose_answer()
    with pytest.raises(DatabaseUnreachable):
        accept(journal, request={"name": "Flood"})

    (entry,) = journal.unanswered()

    assert entry.request == {"name": "Flood"}


def test_what_another_process_has_taken_over_is_no_more_ours(
    journal, other, lose_answer, now
):
    lose_answer()
    with pytest.raises(DatabaseUnreachable):
        accept(journal)
    now.advance(minutes=3)
    assert [entry.attempt for entry in other.unfinished()] == [2]

    assert journal.unanswered() == []


@pytest.fixture
def accept_in_vain(monkeypatch):
    """Let a journal enter a write while the database cannot be reached."""

    @contextmanager
    def unreachable(_):
        raise DatabaseUnreachable("the server cannot be reached")
        yield

    def accept_in_vain(journal):
        with monkeypatch.context() as fault:
            fault.setattr(Database, "statement", unreachable)
            with pytest.raises(DatabaseUnreachable):
                accept(journal)

    return accept_in_vain


def test_what_is_accepted_at_last_is_not_taken_for_what_failed(journal, accept_in_vain):
    accept_in_vain(journal)

    assert accept(journal).fresh
    assert journal.unanswered() == []


def test_it_is_looked_for_as_long_as_a_server_that_hung_may_enter_it(
    journal, database, now, accept_in_vain
):
    """The first look finds nothing: the statement is carried out after it."""
    accept_in_vain(journal)
    at = now()
    now.advance(minutes=10)
    assert journal.unanswered() == []
    late = Journal(database, "one", lambda: at)
    assert accept(late).fresh
    now.advance(seconds=20)

    assert [entry.key for entry in journal.unanswered()] == ["view-1"]

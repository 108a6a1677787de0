"""What is to be posted is taken by one, and by the next where that one died."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage.audit_outbox import LEASE, PAUSE, AuditOutbox
from storage.journal import Journal


@pytest.fixture
def journal(database, now):
    return Journal(database, "one", now, post_after=PAUSE)


@pytest.fixture
def outbox(database):
    return AuditOutbox(database)


@pytest.fixture
def enter(journal, now):
    count = iter(range(1000))

    def enter(state="done", key=None, **more):
        key = key or f"key-{next(count)}"
        entry = journal.accept(key, operation="x", actor="U1", request={}, **more)
        journal.finish(entry, state, outcome="said")
        now.at += timedelta(milliseconds=1)
        return entry.id

    return enter


def ids(batch):
    return [entry.id for entry in batch.entries]


def test_what_was_finished_goes_together_a_little_later(outbox, enter, now):
    entered = [enter(), enter("refused"), enter("unknown")]
    assert outbox.claim(10) is None
    now.advance(seconds=3)
    batch = outbox.claim(10)
    assert (ids(batch), batch.begun) == (entered, False)
    outbox.posted(batch)
    now.advance(days=1)
    assert outbox.claim(10) is None


def test_what_is_under_way_or_finished_without_a_channel_is_not_posted(
    database, journal, outbox, now
):
    journal.accept("open", operation="x", actor="U1", request={})
    silent = Journal(database, "two", now)
    silent.finish(
        silent.accept("quiet", operation="x", actor="U1", request={}),
        "done",
        outcome="",
    )
    now.advance(minutes=1)
    assert outbox.claim(10) is None


def test_between_two_messages_is_a_pause_whoever_sends_them(outbox, enter, now):
    entered = [enter() for _ in range(3)]
    now.advance(seconds=3)
    assert ids(outbox.claim(2)) == entered[:2]
    assert outbox.claim(2) is None
    now.advance(seconds=3)
    assert ids(outbox.claim(2)) == entered[2:]


def test_what_a_dead_worker_took_is_found_as_it_was_taken(outbox, enter, now):
    entered = [enter(), enter()]
    now.advance(seconds=3)
    taken = outbox.claim(10)
    enter()
    now.advance(seconds=LEASE.total_seconds())
    again = outbox.claim(10)
    assert (again.id, ids(again), again.begun) == (taken.id, entered, True)
    assert again.since == again.entries[-1].finished_at
    assert not outbox.posted(taken)
    assert not outbox.postpone(taken, LEASE, maybe_sent=True)
    assert outbox.is_open(taken)
    assert outbox.posted(again)
    assert not outbox.is_open(taken)


def test_what_failed_is_due_again_then_and_nothing_before(outbox, enter, now):
    first = enter()
    now.advance(seconds=3)
    outbox.postpone(outbox.claim(10), timedelta(minutes=1), maybe_sent=False)
    second = enter()
    now.advance(seconds=58)
    outbox.postpone(outbox.claim(10), timedelta(minutes=1), maybe_sent=True)
    now.advance(seconds=3)
    again = outbox.claim(10)
    assert (ids(again), again.begun) == ([first], False)
    now.advance(seconds=58)
    begun = outbox.claim(10)
    assert (ids(begun), begun.begun) == ([second], True)


def test_what_is_asked_again_is_posted_again_and_what_was_before_too(
    outbox, enter, now
):
    enter("refused", "form")
    enter("done", "form")
    now.advance(seconds=4)
    assert [e.state for e in outbox.claim(10).entries] == ["refused", "done"]


def test_many_workers_take_each_once(database, enter, now):
    for _ in range(30):
        enter()
    taken = []

    def claim(_):
        batch = AuditOutbox(database).claim(5)
        return ids(batch) if batch else []

    for _ in range(7):
        now.advance(seconds=3)
        with ThreadPoolExecutor(4) as pool:
            rounds = [found for found in pool.map(claim, range(4)) if found]
        assert len(rounds) <= 1
        taken += [id_ for found in rounds for id_ in found]
    assert len(taken) == len(set(taken)) == 30

"""The database's clock decides leases, however wrong the clocks of machines are."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import audit_outbox
from storage.audit_outbox import PAUSE, AuditOutbox
from storage.clock import ClockOff, SharedClock
from storage.database import open_database
from storage.journal import Journal
from storage.lease import elapsed
from storage.rules import Rules
from storage.slots import Slots
from storage.tables import JournalRow

LEASE = timedelta(minutes=2)
KINDS = {"channel"}
OFF = [timedelta(minutes=3), timedelta(hours=5), timedelta(minutes=-3)]


@pytest.fixture(params=OFF, ids=str)
def wrong(request, now):
    """Return the clock of a machine that is off."""
    return lambda: now() + request.param


@pytest.fixture
def rules(database, now):
    return Rules(database, now, lambda _, after: after + timedelta(hours=1))


def test_a_worker_whose_clock_is_off_takes_no_slot_from_one_that_lives(
    database, rules, now, wrong
):
    rule = rules.create(channel="C1", created_by="U1", recurrence="hourly")
    rules.run_now(rule.id, by="U1")
    ours, theirs = (
        Slots(database, "one", LEASE, KINDS),
        Slots(database, "two", LEASE, KINDS),
    )
    claimed = ours.claim(now()).slot
    late = max(wrong(), now())
    assert theirs.waiting(late) is None
    assert theirs.claim(late) is None
    assert ours.begin_sending(claimed, wrong(), timedelta())
    now.at += LEASE
    taken = theirs.claim(late)
    assert (taken.taken_from, taken.slot.lease_until) == ("one", now() + LEASE)


def test_a_process_whose_clock_is_off_takes_no_write_from_one_that_lives(
    database, now, wrong
):
    asked: dict[str, Any] = {"operation": "x", "actor": "U1", "request": {}}
    ours, theirs = Journal(database, "one", now), Journal(database, "two", wrong)
    entry = ours.accept("key", **asked)
    assert not theirs.accept("key", **asked).fresh
    assert theirs.unfinished() == []
    for process in (ours, theirs):
        now.at += LEASE / 2
        assert process.renew(entry)
    now.at += LEASE
    assert [found.claimed_by for found in theirs.unfinished()] == ["two"]
    assert ours.unfinished() == []


def test_what_a_process_whose_clock_is_off_finished_is_posted_in_time(
    database, now, wrong
):
    journal = Journal(database, "one", wrong, post_after=PAUSE)
    entry = journal.accept("key", operation="x", actor="U1", request={})
    journal.finish(entry, "done", outcome="said")
    outbox = AuditOutbox(database)
    assert outbox.claim(10) is None
    now.at += PAUSE
    assert outbox.claim(10).lease.until == now() + audit_outbox.LEASE


def test_a_server_tells_its_own_time_in_every_statement(postgresql, now):
    """On a real server: a process that lives in March leases by the server's time."""
    leased = Journal(postgresql, "one", now).accept(
        "key", operation="x", actor="U1", request={}
    )
    assert leased.accepted_at == now()
    until = postgresql.read_clock() + LEASE
    assert until - timedelta(minutes=1) < leased.lease_until <= until
    assert Journal(postgresql, "two", now).unfinished() == []
    with postgresql.write() as session:
        row = session.scalars(select(JournalRow)).one()
        row.lease_until = postgresql.read_clock()
    assert len(Journal(postgresql, "two", now).unfinished()) == 1


class Elapsed:
    at = 100.0

    def __call__(self):
        return self.at


@pytest.fixture
def shared(postgresql):
    """The time on a machine whose clock is three minutes ahead of the server's."""
    ahead = timedelta(minutes=3)
    return SharedClock(postgresql, lambda: datetime.now(UTC) + ahead, Elapsed())


def test_a_process_whose_clock_is_off_says_so_once_and_keeps_the_servers_time(
    postgresql, shared, caplog
):
    caplog.set_level(logging.WARNING, "storage.clock")
    shared.check()
    shared.refresh()
    shared.refresh()
    assert abs(shared.offset - 180) < 60
    (said,) = caplog.messages
    assert said.startswith("this machine's clock is off the database's: +1")
    with pytest.raises(ClockOff):
        shared.check()
    assert abs(shared() - postgresql.read_clock()) < timedelta(minutes=1)
    before = shared()
    shared._elapsed.at += 3600
    assert shared() - before == timedelta(hours=1)


def test_a_clock_that_is_right_again_is_said_to_be(shared, caplog):
    caplog.set_level(logging.INFO, "storage.clock")
    shared.refresh()
    shared._own = lambda: datetime.now(UTC)
    shared.refresh()
    shared.check()
    assert caplog.messages[-1] == "this machine's clock is right again"


def test_a_server_that_does_not_tell_its_time_stops_nothing(now, caplog):
    gone = open_database("postgresql://bot@127.0.0.1:1/bot")
    shared = SharedClock(gone, now)
    shared.refresh()
    gone.close()
    assert "was not read" in caplog.text
    assert (shared(), shared.offset) == (now(), 0)


def test_on_a_file_the_machines_clock_is_the_databases(sqlite, now):
    shared = SharedClock(sqlite, now)
    shared.refresh()
    assert shared() == now()


def test_time_goes_on_while_nothing_is_done():
    before = elapsed()
    assert elapsed() >= before

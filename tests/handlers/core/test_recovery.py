"""What was accepted before a process died is finished or reported; nothing is lost."""

import sqlite3
from datetime import timedelta

import pytest

from storage.journal import Journal


@pytest.fixture
def budget():
    """What is dropped is not waited for."""
    return 0


def test_a_declaration_accepted_before_a_crash_is_made_after_it(
    ana, world, crash_before_work, restart
):
    ana.types("/io declare Before the crash", channel="incidents")
    crash_before_work()
    ana.submits(summary="Kept", severity="Low")

    restart()

    newest = world.incidentio.store.incident("41")
    assert newest.name == "Before the crash"
    assert newest.summary == "Kept"
    assert "INC-41" in ana.sees("incidents")[-1].text


def test_a_write_that_was_not_finished_keeps_its_words_until_it_is(
    ana, crash_before_work, restart, kept, world
):
    ana.types("/io update INC-39")
    crash_before_work()
    ana.submits(message="Words that nobody has read")
    assert kept("Words that nobody has read")

    restart()

    assert "Words that nobody has read" in {
        update.message for update in world.incidentio.store.updates
    }
    assert not kept("Words that nobody has read")


def test_recovering_twice_declares_once(ana, world, crash_before_work, restart):
    ana.types("/io declare Once", channel="incidents")
    crash_before_work()
    ana.submits(severity="Low")

    restart().recovery.tick()

    assert world.incidentio.store.incident("42") is None


def test_what_died_after_the_work_is_answered_without_doing_it_again(
    ana, world, crash_after_work, restart
):
    ana.types("/io declare Done already", channel="incidents")
    crash_after_work()
    ana.submits(severity="Low")
    restart()

    assert world.incidentio.store.incident("42") is None


def test_an_entry_that_cannot_be_read_does_not_hold_up_the_others(
    ana, bot, world, crash_before_work, restart
):
    bot.ledger._journal.accept(
        "poison", operation="declare", actor="U0ANA", request={"kind": "submission"}
    )
    ana.types("/io declare Behind it", channel="incidents")
    crash_before_work()
    ana.submits(severity="Low")

    restart()

    assert world.incidentio.store.incident("41").name == "Behind it"


def test_what_fails_again_and_again_is_reported_as_unknown(
    ana, bot, clock, world, crash_before_work, restart
):
    ana.types("/io declare Never", channel="incidents")
    crash_before_work()
    ana.submits(severity="Low")
    journal = Journal(bot.database, "another", clock, lease=timedelta(seconds=1))
    for _ in range(3):
        clock.advance(minutes=3)
        assert journal.unfinished()

    restart()

    assert "not known whether" in ana.last.text
    assert world.incidentio.store.incident("41") is None


@pytest.fixture
def locked(settings, bot):
    """Somebody else holds the database."""
    path = settings.database_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_a_locked_database_keeps_what_was_typed(ana, world, locked):
    ana.types("/io declare Locked out")

    ana.submits(summary="Still here", severity="Low")

    assert "database was locked" in ana.modal.words
    assert ana.modal.state["summary"]["summary"]["value"] == "Still here"
    assert world.incidentio.store.incident("41") is None


def test_lookups_need_no_database(ana, locked):
    ana.types("/io incidents")

    assert "Live incidents" in ana.last.words


def test_too_much_waiting_is_said_at_once_and_nothing_is_started(
    ana, bot, world, monkeypatch
):
    ana.types("/io declare Busy")
    for executor in (bot.executors.writes, bot.executors.lookups):
        monkeypatch.setattr(executor, "_most", 0)

    ana.submits(summary="Kept", severity="Low")

    assert "Too much is waiting" in ana.modal.words
    assert ana.modal.state["summary"]["summary"]["value"] == "Kept"
    ana.types("/io incidents")
    assert "Too much is waiting" in ana.last.text
    monkeypatch.undo()
    ana.submits(severity="Low")
    assert world.incidentio.store.incident("41").summary == "Kept"

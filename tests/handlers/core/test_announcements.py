"""What came of a write is said once, whatever Slack does and whoever dies."""

from contextlib import contextmanager
from functools import partial

import pytest

from handlers.core.pipeline.bot import Bot
from storage.database import Database
from storage.errors import DatabaseUnreachable
from storage.journal import Journal
from storage.slots import Slots

pytestmark = pytest.mark.kinds("outcomes")


def declare(ana):
    ana.types("/io declare Only once", channel="incidents")
    ana.submits(severity="Low")


def announced(ana):
    return [m for m in ana.sees("incidents") if "INC-41" in m.words]


@pytest.fixture
def later(only, bot, clock):
    """Let the engine send what is due by then."""
    only(27, 39)

    def later(**by):
        clock.advance(**by)
        for _ in range(3):
            bot.reminders.tick()

    return later


DOWN = {
    "limited": {"retry_after": 10},
    "broken": {"status": 503},
    "resets": {"drop": True},
    "resets after it took the message": {"drop": "after"},
    "answers 500 after it took the message": {"status": 500, "after": True},
}

UNDECIDED = [DOWN["broken"], DOWN["resets"]]
"""Slack may show the message late: it is looked for twice."""


@pytest.mark.parametrize("fault", DOWN.values(), ids=DOWN)
def test_an_outage_of_slack_delays_an_announcement_and_loses_none(
    ana, world, later, fault
):
    for method in ("chat.*", "response_url"):
        world.slack.fail(method, **fault)
    declare(ana)
    world.slack.clear_faults()
    later(seconds=12)
    assert len(announced(ana)) == (fault not in UNDECIDED)
    later(minutes=5)
    (said,) = announced(ana)
    assert "by <@U0ANA>" in said.words
    assert said.ephemeral_to is None
    later(hours=3)
    assert len(announced(ana)) == 1


@pytest.fixture
def dies_unsaid(monkeypatch):
    """The process dies when it has entered an outcome, before it says anything.

    Returns what it was about to do.
    """
    answer, left = Bot.answer, []

    def instead(bot, it, ctx, done, trigger=None, slots=(), **more):
        rest = partial(answer, bot, it, ctx, done, trigger, slots, **more)
        left.append(rest) if slots else rest()

    monkeypatch.setattr(Bot, "answer", instead)
    return left


def test_a_process_that_dies_before_it_speaks_is_spoken_for(ana, dies_unsaid, later):
    declare(ana)
    assert announced(ana) == []
    later(seconds=60)
    assert announced(ana) == []  # it may still be about to
    later(minutes=2)
    (said,) = announced(ana)
    assert "Said late" in said.words


def test_where_the_channel_takes_nothing_who_asked_is_told(
    ana, world, dies_unsaid, later
):
    declare(ana)
    world.slack.fail("chat.postMessage", error="channel_not_found", times=1)
    later(minutes=3)
    assert announced(ana) == []
    assert "INC-41" in ana.last.words
    assert ana.last.channel.startswith("D")


@pytest.mark.settings(announce_changes=True)
def test_so_are_the_answer_and_the_channel_of_an_incident(ana, dies_unsaid, later):
    ana.types("/io severity 39 critical", channel="general")
    later(minutes=3)
    done = "Done for <@U0ANA>: *incident INC-39 Elevated errors in the API*"
    for said in (ana.sees("C0INC39")[-1], ana.last):
        assert said.words.startswith(f"{done}\n• severity: Major → Critical\n")


def test_so_are_those_whose_shifts_were_changed(ana, world, dies_unsaid, later, person):
    ana.types("/io override Payments")
    ana.submits(user="gus")
    later(minutes=3)
    told = [m for m in person("gus").sees() if "on call" in m.words]
    assert "<@U0ANA> changed who is on call for *Payments*" in told[-1].words


def test_what_became_private_meanwhile_is_not_announced(ana, world, dies_unsaid, later):
    ana.types("/io severity 27 critical", channel="general")
    ana.types("/io declare Only once", channel="incidents")
    ana.submits(severity="Low")
    world.incidentio.make_private(27)
    world.incidentio.make_private(41)
    later(minutes=3)
    assert announced(ana) == []
    assert not any("Only once" in m.words for m in ana.sees("incidents"))


@pytest.mark.parametrize("late", [False, True])
def test_what_becomes_private_later_is_taken_back(
    ana, bot, world, later, request, late
):
    if late:
        request.getfixturevalue("dies_unsaid")
    declare(ana)
    later(minutes=3)
    assert len(announced(ana)) == 1
    world.incidentio.make_private(41)
    bot.veil.tick()
    assert announced(ana) == []


def test_who_was_removed_meanwhile_reads_no_more_than_that_it_was_done(
    ana, world, dies_unsaid, later
):
    ana.types("/io severity 27 critical", channel="general")
    row = world.incidentio.store.incident("27")
    row.roles = {}
    world.incidentio.make_private(27)
    later(minutes=3)
    (told,) = (m.words for m in ana.sees() if m.channel.startswith("D"))
    assert told.startswith("What you asked for was done.")
    assert "INC-27" not in told


def test_while_incident_io_is_down_it_waits(ana, world, dies_unsaid, later):
    declare(ana)
    world.incidentio.fail("*", "/*", status=503)
    later(minutes=3)
    assert announced(ana) == []
    world.incidentio.clear_faults()
    later(minutes=10)
    assert len(announced(ana)) == 1


def test_a_process_that_slept_says_nothing_again(ana, dies_unsaid, later):
    declare(ana)
    later(minutes=3)
    assert len(announced(ana)) == 1
    for wakes in dies_unsaid:
        wakes()
    assert len(announced(ana)) == 1


def test_a_process_that_was_frozen_takes_its_second_message_back(
    ana, bot, freeze, later
):
    freeze("chat.postMessage", partial(later, minutes=3), late=True)
    declare(ana)
    assert len(announced(ana)) == 2
    bot.recovery.tick()
    (kept,) = announced(ana)
    assert "Said late" in kept.words
    later(hours=1)
    bot.recovery.tick()
    assert len(announced(ana)) == 1


def test_it_stays_while_who_took_over_may_still_find_it(ana, bot, world, freeze, later):
    def another_is_not_answered():
        world.slack.fail("chat.postMessage", drop=True, times=1)
        later(minutes=3)

    freeze("chat.postMessage", another_is_not_answered, late=True)
    declare(ana)
    bot.recovery.tick()
    assert len(announced(ana)) == 1
    later(minutes=4)
    bot.recovery.tick()
    (kept,) = announced(ana)
    assert "Said late" not in kept.words


@pytest.fixture(params=[True, False], ids=["entered", "not entered"])
def database_dies(request, bot, monkeypatch):
    """The database dies with the next outcome, whose entry may be its last answer.

    Returns how it comes back.
    """
    finish, explained = Journal.finish, Database._explained
    dead = []

    def last(journal, *given, **named):
        if not dead and request.param:
            finish(journal, *given, **named)
        dead.append(journal)
        raise DatabaseUnreachable("the server closed the connection")

    @contextmanager
    def gone(database):
        if dead:
            raise DatabaseUnreachable("the server cannot be reached")
        with explained(database):
            yield

    monkeypatch.setattr(Journal, "finish", last)
    monkeypatch.setattr(Database, "_explained", gone)
    return monkeypatch.undo


LATER = "is told later: the bot's database does not work."


def private(ana):
    return [m for m in ana.sees() if m.ephemeral_to or m.channel.startswith("D")]


def test_what_may_have_been_entered_is_announced_once_the_database_is_back(
    ana, bot, database_dies, later
):
    declare(ana)
    assert announced(ana) == private(ana)
    (told,) = private(ana)
    assert "INC-41" in told.words
    assert f"<#C0INCIDENTS> {LATER}" in told.words

    database_dies()
    bot.recovery.tick()
    later(seconds=1)
    said = [m for m in announced(ana) if not m.ephemeral_to]
    assert len(said) == 1
    later(hours=1)
    bot.recovery.tick()
    assert len(announced(ana)) == 2


def test_so_it_is_if_the_process_dies_when_it_has_told_the_person(
    ana, database_dies, later, restart
):
    declare(ana)
    database_dies()
    restart()
    later(minutes=3)
    assert len([m for m in announced(ana) if not m.ephemeral_to]) == 1


def test_so_it_is_if_another_process_is_first(ana, bot, database_dies, start, later):
    declare(ana)
    database_dies()
    later(minutes=3)
    start().recovery.tick()
    bot.recovery.tick()
    later(hours=1)
    assert len([m for m in announced(ana) if not m.ephemeral_to]) == 1


def test_what_the_person_alone_was_told_they_are_not_told_again(
    ana, bot, database_dies, later
):
    ana.types("/io severity 39 critical", channel="general")
    before = [m.words for m in private(ana)]
    assert len(before) == 1
    database_dies()
    bot.recovery.tick()
    later(hours=1)
    assert [m.words for m in private(ana)] == before


def test_nor_is_it_lost_if_slack_is_away_too(ana, bot, world, database_dies, later):
    for method in ("chat.*", "response_url"):
        world.slack.fail(method, status=503)
    ana.types("/io severity 39 critical", channel="general")
    assert private(ana) == []
    world.slack.clear_faults()
    database_dies()
    bot.recovery.tick()
    later(seconds=1)
    (told,) = private(ana)
    assert "Major → Critical" in told.words
    assert "Said late" in told.words


def fails_once(monkeypatch, name, *, after):
    """The database dies at a method of ``Slots``, before it is done or after."""
    method, died = getattr(Slots, name), []

    def fails(*given, **named):
        if died:
            return method(*given, **named)
        died.append(name)
        if after:
            method(*given, **named)
        raise DatabaseUnreachable("the server closed the connection")

    monkeypatch.setattr(Slots, name, fails)


@pytest.mark.parametrize("after", [False, True])
def test_what_could_not_be_begun_is_said_when_the_database_is_back(
    ana, bot, later, monkeypatch, after
):
    fails_once(monkeypatch, "begin_sending", after=after)
    declare(ana)
    assert announced(ana) == []
    bot.recovery.tick()
    later(seconds=1)
    assert len(announced(ana)) == 1
    later(hours=1)
    assert len(announced(ana)) == 1


@pytest.mark.parametrize("after", [False, True])
def test_what_was_said_is_recorded_when_the_database_is_back(
    ana, bot, later, monkeypatch, after
):
    """An answer that only one person sees could not be found again."""
    fails_once(monkeypatch, "finish", after=after)
    ana.types("/io severity 39 critical", channel="general")
    bot.recovery.tick()
    later(hours=1)
    bot.recovery.tick()
    assert len(private(ana)) == 1


def test_what_slack_did_not_take_is_said_though_the_database_failed_too(
    ana, bot, world, later, monkeypatch
):
    fails_once(monkeypatch, "retry", after=False)
    world.slack.fail("chat.postMessage", retry_after=10, times=1)
    declare(ana)
    bot.recovery.tick()
    later(seconds=12)
    assert len(announced(ana)) == 1

"""What one line costs is bounded, and so is what one person may have under way.

Costs are counted in calls of functions, so they are the same on every machine.
"""

import sys
from contextlib import closing
from functools import partial
from threading import Event, current_thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks.reminders.form import ReminderDraft
from handlers import ROUTER
from handlers.core.arguments.resolve import annotated, fill
from handlers.core.arguments.tokens import LONGEST
from handlers.core.context import Context
from handlers.core.pages import FURTHEST_READ
from handlers.core.pipeline.executor import MOST_OF_ONE, BoundedExecutor
from handlers.core.pipeline.router import Invocation
from handlers.core.problems import Ambiguous, Busy, Refusal
from handlers.incidents.show import ON_A_PAGE
from handlers.reminders.words import read
from http_base.precedence import PRECEDENCE
from incidentio.errors import IncidentioError
from runtime import wiring
from runtime.settings import Settings
from sandbox.world import World
from tests.clock import Clock
from tests.databases import migrated
from tests.handlers.core.test_many import many

PEOPLE = 300
FEW = 12
"""Words of a long but honest line."""
DEAREST = 16 * 40
"""Calls for each thing that may be named: 16 words are tried, each in four ways."""


def cost(work):
    """Count the calls of functions that ``work`` makes in this thread."""
    count = [0]

    def called(frame, event, _):
        if event in ("call", "c_call"):
            count[0] += 1

    sys.setprofile(called)
    try:
        work()
    except (Ambiguous, Refusal, IncidentioError):
        pass
    finally:
        sys.setprofile(None)
    return count[0]


@pytest.fixture(scope="module")
def _crowd(tmp_path_factory):
    """A bot in an organisation where there is much of everything."""
    path = tmp_path_factory.mktemp("crowd") / "bot.db"
    with (
        closing(World(now=Clock())) as world,
        closing(migrated(f"sqlite:///{path}")) as database,
    ):
        store = world.incidentio.store
        for table in (store.users, store.schedules, store.teams, store.severities):
            many(table, PEOPLE)
        known: dict[str, Any] = world.settings
        made = Settings(_env_file=None, **known)
        with closing(wiring.build(made, now=Clock(), database=database)) as bot:
            bot.services.catalog.warm()
            yield world, bot


@pytest.fixture
def crowd(_crowd):
    """A context in that organisation. Words are only read there: nothing changes."""
    world, bot = _crowd
    world.incidentio.requests.clear()
    yield Context(bot.services, user="U0ANA", channel="C0INC39", key="k", ref="r")
    assert {request.method for request in world.incidentio.requests} <= {"GET"}
    assert bot.services.audit.search() == []


words = st.sampled_from(["a", "Many", "many 1", "<@U0BEN>", "“x", "to", "é", "\u200d"])
lines = st.lists(words, min_size=1, max_size=FEW).map(" ".join)


def cut(line, length):
    """Repeat a line up to so many characters."""
    return (f"{line} " * (length // len(line) + 1))[:length]


def unlike():
    """One command of each kind: words are read by the types of the parameters alone."""
    return {
        tuple((annotated(p), p.default) for p in command.parameters.values()): command
        for command in ROUTER.commands.values()
    }.values()


@pytest.mark.parametrize("command", unlike(), ids=lambda c: c.name)
def test_no_command_reads_a_long_line_for_long(crowd, command):
    @settings(max_examples=3, suppress_health_check=list(HealthCheck))
    @given(lines)
    def bounded(line):
        long = ROUTER.route(f"{command.phrase} {cut(line, LONGEST)}")
        if isinstance(long, Invocation):
            spent = cost(lambda: fill(long.command, crowd, long.words))
            assert spent < DEAREST * PEOPLE

    bounded()


@pytest.mark.parametrize("key", ["team", "severity", "owner", "label", "x" * 90])
@pytest.mark.parametrize("join", [",", " ", None])
def test_no_filter_of_a_reminder_takes_long(crowd, key, join):
    value = "abc" if join is None else cut(f"abcd{join}", LONGEST)
    line = cut(f"{key}:{value}", LONGEST) if join is None else f"{key}:{value}"
    assert cost(lambda: read(crowd, line, ReminderDraft())) < DEAREST * PEOPLE


@pytest.fixture(scope="module")
def _imported():
    """A first misspelled line imports what reads it, which is no cost of a line."""
    ROUTER.route("x")
    ROUTER.route("stetus INC-1 mojor")


@pytest.mark.usefixtures("_imported")
@given(st.text(max_size=LONGEST))
@settings(max_examples=30)
def test_no_line_is_routed_for_long(line):
    assert cost(lambda: ROUTER.route(line)) < 40_000


def test_a_long_line_of_words_is_read_once_however_many_there_are(crowd):
    command = ROUTER.commands["user"]

    def spend(count):
        return cost(lambda: fill(command, crowd, ["nobody"] * count))

    spend(1)
    assert spend(1_000) <= spend(20) + 2_000


def test_pages_beyond_the_end_are_not_read(ana, world):
    ana.types("/io incidents all page:2")
    world.incidentio.requests.clear()
    ana.types("/io incidents all page:9999")
    lists = [r for r in world.incidentio.requests if r.path == "/v2/incidents"]
    assert len(lists) <= FURTHEST_READ // 25
    assert "Next" not in ana.last.buttons


def test_what_is_read_of_a_list_is_bounded(ana, bot, world, monkeypatch):
    monkeypatch.setattr("handlers.incidents.show.FURTHEST_READ", ON_A_PAGE)
    ana.types("/io incidents all page:9999")
    assert "Next" not in ana.last.buttons
    assert "Previous" not in ana.last.buttons


@pytest.fixture
def executor():
    made = BoundedExecutor("work", 4, most=100)
    yield made
    made.close()


def test_one_person_gets_half_of_the_threads_and_the_others_the_rest(executor):
    go_on = Event()
    hers = [executor.submit(lambda: go_on.wait(10), "U0ANA") for _ in range(13)]
    assert executor.submit(lambda: "his", "U0BEN").result(5) == "his"
    go_on.set()
    assert all(future.result(5) for future in hers)


def test_a_thread_that_has_no_work_is_given_the_next(executor):
    names = []
    for _ in range(4):
        executor.submit(lambda: names.append(current_thread().name))
        assert executor.wait_idle(5)
    assert names == ["work_0"] * 4


def test_work_begins_after_the_acknowledgements_under_way():
    patient = BoundedExecutor("work", 1, patience=60)
    with PRECEDENCE.acknowledging():
        work = patient.submit(lambda: "done")
        with pytest.raises(TimeoutError):
            work.result(0.02)
    assert work.result(5) == "done"
    patient.close()


def test_one_person_can_have_so_much_waiting_and_no_more(executor):
    go_on = Event()
    for _ in range(2 + MOST_OF_ONE):
        executor.submit(lambda: go_on.wait(10), "U0ANA")
    with pytest.raises(Busy):
        executor.submit(go_on.wait, "U0ANA")
    assert executor.submit(lambda: "his", "U0BEN").result(5) == "his"
    go_on.set()
    assert executor.wait_idle(5)
    assert executor.submit(lambda: "again", "U0ANA").result(5) == "again"


def test_what_waits_is_finished_at_the_end(executor):
    done, go_on = [], Event()
    executor.submit(lambda: go_on.wait(10), "U0ANA")
    for number in range(5):
        executor.submit(partial(done.append, number), "U0ANA")
    go_on.set()
    executor.close()
    assert sorted(done) == [*range(5)]


def test_what_waits_is_dropped_at_the_end_where_it_is_expendable():
    executor, go_on, done = BoundedExecutor("look", 2, expendable=True), Event(), []
    begun = Event()
    executor.submit(lambda: (begun.set(), go_on.wait(10)), "U0ANA")
    for number in range(5):
        executor.submit(partial(done.append, number), "U0ANA")
    begun.wait(5)
    go_on.set()
    executor.close()
    with pytest.raises(Busy):
        executor.submit(lambda: done.append("late"), "U0ANA")
    assert done == []


def test_work_that_was_given_up_is_not_done(executor):
    go_on, done = Event(), []
    for _ in range(2):
        executor.submit(lambda: go_on.wait(10), "U0ANA")
    late = executor.submit(lambda: done.append(1), "U0ANA")
    assert late.cancel()
    go_on.set()
    assert executor.wait_idle(5)
    assert done == []

"""Whatever happens to workers: each slot is sent once, or it is said why not."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import SQLAlchemyError

from tests.reminders.crews import Processes, Threads
from tests.reminders.exactly_once import ExactlyOnce
from tests.reminders.mutations import MUTATIONS
from tests.reminders.plays import faults, freezes, kills, races

pytestmark = pytest.mark.prove


def run(crew, share, steps):
    """Try a share of the examples that a property gets: these take long."""
    machine = type("Story", (ExactlyOnce,), {"crew": crew})
    examples = settings.default.max_examples // share
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )


def perform(plays, crew):
    for play in plays:
        play.perform(crew)


@pytest.fixture
def crew(_stage, slack, incidentio, make_work):
    """Make a crew of a kind, which finds work in the stand-ins."""
    return lambda kind, database: kind(_stage, make_work(_stage.api), database)


def test_on_sqlite_whatever_happens(crew, sqlite):
    run(crew(Threads, sqlite), share=8, steps=25)


def test_on_postgresql_with_processes_that_are_killed(crew, postgresql):
    run(crew(Processes, postgresql), share=12, steps=12)


@pytest.mark.parametrize("plays", [faults, kills, freezes, races])
def test_each_step_of_a_tick_may_be_the_last_or_a_long_one(crew, database, plays):
    several = crew(partial(Threads, one_machine=False), database)
    perform(plays(several), several)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_fault_that_is_put_into_the_engine_is_caught(
    crew, database, monkeypatch, name
):
    mutation = MUTATIONS[name]
    mutation.put(monkeypatch)
    several = crew(partial(Threads, one_machine=False), database)
    with pytest.raises((AssertionError, LookupError, SQLAlchemyError)):
        perform(mutation.plays(several), several)

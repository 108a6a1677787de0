"""The day of 500 people: its plan and its excuses; ``make prove`` plays some of it."""

from __future__ import annotations

from collections import Counter

import pytest

from chaos.crowd import DAILY_KINDS
from chaos.day.__main__ import main
from chaos.day.figures import Figures
from chaos.day.plan import CHANNELS, HOURS, LOOKUPS, PEOPLE, WRITES, plan_day
from chaos.day.readers import Lookup
from chaos.day.troubles import (
    AFTER,
    BESIDE,
    IN_TURN,
    UNACKNOWLEDGED,
    UNANSWERED,
    Fault,
    explained,
)


def test_the_plan_has_what_the_day_is_said_to_have():
    done = Counter(act.what for act in plan_day())

    assert done == {**LOOKUPS, **WRITES, "digest": PEOPLE, "reminder": CHANNELS}


def test_the_plan_is_the_same_each_time_and_fills_the_day():
    acts = plan_day()

    assert acts == plan_day()
    assert acts == sorted(acts, key=lambda act: act.at)
    assert 0 <= acts[0].at < acts[-1].at < HOURS * 3_600


def test_everybody_who_writes_writes_once():
    assert sum(WRITES.values()) < PEOPLE
    assert set(WRITES) <= set(DAILY_KINDS)


def test_excuses_are_of_faults_that_happen():
    happen = {trouble.__name__ for trouble in IN_TURN}
    happen |= {trouble.__name__ for _, trouble in BESIDE}

    assert set(UNACKNOWLEDGED) | set(UNANSWERED) <= happen


@pytest.mark.parametrize(
    ("at", "seconds", "excused"),
    [
        (90, 3, False),
        (99, 3, True),
        (105, 0, True),
        (110 + AFTER, 0, True),
        (111 + AFTER, 0, False),
    ],
)
def test_a_fault_explains_what_ran_into_it(at, seconds, excused):
    faults = [Fault("killed", 100, 110), Fault("deployed", 0, 500)]

    assert explained(faults, UNACKNOWLEDGED, at, seconds) is excused


def test_a_fault_is_an_excuse_for_its_own_time_only():
    frozen = [Fault("frozen_replica", 100, 235)]

    assert explained(frozen, UNACKNOWLEDGED, 101, 0)
    assert not explained(frozen, UNACKNOWLEDGED, 200, 3)


@pytest.mark.parametrize(("asked_at", "silent"), [(98, False), (95, True)])
def test_an_answer_that_was_on_its_way_is_explained_by_the_fault(asked_at, silent):
    figures = Figures(stage=None, faults=[Fault("frozen_replica", 100, 235)])
    lookup = Lookup("/io mine", asked_at, seconds=0.005)

    assert figures.silent([lookup]) == [lookup] * silent


@pytest.mark.prove
def test_a_part_of_the_day_loses_and_doubles_nothing(capsys):
    calm = ["--calm", "--share", "0.02", "--speed", "3600"]

    assert main(calm) == 0, capsys.readouterr().out

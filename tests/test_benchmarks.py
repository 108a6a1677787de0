"""What the benchmarks compute; their figures are for ``make bench``."""

from importlib import import_module

import pytest

from benchmarks.__main__ import LONG, NAMES, main
from benchmarks.figures import megabytes, ms, percentile, table
from benchmarks.memory import growth
from benchmarks.monday import most
from benchmarks.owner_digests import measure
from benchmarks.stand_ins import StandIns


@pytest.mark.parametrize("name", NAMES + LONG)
def test_every_benchmark_can_be_run_by_its_name(name):
    assert callable(import_module(f"benchmarks.{name}").main)


def test_an_unknown_name_is_refused(capsys):
    assert main(["speed"]) == 2
    assert "not speed" in capsys.readouterr().out


@pytest.mark.parametrize(("percent", "found"), [(0, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_one_of_the_values(percent, found):
    assert percentile(range(1, 101), percent) == found


def test_of_nothing_there_is_no_percentile():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_small_times_are_shown_more_exactly_than_large_ones():
    assert [ms(0.000123), ms(0.0345), ms(1.5)] == ["0.12", "34.5", "1,500"]


def test_growth_is_that_of_the_second_half():
    sizes = [80e6, 90e6, 95e6, 96e6, 97e6]
    assert growth(sizes) == pytest.approx(1.0)
    assert megabytes(sizes[0]) == "80.0"


def test_a_table_is_markdown():
    assert table(("a", "b"), [(1, 2)]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_the_most_at_once_is_counted_over_any_stretch():
    assert most([0, 30, 59, 61, 89, 200], 60) == 4
    assert most([], 60) == 0


@pytest.mark.prove
def test_a_monday_of_a_few_people_tells_each_of_them_once():
    with StandIns(60) as stand_ins:
        found = measure(stand_ins, 12)
    assert (found["sent"], found["unsent"]) == (12, 0)
    assert found["last"] < 5
    assert found["crowd"]["one"] == 1
    assert found["slack"]["users.list"] == 1

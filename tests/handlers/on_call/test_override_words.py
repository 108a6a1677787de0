"""``/io override Payments @kim 2h``: at once where the words say everything."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.problems import UsageError
from handlers.on_call.override_words import times
from tests.handlers.on_call.test_overrides import at, direct, made, until

NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)  # a Monday
BERLIN = ZoneInfo("Europe/Berlin")
TYPED = "2h 30m 9 9-17 22-6 17:30 6pm now today tomorrow mon until to for - 2026-04-01"
WORDS = st.sampled_from(TYPED.split())


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2h", at(10), at(12)),
        ("for 2h", at(10), at(12)),
        ("until 18:00", at(10), at(18)),
        ("till 6pm", at(10), at(18)),
        ("until 9", at(10), at(9, day=10)),
        ("until wed", at(10), at(0, day=11)),
        ("until tomorrow 9:30", at(10), at(9, 30, day=10)),
        ("tomorrow 9-17", at(9, day=10), at(17, day=10)),
        ("tomorrow from 9 to 17", at(9, day=10), at(17, day=10)),
        ("tomorrow", at(0, day=10), at(0, day=11)),
        ("9-17", at(9), at(17)),
        ("8-9", at(8, day=10), at(9, day=10)),
        ("22-6", at(22), at(6, day=10)),
        ("from mon 14:00 until tue 8:00", at(14), at(8, day=10)),
        ("fri 18:00 2d", at(18, day=13), at(18, day=15)),
        ("2026-03-20 9am 8h", at(9, day=20), at(17, day=20)),
        ("tomorrow 9", at(9, day=10), None),
        ("", None, None),
    ],
)
def test_times_are_read_as_people_write_them(typed, start, end):
    assert times(typed.split(), NOW, ZoneInfo("UTC")) == (start, end)


def test_times_are_those_of_whoever_types():
    start, end = times(["tomorrow", "9-17"], NOW, BERLIN)
    assert (start, end) == (at(8, day=10), at(16, day=10))


def test_a_day_of_the_clock_change_is_as_long_as_it_is():
    start, end = times(["2026-03-29"], NOW, BERLIN)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=23)


@pytest.mark.parametrize("typed", ["soon", "25:00", "9 9", "until 18:00 19:00", "13pm"])
def test_what_is_no_time_is_said_with_an_example(typed):
    with pytest.raises(UsageError, match="I didn't understand"):
        times(typed.split(), NOW, BERLIN)


@given(st.lists(WORDS, max_size=6))
def test_an_end_is_never_before_its_start_unless_a_day_says_so(words):
    try:
        start, end = times(words, NOW, BERLIN)
    except UsageError:
        return
    days = {"today", "tomorrow", "mon", "2026-04-01"}
    if start and end and not days.intersection(words):
        assert start < end


@pytest.mark.parametrize("who", ["<@U0GUS|gus>", "@gus", "gus"])
def test_with_a_person_and_a_time_it_is_made_at_once(ana, world, who):
    ana.types(f"/io override Payments {who} 2h")

    assert ana.modal is None
    (override,) = made(world)
    assert (override.start_at, override.end_at) == (at(10), at(12))
    assert "<@U0GUS>" in ana.last.text
    assert len(direct(world, "gus")) == 1


def test_a_person_without_a_time_opens_the_form(ana, world):
    ana.types("/io override Payments @gus")

    assert ana.modal.fields["user"].value == "U0GUS"
    assert until(ana) == at(13)
    assert made(world) == []


def test_where_several_layers_could_be_meant_the_form_asks(ana, world):
    ana.types("/io override Platform @gus 2h")

    assert "seat" in {name.partition("#")[0] for name in ana.modal.fields}
    assert until(ana) == at(12)
    assert made(world) == []


def test_what_is_not_possible_is_said(ana, world):
    ana.types("/io override Payments @hana 2h")
    assert "is on call for all of that time already" in ana.last.text

    ana.types("/io override Payments @gus 90d")
    assert "At most 60 days at a time" in ana.last.text
    assert made(world) == []

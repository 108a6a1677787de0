"""What a step says, whatever people have written, and to however many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.ladders.messages import Appeal, headline, message
from reminders.ladder.ladder import ORDER, SAID, Ladder, LadderStep, TakenStep
from reminders.ladder.state import LadderState
from reminders.ladder.words import days_text, entry, following, told_before
from reminders.sources.snapshot import Owner, Priority
from tests.blocks.drawing import links, pages_nobody, problems, words
from tests.reminders.ladder.test_climb import ALL, CASE, ITEM

ZONE = ZoneInfo("UTC")
DAY = datetime(2026, 3, 3, 10, tzinfo=UTC)

owners = st.builds(Owner, st.just("1"), words, st.just("U0BEN"))
tolds = st.lists(
    st.builds(
        TakenStep,
        st.sampled_from(ORDER),
        st.integers(0, 90).map(lambda days: DAY + timedelta(days=days)),
        st.sampled_from([None, "U0BEN", "U0ANA", "C0INC1"]),
        st.just(SAID),
        st.sampled_from("abcd"),
    ),
    max_size=4,
)
climbers = st.builds(
    lambda title, name, reference, owner, lead, url, told: LadderState(
        replace(ITEM, title=title, owner=owner, priority=Priority("P", name, 1)),
        replace(CASE, name=name, reference=reference, lead=lead, url=url),
        DAY,
        ALL,
        told,
    ),
    words,
    words,
    words,
    st.none() | owners,
    st.none() | owners,
    links,
    tolds,
)


def drawn(climbers, to="channel", steps=ALL):
    entries = [entry(one, to=to, slot_id="a", past=3, zone=ZONE) for one in climbers]
    ladder = Ladder("ladder", "", steps)
    return message(Appeal(to, entries, following(ladder, to), "reminder show S"))


@given(st.lists(climbers, max_size=4), st.sampled_from(ORDER), words)
def test_slack_takes_it_and_nobody_is_paged(climbers, to, name):
    steps = (*ALL[:3], LadderStep("person", 8, "U0DOV", name))
    said = drawn(climbers, to, steps)
    assert problems(said.blocks) == []
    assert pages_nobody(said.blocks)
    assert 0 < len(said.text) <= 4000


def state(*told, **case):
    return LadderState(ITEM, replace(CASE, **case), DAY, ALL, told)


def test_who_was_told_before_is_named_with_the_days():
    owner = TakenStep("owner", DAY, "U0BEN", SAID, "a")
    lead = TakenStep("lead", DAY + timedelta(days=3), "U0ANA", SAID, "b")
    here = TakenStep("channel", DAY + timedelta(days=30), "C0INC1", SAID, "c")

    def said(*told, **case):
        return told_before(state(*told, **case), "now", ZONE)

    assert said() == ""
    assert said(owner) == "Ben was told on 3 March."
    assert said(owner, lead) == "Ben and the lead Ana were told on 3 and 6 March."
    assert said(owner, lead, here) == (
        "Ben, the lead Ana and <#C0INC1> were told on 3 and 6 March and 2 April."
    )
    assert said(lead, lead=None) == "An earlier lead was told on 6 March."
    assert told_before(state(owner, lead), "b", ZONE) == "Ben was told on 3 March."


def test_whoever_stands_in_is_told_why():
    told = [
        TakenStep("owner", DAY, "U0ANA", SAID, "a"),
        TakenStep("lead", DAY, "U0ANA", SAID, "a"),
    ]
    one = replace(state(*told), item=replace(ITEM, owner=None))
    said = entry(one, to="lead", slot_id="a", past=0, zone=ZONE)
    assert said.why == "Told here because it has no owner."
    assert said.told == ""
    assert said.past == "overdue"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([date(2026, 3, 3)], "3 March"),
        ([date(2026, 3, 6), date(2026, 3, 3)], "3 and 6 March"),
        ([date(2026, 3, 3), date(2026, 4, 1)], "3 March and 1 April"),
        ([date(2025, 3, 3), date(2026, 3, 6)], "3 March and 6 March"),
    ],
)
def test_days_are_said_with_each_month_once(days, said):
    assert days_text(days) == said


def test_one_and_many_are_said_as_one_and_many():
    heads = {
        number: headline(Appeal("channel", [None] * number, None, ""))
        for number in (1, 2)
    }
    assert heads == {
        1: "1 follow-up that concerns this channel is overdue",
        2: "2 follow-ups that concern this channel are overdue",
    }

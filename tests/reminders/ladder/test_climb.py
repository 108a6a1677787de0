"""Any ladder, any history: each step once, in its order, never before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.calendar.working_days import WorkingDays
from reminders.ladder.ladder import (
    FAILED,
    ORDER,
    PENDING,
    SAID,
    UNSAID,
    Ladder,
    LadderOptions,
    LadderStep,
    Rounds,
    TakenStep,
    in_order,
    nearest,
)
from reminders.ladder.state import LadderState, due
from reminders.sources.snapshot import FOLLOW_UPS, IncidentSummary, Item, Owner

ROUNDS = Rounds(WorkingDays("PT"), ZoneInfo("Europe/Lisbon"))
TARGET = datetime(2026, 3, 25, 17, tzinfo=UTC)
"""A Wednesday, with a change of the clock and Easter ahead."""
BEN, ANA = Owner("1", "Ben", "U0BEN"), Owner("2", "Ana", "U0ANA")
CASE = IncidentSummary(
    id="I",
    reference="INC-1",
    name="Fire",
    url=None,
    severity_id=None,
    severity=None,
    severity_rank=0,
    is_private=False,
    channel="C0INC1",
    lead=ANA,
)
ITEM = Item(
    kind=FOLLOW_UPS,
    id="F",
    incident_id="I",
    title="Look",
    since=TARGET,
    owner=BEN,
    priority=None,
    team_id="T",
)
ALL = tuple(
    LadderStep(to, days, "U0DOV" if to == "person" else None)
    for to, days in zip(ORDER, (0, 3, 5, 8), strict=True)
)


@st.composite
def ladders(draw):
    chosen = draw(st.lists(st.sampled_from(ORDER), min_size=1, unique=True))
    days = sorted(draw(st.integers(0, 12)) for _ in chosen)
    return tuple(
        LadderStep(to, number, "U0DOV" if to == "person" else None)
        for to, number in zip(sorted(chosen, key=ORDER.index), days, strict=True)
    )


people = st.sampled_from([None, BEN, ANA, Owner("3", "Eve", None)])
cases = st.builds(
    lambda lead, channel, private: replace(
        CASE, lead=lead, channel=channel, is_private=private
    ),
    people,
    st.sampled_from([None, "C0INC1"]),
    st.booleans(),
)
activity = st.sets(st.integers(0, 40), max_size=3)


def climb(chosen, item, case, active=(), days=60, hows=None):
    """Live through as many days; give what was said and when."""
    told, due_steps = [], []
    for day in range(days):
        at = (TARGET + timedelta(days=day)).replace(hour=12)
        since = max(
            (TARGET + timedelta(days=d) for d in active if d <= day), default=TARGET
        )
        current = ROUNDS.current(at)
        if current is None:
            continue
        due_step = due(LadderState(item, case, since, chosen, told), ROUNDS)
        if due_step is None or not due_step.recipient.whom or due_step.at > current:
            continue
        how = next(hows, SAID) if hows else SAID
        how = UNSAID if due_step.recipient.withheld else how
        due_steps.append((due_step, since, how))
        for step in (due_step.step, *(step for step, _ in due_step.passed)):
            whom = due_step.recipient.whom
            told.append(TakenStep(step.to, current, whom, how, slot_id=str(day)))
    return due_steps


@given(ladders(), people, cases, activity)
def test_each_step_is_taken_once_in_order_and_never_early(chosen, owner, case, active):
    due_steps = climb(chosen, replace(ITEM, owner=owner), case, active)

    taken = [due_step.step.to for due_step, _, _ in due_steps]
    assert taken == sorted(set(taken), key=ORDER.index)
    for due_step, since, _ in due_steps:
        first = due_step.passed[0][0] if due_step.passed else due_step.step
        assert due_step.at >= ROUNDS.after(since, first.days)
        local = due_step.at.astimezone(ROUNDS.zone)
        assert (local.hour, local.minute) == (10, 0)
        assert ROUNDS.working.is_working(local.date())


@given(ladders(), cases, activity)
def test_a_private_incident_is_told_to_its_own_alone(chosen, case, active):
    case = replace(case, is_private=True)
    own = {"U0BEN", case.channel, case.lead and case.lead.slack_id}

    for due_step, _, _ in climb(chosen, ITEM, case, active):
        assert due_step.recipient.withheld or due_step.recipient.whom in own


@given(ladders(), cases, st.lists(st.sampled_from([SAID, UNSAID, FAILED])))
def test_what_could_not_be_said_gives_way_and_is_said_at_most_once(chosen, case, hows):
    due_steps = climb(chosen, ITEM, case, hows=iter(hows), days=120)

    said = [due_step.step.to for due_step, _, how in due_steps if how == SAID]
    assert len(said) == len(set(said))
    tried = [due_step.step.to for due_step, _, how in due_steps if how == UNSAID]
    assert all(tried.count(to) <= 3 for to in tried)


@given(st.integers(1, 30))
def test_activity_begins_the_count_anew(day):
    (first, *_) = climb(ALL[1:], ITEM, CASE, {day}, days=200)
    waited = first[0].at - first[1]
    assert waited >= timedelta(days=3)


def test_what_a_message_announces_holds_however_late_it_begins():
    long_ago = TARGET - timedelta(days=300)
    at = [ROUNDS.first(TARGET)]
    told = [TakenStep("owner", at[0], "U0BEN", SAID)]
    due_step = due(LadderState(ITEM, CASE, long_ago, ALL, told), ROUNDS)
    assert due_step.step.to == "lead"
    assert due_step.at == ROUNDS.after(at[0], 3)


def test_while_one_is_under_way_nothing_else_is_due():
    told = [TakenStep("owner", TARGET, "U0BEN", PENDING)]
    assert due(LadderState(ITEM, CASE, TARGET, ALL, told), ROUNDS) is None


def test_where_nobody_is_left_it_reaches_nobody():
    case = replace(CASE, lead=None, channel=None)
    item = replace(ITEM, owner=None)
    due_step = due(LadderState(item, case, TARGET, ALL[:3]), ROUNDS)
    assert due_step.recipient.whom is None
    assert [why for _, why in due_step.passed] == [
        "it has no owner",
        "the incident has no lead",
    ]


@pytest.mark.parametrize(
    ("moment", "round_"),
    [
        ("2026-03-25T09:59:00+00:00", "2026-03-25T10:00:00+00:00"),
        ("2026-03-27T17:00:00+00:00", "2026-03-30T09:00:00+00:00"),
        ("2026-04-02T17:00:00+00:00", "2026-04-06T09:00:00+00:00"),
    ],
    ids=["before ten", "over a weekend that puts the clock forward", "over Easter"],
)
def test_a_round_is_at_ten_on_working_days(moment, round_):
    found = ROUNDS.first(datetime.fromisoformat(moment))
    assert found == datetime.fromisoformat(round_)


def test_a_round_is_not_made_up_for_in_the_evening():
    ten = datetime(2026, 3, 25, 10, tzinfo=UTC)
    assert ROUNDS.current(ten - timedelta(minutes=1)) is None
    assert ROUNDS.current(ten) == ten
    assert ROUNDS.current(ten + timedelta(hours=6)) is None


def test_the_nearest_ladder_is_climbed():
    everywhere = Ladder("ladder", "", ALL)
    team = Ladder("ladder-C0PAY", "C0PAY", ALL, frozenset("T"))
    own = Ladder("ladder-C0INC1", "C0INC1", ALL)
    other = Ladder("ladder-C0OTHER", "C0OTHER", ALL)
    assert nearest([everywhere, team, own, other], ITEM, CASE) == own
    assert nearest([everywhere, team, other], ITEM, CASE) == team
    assert nearest([everywhere, other], ITEM, CASE) == everywhere
    assert nearest([other], ITEM, CASE) is None


def test_steps_of_a_later_version_are_left_out():
    stored = [
        {"to": "channel", "days": 5},
        {"to": "pager", "days": 6},
        {"to": "owner", "days": 0},
    ]
    kept = LadderOptions(steps=stored)
    assert in_order(kept.steps) == (LadderStep("owner", 0), LadderStep("channel", 5))
    assert kept.to_json() == {"steps": stored}

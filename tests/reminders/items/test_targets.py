"""A follow-up has a due date where a policy gives one, and else a target."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.kit.due import Target
from incidentio.cache.catalog import Catalog
from reminders.calendar.working_days import WorkingDays
from reminders.items.findings import Findings
from reminders.items.targets import TARGETS, CalculatedTargets, TargetSettings, targets
from reminders.sources.audience import NOBODY
from reminders.sources.snapshot import (
    ACTIONS,
    FOLLOW_UPS,
    Item,
    Owner,
    Priority,
    Reading,
)

MONDAY = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
ANA = Owner("U", "Ana", "U0ANA")
LISBON = ZoneInfo("Europe/Lisbon")
URGENT, HIGH, LOW = (
    Priority(name, name, rank)
    for rank, name in ((10, "Urgent"), (20, "High"), (40, "Low"))
)
RANKS = frozenset((10, 20, 30, 40))
PATH = "/v2/policy_findings"


def item(kind=FOLLOW_UPS, since=MONDAY, owner=ANA, priority=None):
    return Item(kind, "F", "I", "Fix", since, owner, priority)


@pytest.fixture
def database(sqlite):
    """What is shown here does not depend on the kind of database."""
    return sqlite


@pytest.fixture
def asked(incidentio):
    return lambda: sum(request.path == PATH for request in incidentio.requests)


@pytest.fixture
def findings(api, now):
    return Findings(api, now)


@pytest.fixture
def finding(incidentio, outstanding):
    def add(due_at, state="active"):
        return incidentio.store.add_finding(outstanding.id, due_at, state)

    return add


@pytest.mark.parametrize(
    ("priority", "weeks"), [(URGENT, 1), (HIGH, 2), (LOW, 6), (None, 4)]
)
def test_a_target_follows_from_the_place_of_the_priority(priority, weeks):
    """Low is the last of four: ranks are no numbers of days, and may have gaps."""
    target = CalculatedTargets(ranks=RANKS).of(item(priority=priority))
    assert target == Target(MONDAY + timedelta(weeks=weeks))


def test_settings_go_before_the_place_of_the_priority():
    target_settings = TargetSettings(by_name={"high": 3, "none": 1})
    known = CalculatedTargets(target_settings, ranks=RANKS)
    assert known.of(item(priority=HIGH)).at == MONDAY + timedelta(days=3)
    assert known.of(item()).at == MONDAY + timedelta(days=1)
    assert known.of(item(priority=URGENT)).at == MONDAY + timedelta(weeks=1)


def test_holidays_and_the_time_zone_are_those_of_the_organisation():
    """Good Friday is on 3 April; the clocks go forward on 29 March."""
    known = CalculatedTargets(TargetSettings(WorkingDays("PT"), LISBON), ranks=RANKS)
    since = datetime(2026, 3, 27, 9, 0, tzinfo=LISBON)
    target = known.of(item(since=since, priority=URGENT))
    assert target.at == datetime(2026, 4, 6, 9, 0, tzinfo=LISBON)
    assert target.at.utcoffset() == timedelta(0)


def test_actions_have_none_nor_what_has_no_date():
    known = CalculatedTargets(due={"F": MONDAY})
    assert known.of(item(ACTIONS)) is None
    assert known.assign_by(item(ACTIONS, owner=None)) is None
    assert CalculatedTargets().of(item(since=None)) is None


def test_what_nobody_owns_is_to_be_owned_soon():
    known = CalculatedTargets()
    assert known.assign_by(item(owner=None)) == MONDAY + timedelta(days=2)
    assert known.assign_by(item()) is None
    assert known.assign_by(item(owner=None, since=None)) is None


def test_a_due_date_goes_before_a_target():
    due = MONDAY + timedelta(hours=5)
    target = CalculatedTargets(due={"F": due}).of(item(priority=URGENT))
    assert target == Target(due, due=True)
    assert not target.passed(MONDAY)
    assert target.passed(due)


@given(
    st.lists(st.integers(-(10**6), 10**6), unique=True, max_size=8),
    st.integers(0, 7),
    st.integers(0, 7),
)
def test_what_is_more_pressing_is_never_due_later(ranks, one, two):
    if not ranks:
        return
    first, second = sorted((ranks[one % len(ranks)], ranks[two % len(ranks)]))
    known = CalculatedTargets(ranks=frozenset(ranks))
    early = known.of(item(priority=Priority("A", "A", first)))
    late = known.of(item(priority=Priority("B", "B", second)))
    assert early.at <= late.at


def test_due_dates_are_read_of_open_findings(findings, finding, outstanding, now):
    later, sooner = (now() + timedelta(days=days) for days in (9, 4))
    finding(later, "pending")
    finding(sooner)
    finding(now(), "dismissed")
    finding(None)
    assert findings.due() == {outstanding.id: sooner}


def test_they_are_read_seldom_whoever_asks(findings, finding, asked, now):
    finding(now())
    for _ in range(5):
        findings.due()
    now.advance(minutes=9)
    findings.due()
    assert asked() == 1
    now.advance(minutes=1)
    findings.due()
    assert asked() == 2


def test_large_pages_are_asked_for(findings, incidentio, now):
    findings.due()
    (request,) = [r for r in incidentio.requests if r.path == PATH]
    assert request.query == {"page_size": ["250"]}


def test_without_the_role_targets_are_reckoned_and_it_is_said_once(
    scene, incidentio, outstanding, caplog, asked
):
    incidentio.fail("GET", PATH, status=403)
    caplog.set_level(logging.WARNING, "reminders.findings")
    scene.remind()
    for _ in range(30):
        scene.engine.snapshots.read([FOLLOW_UPS, TARGETS.name], NOBODY)
        scene.now.advance(minutes=5)
    snapshot = scene.engine.snapshots.read([FOLLOW_UPS, TARGETS.name], NOBODY)
    (found,) = snapshot.items[FOLLOW_UPS]
    target = snapshot.get(TARGETS).of(found)
    assert (target.due, snapshot.failures) == (False, {})
    (record,) = caplog.records
    assert "due dates of policies are not read" in record.message
    assert asked() <= 3


def test_when_it_fails_what_was_known_stays(findings, finding, incidentio, now):
    finding(now())
    known = findings.due()
    incidentio.fail("GET", PATH, status=422)
    now.advance(minutes=11)
    assert findings.due() == known
    incidentio.clear_faults()
    finding(now() - timedelta(days=1))
    now.advance(minutes=2)
    assert findings.due() != known


def test_the_ranks_are_those_of_the_priorities_that_are_known(
    scene, incidentio, api, findings, now
):
    """Two of three priorities were ever used, so the last is the second."""
    incident = scene.work.incident()
    priorities = {row["name"]: row["id"] for row in incidentio.store.priorities}
    for name in ("Urgent", "Low"):
        scene.work.follow_up(
            incident, name, follow_up_priority_option_id=priorities[name]
        )
    read = targets(findings, TargetSettings(), Catalog(api, now=now).priorities)
    known = read(Reading(now()))
    snapshot = scene.engine.snapshots.read([FOLLOW_UPS], NOBODY)
    spans = [
        (known.of(found).at - found.since).days for found in snapshot.items[FOLLOW_UPS]
    ]
    assert spans == [7, 14]
    assert read(Reading(now())) is known

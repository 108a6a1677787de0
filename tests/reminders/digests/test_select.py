"""Which items a reminder shows, in which order, and what it must not show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reminders.digests.select import NOBODY, select
from reminders.items.filters import Filters
from reminders.items.targets import CalculatedTargets
from reminders.sources.audience import audience
from reminders.sources.snapshot import (
    IncidentSummary,
    Item,
    Owner,
    Priority,
    Snapshot,
    urgent_first,
)
from storage.rule import Rule

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BEN = Owner("user-ben", "Ben", "U0BEN")
EVE = Owner("user-eve", "Eve", None)
URGENT, LOW = Priority("urgent", "Urgent", 1), Priority("low", "Low", 3)


def case(number, *, severity="Major", private=False):
    ranks = {"Minor": 1, "Major": 2, "Critical": 3}
    return IncidentSummary(
        id=f"inc-{number}",
        reference=f"INC-{number}",
        name=f"Incident {number}",
        url=f"https://app.incident.io/incidents/{number}",
        severity_id=severity,
        severity=severity,
        severity_rank=ranks[severity],
        is_private=private,
        channel=f"C0INC{number}",
    )


def item(name, number=1, *, owner=BEN, priority=None, days=5, kind="follow_ups"):
    since = NOW - timedelta(days=days)
    return Item(kind, name, f"inc-{number}", name.title(), since, owner, priority)


def rule(*, channel="C1", name=None, **options):
    return Rule(
        id="R1",
        kind="channel",
        channel=channel,
        created_at=NOW,
        name=name,
        options={"item_kinds": ["follow_ups", "actions"], **options},
    )


CASES = {
    c.id: c
    for c in (
        case(1),
        case(2, severity="Critical"),
        case(3, severity="Minor"),
        case(4, private=True),
    )
}


def digest(*items, asleep=(), **changes):
    kinds = {"follow_ups": [], "actions": []}
    for one in items:
        kinds[one.kind].append(one)
    ordered = {kind: urgent_first(found, CASES) for kind, found in kinds.items()}
    wanted = rule(**changes)
    seen = Snapshot(NOW, ordered, CASES).seen_by(audience(wanted.channel))
    return select(seen, wanted, asleep, NOW)


def ids(found):
    return [item.id for item in found.items]


def test_the_worst_severity_comes_first_then_priority_then_age():
    shown = digest(
        item("minor", 3, priority=URGENT),
        item("major-old", 1, days=9),
        item("major-low", 1, priority=LOW),
        item("major-urgent", 1, priority=URGENT, days=1),
        item("major-new", 1, days=2),
        item("critical", 2, days=1),
    )
    assert ids(shown) == [
        "critical",
        "major-urgent",
        "major-low",
        "major-old",
        "major-new",
        "minor",
    ]


def test_follow_ups_and_actions_are_ordered_together():
    shown = digest(
        item("minor", 3), item("critical", 2, kind="actions"), item("major", 1)
    )
    assert ids(shown) == ["critical", "major", "minor"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"incident_id": "inc-2"}, ["b"]),
        ({"severity_ids": ["Critical", "Minor"]}, ["b", "c"]),
        ({"priority_ids": ["urgent"]}, ["c"]),
        ({"owner_ids": ["U0BEN"]}, ["a"]),
        ({"owner_ids": ["user-eve"]}, ["b"]),
        ({"owner_ids": [NOBODY, "U0BEN"]}, ["a", "c"]),
        ({"min_age_days": 7}, ["b"]),
        ({"item_kinds": ["actions"]}, ["x"]),
        ({"asleep": {("follow_ups", "a"), ("actions", "b")}}, ["b", "c", "x"]),
    ],
)
def test_a_reminder_shows_only_what_it_asks_for(filters, expected):
    items = [
        item("a", 1),
        item("b", 2, owner=EVE, days=8),
        item("c", 3, owner=None, priority=URGENT),
    ]
    if "item_kinds" in filters or "asleep" in filters:
        items.append(item("x", 1, kind="actions", owner=None))
    assert sorted(ids(digest(*items, **filters))) == expected


def test_an_item_of_a_private_incident_is_nowhere_else():
    assert ids(digest(item("a", 1), item("secret", 4))) == ["a"]


def test_an_item_of_a_private_incident_is_shown_in_its_own_channel():
    shown = digest(item("a", 1), item("secret", 4), channel="C0INC4")
    assert sorted(ids(shown)) == ["a", "secret"]


def test_what_belongs_to_an_incident_nobody_could_read_is_left_out():
    assert ids(digest(item("a", 99))) == []


def test_of_very_many_items_the_oldest_come_first_and_all_are_counted():
    shown = digest(*(item(f"i{number:03}", days=number) for number in range(300)))
    assert len(shown.items) == 300
    assert shown.items[0].id == "i299"


def known(**due):
    return CalculatedTargets(
        due={id_: NOW + timedelta(days=days) for id_, days in due.items()}
    )


def test_what_is_past_its_target_comes_first_and_is_counted():
    targets = known(late=-2, soon=2)
    late, soon = item("late", 3), item("soon", 2)
    kinds = {"follow_ups": [soon, late], "actions": []}
    shown = select(Snapshot(NOW, kinds, CASES), rule(), (), NOW, targets)
    assert ids(shown) == ["late", "soon"]
    assert shown.late == 1


TEAMED = replace(item("teamed"), team_id="T")
LABELLED = replace(item("labelled"), labels=("Security", "quick-win"))
ACTION = item("action", kind="actions")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, ["teamed", "labelled", "action", "other-type"]),
        ({"team_ids": ["T", "gone"]}, ["teamed"]),
        ({"team_ids": ["gone"]}, []),
        ({"team_ids": ["P"]}, ["other-type"]),
        ({"labels": ["security"]}, ["labelled"]),
        ({"labels": ["needs-design", "QUICK-WIN"]}, ["labelled"]),
        ({"type_ids": ["production"]}, ["other-type"]),
        ({"overdue": True}, ["teamed"]),
        ({"overdue": True, "labels": ["security"]}, []),
        ({"unheard_of": 1}, ["teamed", "labelled", "action", "other-type"]),
    ],
)
def test_options_filter_too(options, found):
    cases = [
        replace(case(1), type_id="security"),
        replace(case(2), type_id="production", team_ids=frozenset("P")),
    ]
    items = [TEAMED, LABELLED, ACTION, item("other-type", 2)]
    filters = Filters.of(rule(**options))
    targets = known(teamed=-1, labelled=1, **{"other-type": 3})
    assert [i.id for i in filters.chosen(items, cases, NOW, targets)] == found
    by_id = {c.id: c for c in cases}
    assert found == [
        i.id for i in items if filters.matches(i, by_id[i.incident_id], NOW, targets)
    ]

"""Targets in words: what is only calculated is never called due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blocks.kit.due import Target, describe_target, target_fact

NOW = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ({"minutes": 20}, "today"),
        ({"hours": 2}, "tomorrow"),
        ({"days": 2}, "Wed 11 Mar"),
        ({"days": 365}, "Tue 9 Mar 2027"),
    ],
)
def test_what_is_to_come_is_said_by_its_day(later, said):
    at = NOW + timedelta(**later)
    assert describe_target(Target(at), NOW, UTC) == f"target {said}"
    assert describe_target(Target(at, due=True), NOW, UTC) == f"due {said}"


def test_the_day_is_that_of_the_zone():
    at = NOW + timedelta(hours=2)
    assert describe_target(Target(at), NOW, ZoneInfo("Asia/Tokyo")) == "target today"


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        ({"seconds": 0}, "1 min"),
        ({"hours": 5}, "5 h"),
        ({"days": 3}, "3 days"),
    ],
)
def test_what_has_passed_is_said_by_how_long(ago, said):
    at = NOW - timedelta(**ago)
    assert describe_target(Target(at), NOW, UTC) == f"overdue by {said}"
    assert describe_target(Target(at, due=True), NOW, UTC) == f"overdue by {said}"
    assert target_fact(Target(at), NOW, UTC).endswith(f", overdue by {said}")


def test_there_may_be_none():
    assert describe_target(None, NOW, UTC) is None

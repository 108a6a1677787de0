"""What an attempt that died has made is found, and nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from handlers.core.made_before import SKEW, made_before, made_lately

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    name: str
    created_at: datetime | None


def first():
    return SimpleNamespace(in_doubt=False, in_doubt_since=None, now=NOW)


def later():
    """An attempt hours after one that may have made it."""
    now = NOW + timedelta(hours=5)
    return SimpleNamespace(in_doubt=True, in_doubt_since=NOW, now=now)


def listed(*made):
    return lambda: made


def named(name):
    return lambda made: made.name == name


def test_the_first_attempt_reads_nothing():
    def unread():
        raise AssertionError("read")

    assert made_before(first(), unread, named("it")) is None
    assert made_lately(first(), unread, named("it")) is None


def test_a_later_attempt_finds_what_is_the_same():
    other, it = Made("other", NOW), Made("it", None)
    assert made_before(later(), listed(other, it), named("it")) is it
    assert made_before(later(), listed(other), named("it")) is None


@pytest.mark.parametrize(
    ("created", "found"),
    [
        (NOW, True),
        (NOW + timedelta(hours=4), True),
        (NOW - SKEW, True),
        (NOW - SKEW - timedelta(seconds=1), False),
        (None, False),
    ],
)
def test_what_is_older_than_the_attempt_was_made_by_somebody_else(created, found):
    made = Made("it", created)
    again = made_lately(later(), listed(made), named("it"))
    assert (again is made) is found

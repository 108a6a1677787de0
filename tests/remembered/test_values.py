"""A remembered value is read seldom, by one thread, and served while it is good."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from remembered.values import MOST, Remembered
from tests.clock import Clock

MINUTE = timedelta(minutes=1)
LIFETIME, STALE, PAUSE = 10 * MINUTE, 30 * MINUTE, 2 * MINUTE


class Unreachable(Exception):
    pass


class Source:
    """Counts how often it is read; each answer is another."""

    def __init__(self, clock):
        self._clock = clock
        self.reads = []
        self.broken = False

    def __call__(self, key):
        self.reads.append(self._clock())
        if self.broken:
            raise Unreachable
        return key, len(self.reads)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def source(clock):
    return Source(clock)


def remember(source, clock, **more):
    usual = {"lifetime": LIFETIME, "now": clock, "failures": Unreachable}
    return Remembered(source, **{**usual, **more})


STEPS = st.lists(st.tuples(st.integers(0, 45), st.booleans()), max_size=20)


@given(STEPS, st.sampled_from([None, timedelta(0), STALE]))
def test_it_is_read_no_sooner_than_needed_and_served_no_longer_than_allowed(
    steps, stale_for
):
    clock = Clock()
    source = Source(clock)
    values = remember(source, clock, stale_for=stale_for, pause=lambda _: PAUSE)
    good = failed_at = None
    for minutes, broken in steps:
        clock.advance(minutes=minutes)
        source.broken = broken
        now, before = clock(), len(source.reads)
        fresh = good is not None and now - good[0] < LIFETIME
        rests = failed_at is not None and now - failed_at < PAUSE
        serves = good is not None and (
            stale_for is None or now - good[0] < LIFETIME + stale_for
        )
        try:
            answer = values.get("key")
        except Unreachable:
            assert not fresh
            assert not serves
            answer = None
        assert len(source.reads) - before == (not fresh and not rests)
        if len(source.reads) > before and not broken:
            good, failed_at = (now, ("key", len(source.reads))), None
        elif len(source.reads) > before:
            failed_at = now
        if answer is not None:
            assert answer == good[1]


def test_keys_are_apart(source, clock):
    values = remember(source, clock)
    assert [values.get("a"), values.get("b"), values.get("a")] == [
        ("a", 1),
        ("b", 2),
        ("a", 1),
    ]


def test_many_that_come_at_once_read_once(clock):
    reads, go_on = [], Event()

    def read(key):
        reads.append(key)
        go_on.wait(10)
        return "value"

    values = remember(read, clock)
    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(values.get, "key") for _ in range(8)]
        go_on.set()
        assert {one.result() for one in found} == {"value"}
    assert reads == ["key"]


def test_who_waited_for_a_reading_that_failed_is_told_so(clock):
    reading, go_on = Event(), Event()

    def read(_):
        reading.set()
        go_on.wait(10)
        raise Unreachable

    values = remember(read, clock, pause=lambda _: PAUSE)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(values.get, "key")
        assert reading.wait(10)
        second = pool.submit(values.get, "key")
        go_on.set()
        for one in (first, second):
            with pytest.raises(Unreachable):
                one.result()


def test_while_one_reads_the_others_get_the_old_value(clock):
    reading, go_on = Event(), Event()
    answers = iter(["old", "new"])

    def read(_):
        answer = next(answers)
        if answer == "new":
            reading.set()
            go_on.wait(10)
        return answer

    values = remember(read, clock)
    assert values.get("key") == "old"
    clock.advance(minutes=11)
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(values.get, "key")
        assert reading.wait(10)
        assert values.get("key") == "old"
        go_on.set()
        assert renewing.result() == "new"
    assert values.get("key") == "new"


def test_a_fault_of_ours_is_not_taken_for_a_failure(clock):
    answers: Iterator[Any] = iter(["old", ZeroDivisionError])

    def read(_):
        answer = next(answers)
        if answer == "old":
            return answer
        raise answer

    values = remember(read, clock)
    assert values.get("key") == "old"
    clock.advance(minutes=11)
    with pytest.raises(ZeroDivisionError):
        values.get("key")


def test_looking_reads_nothing(source, clock):
    values = remember(source, clock)
    assert values.peek("key") is None
    values.get("key")
    clock.advance(minutes=11)
    assert values.peek("key") is None
    assert values.peek("key", 20 * MINUTE) == ("key", 1)
    assert len(source.reads) == 1


def test_what_expired_is_read_again_and_serves_where_it_cannot_be(source, clock):
    values = remember(source, clock)
    values.get("key")
    values.expire("key")
    source.broken = True
    assert values.get("key") == ("key", 1)
    source.broken = False
    assert values.get("key") == ("key", 3)
    assert values.get("key") == ("key", 3)


def test_what_was_read_elsewhere_is_remembered(source, clock):
    values = remember(source, clock)
    values.put("key", "told")
    assert values.get("key") == "told"
    assert source.reads == []


def test_no_more_than_so_many_are_remembered(source, clock):
    values = remember(source, clock)
    for number in range(MOST + 1):
        values.get(number)
    values.get(MOST)
    assert len(source.reads) == MOST + 1
    values.get(0)
    assert len(source.reads) == MOST + 2

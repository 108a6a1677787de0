"""One cached list, asked for by many at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from incidentio.cache.cached_list import CachedList
from incidentio.cache.stale_reads import tracking_stale_reads
from incidentio.errors import IncidentioError, Unreachable
from tests.incidentio.upstream import eventually

TTL = timedelta(seconds=60)
HOUR = timedelta(hours=1)


def test_many_callers_share_one_fetch(clock):
    fetches = []
    gate = threading.Event()

    def fetch():
        fetches.append(1)
        gate.wait(30)
        return ["a"]

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(cached.get) for _ in range(8)]
        eventually(lambda: fetches)
        gate.set()
        assert {future.result() for future in waiting} == {("a",)}
    assert len(fetches) == 1


def test_many_callers_share_one_failure(clock):
    gate = threading.Event()
    fetches = []

    def fetch():
        fetches.append(1)
        gate.wait(30)
        raise Unreachable("silence", sent=True)

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(cached.get) for _ in range(8)]
        eventually(lambda: fetches)
        threading.Event().wait(0.02)
        gate.set()
        assert all(isinstance(f.exception(), IncidentioError) for f in waiting)
    assert len(fetches) == 1


def test_a_fetch_that_was_under_way_before_it_expired_is_not_kept(clock):
    begun, gate = threading.Event(), threading.Event()

    def fetch():
        begun.set()
        gate.wait(30)
        return ["old"]

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(cached.get)
        begun.wait(30)
        cached.expire()
        gate.set()
        assert waiting.result() == ("old",)
    assert not cached.known


def test_one_caller_is_told_to_renew(clock):
    cached = CachedList("letters", lambda: ["a"], now=clock.now, ttl=TTL, oldest=HOUR)
    cached.get()
    assert not cached.claim_renewal()
    clock.elapsed += 60
    assert [cached.claim_renewal() for _ in range(3)] == [True, False, False]


def test_a_fault_of_our_own_in_a_fetch_reaches_the_caller(clock):
    def fetch():
        raise LookupError("a fault of ours")

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    for _ in range(2):
        with pytest.raises(LookupError):
            cached.get()


def test_who_waits_long_for_another_s_fetch_gets_what_expired(clock, monkeypatch):
    monkeypatch.setattr("incidentio.cache.cached_list.PATIENCE", 0.01)
    begun, gate = threading.Event(), threading.Event()
    letters = ["old"]

    def fetch():
        if letters == ["new"]:
            begun.set()
            gate.wait(30)
        return list(letters)

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    cached.get()
    letters[:] = ["new"]
    cached.expire()
    with ThreadPoolExecutor(1) as pool:
        fetching = pool.submit(cached.get)
        begun.wait(30)
        assert cached.get() == ("old",)
        gate.set()
        assert fetching.result() == ("new",)
    assert cached.get() == ("new",)


def test_what_is_too_old_is_fetched_before_it_is_served(clock):
    letters = ["a"]
    cached = CachedList("letters", lambda: letters, now=clock.now, ttl=TTL, oldest=HOUR)
    cached.get()
    letters[:] = ["b"]
    clock.elapsed += 3600
    assert cached.get() == ("a",)
    clock.elapsed += 1
    assert cached.get() == ("b",)


def test_what_is_too_old_is_served_while_it_cannot_be_had_and_seldom_tried(clock):
    fetches = []

    def fetch():
        fetches.append(1)
        if len(fetches) > 1:
            raise Unreachable("silence", sent=True)
        return ["a"]

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    cached.get()
    clock.elapsed += 3601
    assert [cached.get() for _ in range(3)] == [("a",)] * 3
    assert len(fetches) == 2
    clock.elapsed += 15
    cached.get()
    assert len(fetches) == 3


def test_a_change_while_it_is_fetched_is_fetched_once_more(clock):
    begun, gate = threading.Event(), threading.Event()
    letters, fetches = ["old"], []

    def fetch():
        read = list(letters)
        fetches.append(read)
        begun.set()
        gate.wait(30)
        return read

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    with ThreadPoolExecutor(2) as pool:
        pool.submit(cached.get)
        begun.wait(30)
        letters[:] = ["new"]
        assert [cached.mark_changed() for _ in range(3)] == [True, False, False]
        renewing = pool.submit(cached.renew)
        gate.set()
        renewing.result()
    assert cached.get() == ("new",)
    assert len(fetches) == 2


@pytest.fixture
def failing(clock):
    """A list that was read once and then expired, while reading it fails."""
    answers = iter([["old"], *[Unreachable("silence", sent=True)] * 3, ["new"]])

    def fetch():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    cached = CachedList("letters", fetch, now=clock.now, ttl=TTL, oldest=HOUR)
    cached.get()
    cached.expire()
    return cached


def test_what_expired_serves_while_nothing_newer_can_be_had(failing, clock):
    began = clock.now()
    for _ in range(2):  # the second is not even tried: it failed lately
        with tracking_stale_reads() as reads:
            assert failing.get() == ("old",)
        assert reads.oldest == began
    assert not failing.known
    clock.elapsed += 60
    failing.expire()
    assert [failing.get() for _ in range(2)] == [("old",)] * 2
    clock.elapsed += 15
    failing.get()
    clock.elapsed += 15
    with tracking_stale_reads() as reads:
        assert failing.get() == ("new",)
    assert reads.oldest is None


def test_what_must_not_be_guessed_is_not_served_old(failing):
    for _ in range(2):
        with pytest.raises(Unreachable):
            failing.reread()
    assert failing.get() == ("old",)


def test_what_was_forgotten_is_not_served(failing):
    failing.forget()
    with pytest.raises(Unreachable):
        failing.get()

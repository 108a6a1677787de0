"""One cached list, asked for by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from incidentio.cache.cached_list import CachedList
from incidentio.cache.stale_reads import tracking_stale_reads
from incidentio.errors import Unreachable
from tests.incidentio.upstream import eventually

TTL = timedelta(seconds=60)
HOUR = timedelta(hours=1)
SILENCE = Unreachable("silence", sent=True)


class Source:
    """Gives its answers one after the other, and the last one again and again."""

    def __init__(self):
        self.answers: list[Any] = [["old"], ["new"]]
        self.fetches = 0
        self._begun, self._go_on = Event(), Event()
        self._go_on.set()

    def __call__(self):
        self.fetches += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self._begun.set()
        assert self._go_on.wait(30)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @contextmanager
    def stopped(self):
        """Let no fetch end before the end of the block."""
        self._begun.clear()
        self._go_on.clear()
        try:
            yield
        finally:
            self._go_on.set()

    @contextmanager
    def held(self, ask):
        """Ask in another thread, and hold the fetch until the end of the block."""
        with ThreadPoolExecutor(1) as pool, self.stopped():
            asked = pool.submit(ask)
            assert self._begun.wait(30)
            yield asked


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def cached(source, clock):
    return CachedList("letters", source, now=clock.now, ttl=TTL, oldest=HOUR)


@pytest.mark.parametrize("answer", [["a"], SILENCE], ids=["a list", "a failure"])
def test_many_callers_share_one_fetch_and_its_end(cached, source, answer):
    source.answers = [answer]

    def waiting():
        return len(cached._in_flight._condition._waiters)

    with ThreadPoolExecutor(7) as pool, source.held(cached.get) as first:
        others = [pool.submit(cached.get) for _ in range(7)]
        eventually(lambda: waiting() == len(others))
    for future in (first, *others):
        assert (future.exception() or [*future.result()]) == answer
    assert source.fetches == 1


def test_a_fetch_that_was_under_way_before_it_expired_is_not_kept(cached, source):
    with source.held(cached.get) as waiting:
        cached.expire()
    assert waiting.result() == ("old",)
    assert not cached.known


def test_one_caller_is_told_to_renew(cached, clock):
    cached.get()
    assert not cached.claim_renewal()
    clock.elapsed += 60
    assert [cached.claim_renewal() for _ in range(3)] == [True, False, False]


def test_only_what_is_found_changed_unexpectedly_is_news(source, clock):
    news = []
    cached = CachedList(
        "letters",
        source,
        now=clock.now,
        ttl=TTL,
        oldest=HOUR,
        on_news=lambda: news.append(source.fetches),
    )
    source.answers = [["a"], ["a"], ["b"], ["c"], ["d"], SILENCE, ["d"], ["e"]]
    cached.get()
    for outdate in (None, None, cached.expire, cached.mark_changed, None, None, None):
        if outdate:
            outdate()
        cached.renew()
    assert news == [3, 8]


@pytest.mark.parametrize("known", [False, True])
def test_a_fault_of_our_own_in_a_fetch_reaches_the_caller(cached, source, known):
    source.answers = [["old"]] * known + [LookupError("a fault of ours")]
    if known:
        cached.get()
    for _ in range(2):
        cached.expire()
        with pytest.raises(LookupError):
            cached.get()


def test_nobody_waits_long_for_a_list_if_there_is_one_that_expired(
    cached, source, clock, monkeypatch
):
    monkeypatch.setattr("incidentio.cache.cached_list.PATIENCE", 0.01)
    cached.get()
    read_at = clock.now()
    clock.elapsed += 1
    cached.expire()
    with source.stopped():
        for _ in range(2):
            with tracking_stale_reads() as reads:
                assert cached.get() == ("old",)
            assert reads.oldest == read_at
    eventually(lambda: cached.get() == ("new",))
    assert source.fetches == 2


def test_what_is_too_old_is_fetched_before_it_is_served(cached, clock):
    cached.get()
    clock.elapsed += 3600
    assert cached.get() == ("old",)
    clock.elapsed += 1
    assert cached.get() == ("new",)


def test_what_is_too_old_is_served_while_it_cannot_be_had_and_seldom_tried(
    cached, source, clock
):
    source.answers = [["a"], SILENCE]
    cached.get()
    clock.elapsed += 3601
    assert [cached.get() for _ in range(3)] == [("a",)] * 3
    assert source.fetches == 2
    clock.elapsed += 15
    cached.get()
    assert source.fetches == 3


def test_a_change_while_it_is_fetched_is_fetched_once_more(cached, source):
    with ThreadPoolExecutor(1) as pool, source.held(cached.get):
        assert [cached.mark_changed() for _ in range(3)] == [True, False, False]
        renewing = pool.submit(cached.renew)
    renewing.result()
    assert cached.get() == ("new",)
    assert source.fetches == 2


@pytest.fixture
def failing(cached, source):
    """A list that was read once and then expired, while reading it fails."""
    source.answers = [["old"], SILENCE, SILENCE, SILENCE, ["new"]]
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

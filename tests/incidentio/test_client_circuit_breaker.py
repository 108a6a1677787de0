"""When incident.io is silent, calls fail fast instead of waiting in line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from incidentio.errors import (
    CircuitOpen,
    Invalid,
    LocallyRateLimited,
    ServerError,
    Unexpected,
    Unreachable,
)
from incidentio.transport.circuit_breaker import (
    FAILURE_THRESHOLD,
    FAILURE_WINDOW,
    SLOW_AFTER,
    CircuitBreaker,
)
from tests.incidentio.upstream import drop

FOR_EVER = float("inf")


@pytest.fixture
def breaker(clock):
    return CircuitBreaker(now=clock.now, monotonic=clock.monotonic)


def silent():
    return Unreachable("silence", sent=True)


def attempt(breaker, error=None):
    """Make a call that ends in this error, and return what the caller sees."""
    try:
        with breaker.guard():
            if error is not None:
                raise error
    except (Unreachable, ServerError, Invalid, Unexpected, LocallyRateLimited) as seen:
        return seen
    return None


def open_up(breaker):
    for _ in range(FAILURE_THRESHOLD):
        attempt(breaker, silent())


def is_open(breaker):
    return isinstance(attempt(breaker), CircuitOpen)


def test_it_opens_after_some_silences_in_a_row(breaker):
    for _ in range(FAILURE_THRESHOLD - 1):
        attempt(breaker, silent())
    assert attempt(breaker, silent()).sent
    refused = attempt(breaker)
    assert isinstance(refused, CircuitOpen)
    assert str(refused) == "incident.io has not answered since 09:00:00 UTC"
    assert not refused.sent
    assert not refused.outcome_unknown
    assert refused.retry_after.total_seconds() == 5


@pytest.mark.parametrize(
    "answer", [None, Invalid(422), ServerError(500), Unexpected("html", status=404)]
)
def test_any_answer_starts_the_count_anew(breaker, answer):
    for error in [silent(), silent(), answer, *[silent() for _ in range(4)]]:
        attempt(breaker, error)
    assert not is_open(breaker)


def test_silences_far_apart_do_not_add_up(breaker, clock):
    for _ in range(FAILURE_THRESHOLD * 2):
        attempt(breaker, silent())
        clock.elapsed += FAILURE_WINDOW / (FAILURE_THRESHOLD - 1) + 1
    assert not is_open(breaker)


def test_after_a_pause_one_probe_goes_through_and_an_answer_closes_it(breaker, clock):
    open_up(breaker)
    clock.elapsed += 5
    with breaker.guard():
        assert is_open(breaker)
    assert not is_open(breaker)


def test_a_probe_without_an_answer_doubles_the_pause_up_to_a_limit(breaker, clock):
    open_up(breaker)
    for pause in (5, 10, 20, 30, 30):
        clock.elapsed += pause - 0.5
        assert is_open(breaker)
        clock.elapsed += 0.5
        assert attempt(breaker, silent()).sent


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_error_neither_opens_nor_closes(breaker, clock, status):
    for _ in range(FAILURE_THRESHOLD):
        attempt(breaker, ServerError(status))
    assert not is_open(breaker)
    open_up(breaker)
    clock.elapsed += 5
    attempt(breaker, ServerError(status))
    assert is_open(breaker)


@pytest.mark.parametrize("error", [LocallyRateLimited(429), KeyboardInterrupt()])
def test_a_probe_that_was_never_sent_leaves_room_for_another(breaker, clock, error):
    open_up(breaker)
    clock.elapsed += 5
    with pytest.raises(type(error)), breaker.guard():
        raise error
    assert not is_open(breaker)


def test_calls_that_began_before_it_opened_do_not_prolong_it(breaker, clock):
    late = [breaker.guard() for _ in range(3)]
    for call in late:
        call.__enter__()
    open_up(breaker)
    clock.elapsed += 4
    for call in late:
        error = silent()
        call.__exit__(Unreachable, error, None)
    clock.elapsed += 1
    assert attempt(breaker) is None


def test_fifteen_hundred_calls_do_not_pile_up_behind_a_silent_api(make_api, upstream):
    upstream.answers(upstream.hang)
    api = make_api(read_timeout=0.25, sleep=lambda _: None)

    def ask(_):
        try:
            api.severities.list()
        except Unreachable as error:
            return error
        return None

    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(ask, range(1500)))
    assert all(isinstance(error, Unreachable) for error in seen)
    assert len(upstream.requests) <= 32


def test_the_client_works_again_once_the_api_does(make_api, upstream, clock):
    api = make_api()
    upstream.answers(drop)
    for _ in range(3):
        with pytest.raises(Unreachable):
            api.severities.list()
    asked = len(upstream.requests)
    with pytest.raises(CircuitOpen, match="has not answered since 09:00:0"):
        api.severities.list()
    assert len(upstream.requests) == asked
    upstream.answers((200, {"severities": []}))
    clock.elapsed += 5
    assert api.severities.list() == ()


def waiting(breaker, stack, number):
    for _ in range(number):
        stack.enter_context(breaker.in_flight(FOR_EVER))


def test_while_several_wait_long_for_an_answer_no_more_are_sent(breaker, clock):
    with ExitStack() as stack:
        waiting(breaker, stack, FAILURE_THRESHOLD)
        assert not is_open(breaker)
        clock.elapsed += SLOW_AFTER
        assert is_open(breaker)
    assert not is_open(breaker)


def test_an_answer_meanwhile_shows_that_it_is_only_slow(breaker, clock):
    with ExitStack() as stack:
        waiting(breaker, stack, FAILURE_THRESHOLD)
        clock.elapsed += SLOW_AFTER - 1
        attempt(breaker)
        clock.elapsed += 1
        assert not is_open(breaker)


def test_who_finds_no_room_waits_for_it_or_is_refused_once_all_is_silent(clock):
    breaker = CircuitBreaker(
        now=clock.now, monotonic=clock.monotonic, max_in_flight=FAILURE_THRESHOLD
    )
    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        waiting(breaker, stack, FAILURE_THRESHOLD - 1)
        with breaker.in_flight(FOR_EVER):
            begun = pool.submit(lambda: waiting(breaker, stack, 1))
        begun.result(5)
        clock.elapsed += SLOW_AFTER
        with pytest.raises(CircuitOpen), breaker.in_flight(FOR_EVER):
            pass


def test_who_runs_out_of_time_waiting_for_room_is_held_back_and_no_silence(clock):
    breaker = CircuitBreaker(now=clock.now, monotonic=clock.monotonic, max_in_flight=1)
    with ExitStack() as stack:
        waiting(breaker, stack, 1)
        for _ in range(FAILURE_THRESHOLD):
            with (
                pytest.raises(LocallyRateLimited),
                breaker.guard(),
                breaker.in_flight(0.0),
            ):
                pass
    assert not is_open(breaker)


def test_a_call_with_no_time_left_is_not_sent_and_no_silence(make_api, upstream):
    upstream.answers((200, {"severities": []}))
    ticks = iter(range(10**6))
    api = make_api(deadline=4, monotonic=lambda: float(next(ticks)))
    for _ in range(FAILURE_THRESHOLD):
        with pytest.raises(LocallyRateLimited):
            api.severities.list()
    assert upstream.requests == []

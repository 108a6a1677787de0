"""How fast requests may go out, and who goes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incidentio.errors import LocallyRateLimited, RateLimited
from incidentio.transport.rate_limiter import RateLimiter

FAR = 1e9
SEVERITIES = 200, {"severities": []}


@pytest.fixture
def limiter(clock):
    return RateLimiter(60, monotonic=clock.monotonic, sleep=clock.sleep)


def test_a_burst_passes_at_once_and_the_rest_in_step(limiter, clock):
    for _ in range(5):
        limiter.acquire(FAR)
    assert clock.naps == []
    for _ in range(3):
        limiter.acquire(FAR)
    assert clock.naps == pytest.approx([1, 1, 1])


@pytest.mark.parametrize(("per_minute", "limit"), [(1100, 1200), (55, 60)])
def test_no_minute_holds_more_than_the_limit_of_the_api(clock, per_minute, limit):
    limiter = RateLimiter(per_minute, monotonic=clock.monotonic, sleep=clock.sleep)
    taken = []
    while clock.elapsed < 180:
        limiter.acquire(FAR)
        taken.append(clock.elapsed)
    most = max(sum(1 for t in taken if at <= t < at + 60) for at in taken)
    assert per_minute * 0.95 < most < limit


def test_waiters_are_served_in_the_order_they_came(clock):
    waits = []
    limiter = RateLimiter(60, monotonic=clock.monotonic, sleep=waits.append)
    for _ in range(9):
        limiter.acquire(FAR)
    assert waits == pytest.approx([1, 2, 3, 4])


def test_a_turn_that_comes_too_late_is_refused_and_not_taken(limiter, clock):
    for _ in range(5):
        limiter.acquire(FAR)
    for _ in range(3):
        with pytest.raises(LocallyRateLimited, match="used up") as caught:
            limiter.acquire(clock.elapsed + 0.5)
    assert caught.value.retry_after == timedelta(seconds=1)
    limiter.acquire(FAR)
    assert clock.naps == pytest.approx([1])


def test_background_work_leaves_room_for_people(limiter, clock):
    for _ in range(3):
        limiter.acquire(FAR, background=True)
    assert clock.naps == []
    limiter.acquire(FAR, background=True)
    assert clock.elapsed == pytest.approx(0.5)
    limiter.acquire(FAR)
    assert clock.elapsed == pytest.approx(0.5)


def test_background_work_waits_until_people_are_done(clock):
    """Each time it looks up, somebody has gone before it, until nobody does."""
    people = iter([2, 1])

    def sleep(seconds):
        clock.sleep(seconds)
        for _ in range(next(people, 0)):
            limiter.acquire(FAR)

    limiter = RateLimiter(60, monotonic=clock.monotonic, sleep=sleep)
    for _ in range(4):
        limiter.acquire(FAR, background=True)
    assert clock.elapsed == pytest.approx(3.5)


@pytest.mark.parametrize("per_minute", [1, 5, 30])
def test_even_the_narrowest_gate_lets_background_work_through(clock, per_minute):
    limiter = RateLimiter(per_minute, monotonic=clock.monotonic, sleep=clock.sleep)
    for _ in range(5):
        limiter.acquire(FAR, background=True)
    assert clock.elapsed <= 5 * 60 / per_minute


def test_a_clock_that_steps_back_gives_nothing_away(limiter, clock):
    for _ in range(5):
        limiter.acquire(FAR)
    clock.elapsed -= 100
    limiter.acquire(FAR)
    assert clock.naps == pytest.approx([1])


def test_the_client_raises_before_it_waits_past_the_deadline(make_api, upstream, clock):
    api = make_api(requests_per_minute=2, deadline=10)
    upstream.answers(SEVERITIES)
    api.severities.list()
    with pytest.raises(RateLimited, match="used up") as caught:
        api.severities.list()
    assert caught.value.retry_after == timedelta(seconds=30)
    assert not caught.value.outcome_unknown
    assert len(upstream.requests) == 1


def test_a_background_client_shares_the_gate_with_people(make_api, upstream, clock):
    api = make_api(requests_per_minute=120)
    sweep = api.background()
    upstream.answers(SEVERITIES)
    for _ in range(8):
        sweep.severities.list()
    assert clock.elapsed > 0
    at = clock.elapsed
    api.severities.list()
    assert clock.elapsed == at
    assert upstream.connections == 1


def test_escalations_have_a_narrower_gate_of_their_own(make_api, upstream, clock):
    requester = make_api(deadline=1)._requester
    for _ in range(4):
        requester.post("/v2/escalations", {"title": "Wake up"}, idempotent=True)
    with pytest.raises(LocallyRateLimited):
        requester.post("/v2/escalations", {"title": "Wake up"}, idempotent=True)
    requester.get("/v2/escalations")
    assert clock.naps == []

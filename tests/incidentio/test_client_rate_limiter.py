"""How fast requests may go out, and who goes first."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest

from incidentio.errors import LocallyRateLimited, RateLimited
from incidentio.transport.operation import Operation
from incidentio.transport.patience import waiting_at_most
from incidentio.transport.quota import Quota
from incidentio.transport.rate_limiter import RateLimiter
from tests.incidentio.samples import WRITES

FAR = 1e9
LIST = Operation("GET", "/v1/severities")
PAGE = Operation("POST", "/v2/escalations")
SEVERITIES = {"severities": []}


def refused(seconds):
    error = RateLimited(429)
    error.retry_after = timedelta(seconds=seconds)
    return error


@pytest.fixture
def make_limiter(clock):
    def make(per_minute=None, sleep=clock.sleep):
        return RateLimiter(
            now=clock.now,
            monotonic=clock.monotonic,
            sleep=sleep,
            per_minute=per_minute,
        )

    return make


@pytest.fixture
def limiter(make_limiter):
    return make_limiter(60)


def take(limiter, until=FAR, *, operation=LIST, background=False, answer=None):
    """Send one request; ``answer`` is what its headers say."""
    with limiter.reserve(operation, until, background=background) as reserved:
        limiter.learn(reserved, answer or {})


def says(limit, remaining, reset):
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Used": str(limit - remaining),
        "X-RateLimit-Reset": str(reset),
    }


class TestOwnBound:
    """What ``requests_per_minute`` sets, for whoever wants less than is allowed."""

    def test_a_burst_passes_at_once_and_the_rest_in_step(self, limiter, clock):
        for _ in range(5):
            take(limiter)
        assert clock.naps == []
        for _ in range(3):
            take(limiter)
        assert clock.naps == pytest.approx([1, 1, 1])

    @pytest.mark.parametrize(("per_minute", "limit"), [(1100, 1200), (55, 60)])
    def test_no_minute_holds_more_than_the_limit_above_it(
        self, make_limiter, clock, per_minute, limit
    ):
        limiter = make_limiter(per_minute)
        taken = []
        while clock.elapsed < 180:
            take(limiter)
            taken.append(clock.elapsed)
        most = max(sum(1 for t in taken if at <= t < at + 60) for at in taken)
        assert per_minute * 0.95 < most < limit

    def test_waiters_are_served_in_the_order_they_came(self, make_limiter, clock):
        """While one waits, three more come; each waits behind those before it."""
        served, waits = [], []

        def come(name):
            take(limiter)
            served.append(name)

        def sleep(seconds):
            waits.append(seconds)
            if len(waits) < 4:
                come(len(waits) + 1)
            clock.elapsed += seconds

        limiter = make_limiter(60, sleep)
        for _ in range(5):
            take(limiter)
        come(1)
        assert waits[:4] == pytest.approx([1, 2, 3, 4])
        assert sorted(served) == [1, 2, 3, 4]
        assert clock.elapsed >= 4

    def test_what_would_come_too_late_is_refused_and_not_taken(self, limiter, clock):
        for _ in range(5):
            take(limiter)
        for _ in range(3):
            with pytest.raises(LocallyRateLimited, match="used up") as caught:
                take(limiter, clock.elapsed + 0.5)
        assert caught.value.retry_after == timedelta(seconds=1)
        take(limiter)
        assert clock.naps == pytest.approx([1])

    def test_background_work_leaves_room_for_people(self, limiter, clock):
        for _ in range(4):
            take(limiter, background=True)
        assert clock.naps == []
        take(limiter, background=True)
        assert clock.elapsed == pytest.approx(1)
        take(limiter)
        assert clock.elapsed == pytest.approx(1)

    def test_background_work_waits_until_people_are_done(self, make_limiter, clock):
        """Each time it looks up, somebody has gone before it, until nobody does."""
        people = iter([2, 1])

        def sleep(seconds):
            clock.sleep(seconds)
            for _ in range(next(people, 0)):
                take(limiter)

        limiter = make_limiter(60, sleep)
        for _ in range(5):
            take(limiter, background=True)
        assert clock.elapsed == pytest.approx(4)

    @pytest.mark.parametrize("per_minute", [1, 5, 30])
    def test_even_the_narrowest_lets_background_work_through(
        self, make_limiter, clock, per_minute
    ):
        limiter = make_limiter(per_minute)
        for _ in range(5):
            take(limiter, background=True)
        assert clock.elapsed <= 5 * 60 / per_minute

    def test_a_clock_that_steps_back_gives_nothing_away(self, limiter, clock):
        for _ in range(5):
            take(limiter)
        clock.elapsed -= 100
        take(limiter)
        assert clock.naps == pytest.approx([1])


class TestWhatAnswersSay:
    """What the ``X-RateLimit-*`` headers allow, whoever used up the rest."""

    @pytest.fixture
    def limiter(self, make_limiter):
        return make_limiter()

    def test_without_headers_nothing_is_limited(self, limiter, clock):
        for _ in range(5000):
            take(limiter)
        assert clock.naps == []

    def test_what_is_left_passes_and_the_rest_waits_for_the_reset(self, limiter, clock):
        take(limiter, answer=says(1200, 2, 30))
        take(limiter)
        take(limiter)
        assert clock.naps == []
        take(limiter)
        assert clock.naps == [30]

    def test_after_the_reset_all_of_the_limit_is_there(self, limiter, clock):
        take(limiter, answer=says(10, 0, 30))
        for _ in range(10):
            take(limiter)
        assert clock.naps == [30]

    def test_requests_that_an_answer_may_not_count_are_taken_off(self, limiter, clock):
        with ExitStack() as stack:
            first = stack.enter_context(limiter.reserve(LIST, FAR))
            for _ in range(3):
                stack.enter_context(limiter.reserve(LIST, FAR))
            limiter.learn(first, says(1200, 3, 30))
            assert clock.naps == []
            take(limiter)
        assert clock.naps == [30]

    def test_requests_that_it_must_have_counted_are_not(self, limiter, clock):
        take(limiter)
        take(limiter)
        take(limiter, answer=says(1200, 1, 30))
        take(limiter)
        assert clock.naps == []

    def test_an_answer_that_is_overtaken_says_nothing_new(self, limiter, clock):
        with limiter.reserve(LIST, FAR) as slow:
            take(limiter, answer=says(1200, 1, 30))
            limiter.learn(slow, says(1200, 900, 30))
        take(limiter)
        assert clock.naps == [30]

    def test_what_others_use_is_told_by_the_next_answer(self, limiter, clock):
        take(limiter, answer=says(1200, 900, 30))
        take(limiter, answer=says(1200, 0, 20))
        take(limiter)
        assert clock.naps == [20]

    def test_what_others_leave_is_told_by_the_next_answer(self, limiter, clock):
        take(limiter, answer=says(1200, 1, 30))
        take(limiter, answer=says(1200, 900, 30))
        for _ in range(900):
            take(limiter)
        assert clock.naps == []

    def test_a_bucket_seen_to_refill_is_not_waited_for_until_it_is_full(
        self, limiter, clock
    ):
        take(limiter, answer=says(1200, 0, 60))
        clock.elapsed += 61
        take(limiter, answer=says(1200, 600, 30))
        clock.elapsed += 1
        take(limiter, answer=says(1200, 619, 29))
        clock.elapsed += 1
        take(limiter, answer=says(1200, 0, 60))
        take(limiter)
        assert clock.naps == pytest.approx([1 / 20])

    def test_a_limit_that_is_back_a_little_early_is_not_taken_to_refill(
        self, limiter, clock
    ):
        take(limiter, answer=says(1200, 600, 30))
        clock.elapsed += 29.5
        take(limiter, answer=says(1200, 1199, 60))
        take(limiter, answer=says(1200, 0, 60))
        take(limiter)
        assert clock.naps == [60]

    def test_a_refusal_closes_the_bucket_for_everybody(self, limiter, clock):
        with pytest.raises(RateLimited), limiter.reserve(LIST, FAR):
            raise refused(7)
        take(limiter, operation=Operation("GET", "/v2/users"))
        assert clock.naps == [7]

    def test_a_lower_limit_is_of_that_operation_alone(self, limiter, clock):
        narrow = Operation("POST", "/v2/incidents")
        take(limiter, answer=says(1200, 1000, 30))
        take(limiter, operation=narrow, answer=says(60, 0, 40))
        take(limiter)
        assert clock.naps == []
        take(limiter, operation=narrow)
        assert clock.naps == [40]

    def test_the_lower_limit_may_be_the_first_that_is_heard_of(self, limiter, clock):
        narrow = Operation("POST", "/v2/incidents")
        take(limiter, operation=narrow, answer=says(60, 59, 40))
        take(limiter, answer=says(1200, 1000, 30))
        take(limiter, operation=narrow, answer=says(60, 0, 40))
        take(limiter)
        assert clock.naps == []

    def test_paging_is_known_to_have_a_limit_of_its_own(self, limiter, clock):
        take(limiter, operation=PAGE, answer=says(60, 0, 40))
        take(limiter)
        assert clock.naps == []
        take(limiter, operation=PAGE)
        assert clock.naps == [40]

    @pytest.fixture
    def told(self):
        return []

    @pytest.fixture
    def another(self, clock, told):
        """The limiter of another process."""
        return RateLimiter(
            now=clock.now,
            monotonic=clock.monotonic,
            sleep=clock.sleep,
            on_limit=lambda *said: told.append(said),
        )

    def test_others_are_told_when_little_is_left(self, another, told):
        for left in (60, 7, 6, 0):
            take(another, answer=says(60, left, 30))
        assert told == [("", Quota(60, 6, 30)), ("", Quota(60, 0, 30))]

    def test_others_are_told_of_a_refusal_and_of_what_it_is_about(self, another, told):
        with suppress(RateLimited), another.reserve(PAGE, FAR) as reserved:
            another.learn(reserved, says(10, 9, 30))
            raise refused(7)
        assert told == [("POST /v2/escalations", Quota(10, 0, 7))]

    def test_what_others_were_told_is_kept_to(self, limiter, clock):
        take(limiter, answer=says(60, 50, 30))
        limiter.hear("", Quota(60, 1, 20))
        for _ in range(2):
            take(limiter)
        assert clock.naps == [20]

    def test_what_others_were_told_allows_no_more_than_before(self, limiter, clock):
        take(limiter, answer=says(60, 1, 30))
        limiter.hear("", Quota(60, 40, 20))
        for _ in range(2):
            take(limiter)
        assert clock.naps == [30]

    def test_own_requests_that_others_may_not_have_seen_are_taken_off(
        self, limiter, clock
    ):
        with limiter.reserve(LIST, FAR), limiter.reserve(LIST, FAR):
            limiter.hear("", Quota(60, 3, 20))
            take(limiter)
            take(limiter)
        assert clock.naps == [20]

    def test_a_limit_of_an_operation_alone_may_be_told_by_others(self, limiter, clock):
        limiter.hear("POST /v2/escalations", Quota(10, 0, 20))
        take(limiter)
        take(limiter, operation=PAGE)
        assert clock.naps == [20]

    def test_a_limit_that_flows_back_evenly_may_be_told_by_others(self, limiter, clock):
        limiter.hear("", Quota(60, 0, None))
        take(limiter)
        assert clock.naps == pytest.approx([1])

    def test_background_work_leaves_a_tenth_to_people(self, limiter, clock):
        take(limiter, answer=says(100, 11, 30))
        take(limiter, background=True)
        assert clock.naps == []
        with pytest.raises(LocallyRateLimited):
            take(limiter, clock.elapsed + 20, background=True)
        for _ in range(10):
            take(limiter)
        assert clock.naps == []

    def test_a_reset_that_is_not_said_is_calculated_from_the_limit(
        self, limiter, clock
    ):
        take(limiter, answer={**says(1200, 0, 0), "X-RateLimit-Reset": "soon"})
        take(limiter)
        assert clock.naps == pytest.approx([1 / 20])


def test_the_client_raises_before_it_waits_past_the_deadline(make_api, upstream, clock):
    api = make_api(deadline=10)
    upstream.answers((200, SEVERITIES, says(1200, 0, 30)))
    api.severities.list()
    with pytest.raises(RateLimited, match="used up") as caught:
        api.severities.list()
    assert caught.value.retry_after == timedelta(seconds=30)
    assert not caught.value.outcome_unknown
    assert len(upstream.requests) == 1


def test_a_call_waits_no_longer_for_a_limit_than_the_person_does(
    make_api, upstream, clock
):
    api = make_api(deadline=25)
    upstream.answers((200, SEVERITIES, says(1200, 0, 10)))
    api.severities.list()
    with waiting_at_most(9):
        with pytest.raises(LocallyRateLimited, match="more in 10 s"):
            api.severities.list()
        assert clock.elapsed == 0
        clock.elapsed = 1
        api.severities.list()
    assert clock.elapsed == 10
    assert len(upstream.requests) == 2


def test_a_refusal_is_waited_out_no_longer_than_the_person_does(
    make_api, upstream, clock
):
    api = make_api(deadline=25)
    upstream.answers((429, {}, {"Retry-After": "10"}))
    with waiting_at_most(9), pytest.raises(RateLimited):
        api.severities.list()
    assert clock.elapsed == 0
    assert len(upstream.requests) == 1


def test_the_client_keeps_to_a_bound_of_its_own(make_api, upstream):
    api = make_api(requests_per_minute=2, deadline=10)
    upstream.answers((200, SEVERITIES, says(1200, 1199, 30)))
    api.severities.list()
    with pytest.raises(LocallyRateLimited) as caught:
        api.severities.list()
    assert caught.value.retry_after == timedelta(seconds=30)


def test_a_background_client_shares_the_limit_with_people(make_api, upstream, clock):
    api = make_api()
    sweep = api.background()
    upstream.answers((200, SEVERITIES, says(1200, 100, 20)))
    sweep.severities.list()
    sweep.severities.list()
    assert clock.elapsed == 20
    api.severities.list()
    assert clock.elapsed == 20
    assert upstream.connections == 1


def test_a_refusal_is_waited_out_by_the_next_call_too(make_api, upstream, clock):
    api = make_api(deadline=5)
    upstream.answers((429, {}, {"Retry-After": "60"}), (200, SEVERITIES))
    with pytest.raises(RateLimited):
        api.actions.create(**WRITES)
    with pytest.raises(LocallyRateLimited):
        api.severities.list()
    assert len(upstream.requests) == 1
    clock.elapsed += 60
    assert api.severities.list() == ()

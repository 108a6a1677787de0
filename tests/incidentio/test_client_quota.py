"""What the ``X-RateLimit-*`` headers say, in every form; and that it is kept to."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentio.errors import LocallyRateLimited
from incidentio.transport.operation import Operation
from incidentio.transport.quota import LONGEST_RESET, Quota, quota_in
from incidentio.transport.rate_limiter import RateLimiter
from tests.incidentio.upstream import START, Clock

LATER = START + timedelta(seconds=30)
LIST = Operation("GET", "/v1/severities")
HEADERS = [f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Used", "Reset")]


def headers(*values):
    return {n: v for n, v in zip(HEADERS, values, strict=True) if v is not None}


@pytest.mark.parametrize(
    "reset",
    [
        "30",
        str(int(LATER.timestamp())),
        str(int(LATER.timestamp() * 1000)),
        format_datetime(LATER),
        "2026-03-02T09:00:30Z",
    ],
    ids=["seconds", "unix", "milliseconds", "http", "rfc3339"],
)
def test_the_reset_is_read_in_each_form_it_may_come_in(reset):
    assert quota_in(headers("1200", "7", "1193", reset), START) == Quota(1200, 7, 30)


@pytest.mark.parametrize(
    "reset", [None, "", "soon", "0", "-3", "2001-01-01T00:00:00Z", "301", "9" * 30]
)
def test_a_reset_that_is_odd_past_or_far_away_is_not_said(reset):
    assert quota_in(headers("1200", "7", None, reset), START) == Quota(1200, 7, None)


def test_what_is_left_follows_from_what_was_used():
    assert quota_in(headers("60", None, "58", "30"), START) == Quota(60, 2, 30)


@pytest.mark.parametrize(
    "odd",
    [
        headers(None, None, None, None),
        headers("1200", None, None, "30"),
        headers(None, "7", "3", "30"),
        headers("many", "7", None, "30"),
        headers("0", "0", "0", "30"),
        headers("1200", "-1", None, "30"),
        headers("1,200", "7", None, "30"),
    ],
)
def test_headers_that_do_not_say_what_is_left_say_nothing(odd):
    assert quota_in(odd, START) is None


@given(st.tuples(*[st.none() | st.text() | st.integers().map(str)] * 4))
def test_no_headers_are_too_odd(values):
    quota = quota_in(headers(*values), START)
    if quota is not None:
        assert 0 <= quota.remaining <= quota.limit
        assert quota.reset is None or 0 < quota.reset <= LONGEST_RESET


class Window:
    """A service that allows ``limit`` requests until its next reset."""

    def __init__(self, limit, clock):
        self.limit, self.clock, self.left = limit, clock, limit
        self.resets_at = 59.5

    def pass_time(self):
        while self.clock.elapsed >= self.resets_at:
            self.resets_at += 60
            self.left = self.limit

    @property
    def resets_in(self):
        """Seconds, rounded up as a Unix time would be."""
        return ceil(self.resets_at - self.clock.elapsed)

    def use(self):
        """Take one request, and return the answer's headers; None is a refusal."""
        self.pass_time()
        if self.left < 1:
            return None
        self.left -= 1
        left = int(self.left)
        return headers(
            str(self.limit), str(left), str(self.limit - left), str(self.resets_in)
        )


class Leak(Window):
    """A service whose limit flows back evenly; the reset is when all of it is there."""

    def __init__(self, limit, clock):
        super().__init__(limit, clock)
        self.as_of = 0.0

    def pass_time(self):
        flowed = (self.clock.elapsed - self.as_of) * self.limit / 60
        self.left = min(float(self.limit), self.left + flowed)
        self.as_of = self.clock.elapsed

    @property
    def resets_in(self):
        return (self.limit - self.left) * 60 / self.limit


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "send", "arrive", "answer", "pass"]),
        st.integers(0, 5),
    ),
    min_size=20,
    max_size=100,
)
"""What happens next, and to which request, or for how many seconds."""


class Conversation:
    """Requests under way at once, whose arrivals and answers come in any order."""

    def __init__(self, service, clock):
        self.service, self.clock = service, clock
        self.limiter = RateLimiter(
            now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep
        )
        self.sent, self.arrived = [], []
        for step in ("send", "arrive", "answer"):
            self.step(step, 0)

    def step(self, step, value):
        match step:
            case "send":
                self.send()
            case "arrive" if self.sent:
                request = self.sent.pop(value % len(self.sent))
                answer = self.service.use()
                assert answer is not None, "more was sent than was left"
                self.arrived.append((*request, answer))
            case "answer" if self.arrived:
                reserved, context, answer = self.arrived.pop(value % len(self.arrived))
                self.limiter.learn(reserved, answer)
                context.__exit__(None, None, None)
            case "pass":
                self.clock.elapsed += value * 0.7

    def send(self):
        """Send a request if it may be sent at once."""
        context = self.limiter.reserve(LIST, self.clock.elapsed)
        with suppress(LocallyRateLimited):
            self.sent.append((context.__enter__(), context))


@pytest.mark.parametrize("kind", [Window, Leak])
@given(limit=st.integers(1, 5), steps=STEPS)
@settings(max_examples=4 * settings.default.max_examples)
def test_never_is_more_sent_than_was_left(kind, limit, steps):
    clock = Clock()
    conversation = Conversation(kind(limit, clock), clock)
    for step in steps:
        conversation.step(*step)
    while conversation.sent or conversation.arrived:
        conversation.step("arrive", 0)
        conversation.step("answer", 0)
    clock.elapsed += 60
    conversation.send()
    assert conversation.sent


@given(
    limit=st.integers(1, 2000),
    left=st.integers(0, 3),
    reset=st.floats(0.001, LONGEST_RESET),
    background=st.booleans(),
)
def test_no_wait_is_longer_than_the_reset_says(limit, left, reset, background):
    clock = Clock()
    limiter = RateLimiter(now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep)
    left = min(left, limit - 1)
    with limiter.reserve(LIST, 0.0) as reserved:
        limiter.learn(reserved, headers(str(limit), str(left), None, f"{reset:.6f}"))
    for _ in range(0 if background else left):
        with limiter.reserve(LIST, 0.0):
            pass
    with limiter.reserve(LIST, reset + 1, background=background):
        pass
    assert clock.elapsed <= reset + 1e-3


@given(per_minute=st.integers(30, 1200), waits=st.lists(st.floats(0, 20), max_size=50))
def test_a_bound_of_ones_own_holds_whatever_answers_allow(per_minute, waits):
    clock = Clock()
    limiter = RateLimiter(
        now=clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        per_minute=per_minute,
    )
    sent = 0
    for wait in waits:
        clock.elapsed += wait
        for _ in range(10):
            with limiter.reserve(LIST, 1e9) as reserved:
                limiter.learn(reserved, headers("5000", "4999", "1", "1"))
            sent += 1
        assert sent <= per_minute // 12 + clock.elapsed * per_minute / 60 + 1


def test_what_cannot_be_sent_in_time_is_refused_without_waiting():
    clock = Clock()
    limiter = RateLimiter(now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep)
    with limiter.reserve(LIST, 0.0) as reserved:
        limiter.learn(reserved, headers("60", "0", "60", "30"))
    with pytest.raises(LocallyRateLimited), limiter.reserve(LIST, 29.0):
        pass
    assert clock.naps == []

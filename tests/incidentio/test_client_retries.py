"""What is made again, what never is, and when to give up."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from email.utils import format_datetime

import pytest

from incidentio.errors import (
    NotFound,
    RateLimited,
    ServerError,
    Unreachable,
)
from tests.incidentio.samples import ACTION, SEVERITIES, WRITES, call, refusal
from tests.incidentio.upstream import START, drop, page_of_html, truncate


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
def test_a_throttled_call_is_made_again_after_the_wait_named(
    api, upstream, clock, verb
):
    upstream.answers((429, refusal(), {"Retry-After": "7"}), (200, {"action": ACTION}))
    call(api, verb)
    assert len(upstream.requests) == 2
    assert 7 < sum(clock.naps) < 8


@pytest.mark.parametrize(
    "write",
    [
        format_datetime,
        "{:%a, %d %b %Y %H:%M:%S} UTC".format,
        "{:%Y-%m-%dT%H:%M:%S.000Z}".format,
    ],
)
@pytest.mark.parametrize("where", ["header", "body"])
def test_the_wait_is_read_in_each_form_it_comes_in(api, upstream, clock, where, write):
    moment = write(START + timedelta(seconds=9))
    headers = {"Retry-After": moment} if where == "header" else {}
    limit = {"name": "api", "retry_after": moment if where == "body" else None}
    upstream.answers((429, refusal(rate_limit=limit), headers), SEVERITIES)
    api.severities.list()
    assert 9 < sum(clock.naps) < 10


@pytest.mark.parametrize("named", ["3600", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_past_the_deadline_is_raised_at_once(api, upstream, clock, named):
    upstream.answers((429, refusal(), {"Retry-After": named}))
    with pytest.raises(RateLimited) as caught:
        api.severities.list()
    assert caught.value.retry_after >= timedelta(hours=1)
    assert clock.naps == []
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("named", ["soon", "-5", "Thu, 99 Foo", "2001-01-01T00:00:00Z"])
def test_an_odd_or_past_wait_is_a_short_one(api, upstream, clock, named):
    upstream.answers((429, refusal(), {"Retry-After": named}), SEVERITIES)
    api.severities.list()
    assert 0 < sum(clock.naps) < 1


def test_throttling_that_does_not_end_is_raised(api, upstream):
    upstream.answers((429, {}))
    with pytest.raises(RateLimited):
        api.severities.list()
    assert len(upstream.requests) == 4


@pytest.mark.parametrize("status", [502, 503, 504])
def test_reads_and_replacements_are_repeated_when_a_gateway_fails(
    api, upstream, status
):
    for verb in ("GET", "PUT", "DELETE"):
        upstream.answers(page_of_html(status), (200, {"action": ACTION}))
        call(api, verb)
    assert len(upstream.requests) == 6


@pytest.mark.parametrize("failure", [drop, (503, {}), page_of_html(502)])
def test_a_post_without_a_key_is_never_repeated_when_it_may_have_worked(
    api, upstream, failure
):
    upstream.answers(failure)
    with pytest.raises((Unreachable, ServerError)) as caught:
        api.actions.create(**WRITES)
    assert caught.value.outcome_unknown
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("failure", [drop, (503, {}), truncate])
def test_a_post_with_a_key_is_repeated_with_the_same_body(api, upstream, failure):
    update = {"id": "U", "incident_id": "I"}
    upstream.answers(failure, (201, {"incident_update": update}))
    api.updates.create(idempotency_key="k", incident_id="I", message="Hello")
    first, second = upstream.requests
    assert first.body == second.body


def test_a_read_that_gets_no_answer_changes_nothing(api, upstream):
    upstream.answers(drop)
    with pytest.raises(Unreachable) as caught:
        api.severities.list()
    assert caught.value.sent
    assert not caught.value.outcome_unknown


def test_nobody_listening_is_certainly_not_sent_and_tried_again(make_api):
    heard = []
    api = make_api(
        base_url=f"http://127.0.0.1:{free_port()}",
        on_request=lambda *a: heard.append(a),
    )
    with pytest.raises(Unreachable, match="cannot be reached") as caught:
        api.actions.create(**WRITES)
    assert not caught.value.sent
    assert not caught.value.outcome_unknown
    assert len(heard) == 4


def test_a_name_that_cannot_be_looked_up_is_unreachable(make_api):
    api = make_api(base_url="http://nobody.invalid")
    with pytest.raises(Unreachable) as caught:
        api.actions.create(**WRITES)
    assert not caught.value.sent


def test_silence_ends_with_the_read_timeout(make_api, upstream):
    upstream.answers(upstream.hang)
    with pytest.raises(Unreachable, match="in time") as caught:
        make_api(read_timeout=0.05).actions.create(**WRITES)
    assert caught.value.sent


def test_silence_is_repeated_only_once(make_api, upstream):
    upstream.answers(upstream.hang)
    with pytest.raises(Unreachable):
        make_api(read_timeout=0.05).severities.list()
    assert len(upstream.requests) == 2


def test_an_answer_that_trickles_in_ends_with_the_deadline(make_api, upstream):
    upstream.answers(upstream.trickle)
    api = make_api(deadline=0.3, monotonic=time.monotonic, sleep=no_sleep)
    with pytest.raises(Unreachable, match="in time"):
        api.actions.create(**WRITES)


def test_what_one_attempt_left_open_stays_open(make_api, upstream):
    upstream.answers(drop, (429, {}, {"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as caught:
        make_api().updates.create(idempotency_key="k", incident_id="I", message="!")
    assert caught.value.outcome_unknown


def test_deleting_again_what_the_first_attempt_deleted_is_done(api, upstream):
    upstream.answers(drop, (404, refusal()))
    api.actions.delete("A")
    assert len(upstream.requests) == 2


def test_deleting_what_is_not_there_is_said(api, upstream):
    upstream.answers((404, refusal()))
    with pytest.raises(NotFound):
        api.actions.delete("A")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def no_sleep(seconds):
    """Repeat at once."""

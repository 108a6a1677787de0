"""What an answer means: a model, or one of the errors."""

from __future__ import annotations

import pytest

from incidentio.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    ServerError,
    Unauthorized,
    Unexpected,
)
from tests.incidentio.samples import SEVERITIES, WRITES, refusal
from tests.incidentio.upstream import truncate


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Invalid),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (422, Invalid),
        (500, ServerError),
    ],
)
def test_a_refusal_is_raised_with_all_that_was_said(api, upstream, status, error):
    upstream.answers((status, refusal()))
    with pytest.raises(error) as caught:
        api.actions.create(**WRITES)
    raised = caught.value
    assert (raised.status, raised.request_id, raised.type) == (
        status,
        "req-1",
        "some_error",
    )
    assert raised.problems == (Problem("boom", "Because.", "name"),)
    assert raised.outcome_unknown is (status == 500)
    assert str(raised) == "Because."
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"errors": None},
        {"errors": ["boom", {"source": "?"}]},
        {"errors": {"code": "?"}, "rate_limit": "?"},
    ],
)
def test_a_refusal_of_any_shape_is_still_that_refusal(api, upstream, body):
    upstream.answers((422, body))
    with pytest.raises(Invalid, match="HTTP 422"):
        api.actions.create(**WRITES)


@pytest.mark.parametrize("status", [200, 301, 302, 404])
def test_a_web_page_where_json_should_be_is_unexpected(api, upstream, status):
    upstream.answers(
        (status, b"<html>", {"Content-Type": "text/html", "Location": "/"})
    )
    with pytest.raises(Unexpected, match="text/html") as caught:
        api.severities.list()
    assert caught.value.status == status
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b"{", b"\xff\xfe", b"", b'{"severities": {"id": 1}}',
             b'{"severities": [{"id": "S"}]}', b'{"severities": 4}', b"[" * 100_000]
)  # fmt: skip
def test_json_of_the_wrong_shape_is_unexpected(api, upstream, body):
    upstream.answers((200, body))
    with pytest.raises(Unexpected) as caught:
        api.severities.list()
    assert caught.value.status == 200
    assert not caught.value.outcome_unknown


def test_an_answer_cut_short_is_asked_for_again(api, upstream):
    upstream.answers(truncate, SEVERITIES)
    assert api.severities.list() == ()


def test_an_answer_that_cannot_be_unpacked_is_unexpected(api, upstream):
    upstream.answers((200, b"not gzip", {"Content-Encoding": "gzip"}))
    with pytest.raises(Unexpected):
        api.severities.list()


def test_an_unreadable_answer_to_a_change_leaves_its_outcome_open(api, upstream):
    upstream.answers((201, {"action": {"id": "A"}}))
    with pytest.raises(Unexpected, match=r"action .*incident_id") as caught:
        api.actions.create(**WRITES)
    assert caught.value.outcome_unknown


@pytest.mark.parametrize("reply", [(204, b""), (200, b""), (200, {})])
def test_a_deletion_needs_no_words(api, upstream, reply):
    upstream.answers(reply)
    api.actions.delete("A")

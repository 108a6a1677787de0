"""What was changed is known, whatever fails afterwards."""

from __future__ import annotations

from threading import Thread

import pytest

from incidentio.errors import Invalid, Withheld
from incidentio.transport.write_tracker import tracking_writes
from tests.incidentio.samples import ACTION, call, refusal
from tests.incidentio.upstream import drop


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_change_that_was_made_is_noted(api, upstream, verb):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes() as tracker:
        assert not tracker.wrote
        call(api, verb)
    assert tracker.wrote
    assert api.changes == api.background().changes == 1


def test_reading_is_no_change(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes() as tracker:
        call(api, "GET")
    assert not tracker.wrote
    assert api.changes == 0


def test_what_was_refused_is_no_change(api, upstream):
    upstream.answers((422, refusal()))
    with tracking_writes() as tracker, pytest.raises(Invalid):
        call(api, "POST")
    assert not tracker.wrote


def test_what_a_repetition_finds_deleted_was_deleted(api, upstream):
    upstream.answers(drop, (404, refusal()))
    with tracking_writes() as tracker:
        call(api, "DELETE")
    assert tracker.wrote


def test_others_changes_are_theirs(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes() as tracker:
        other = Thread(target=call, args=(api, "POST"))
        other.start()
        other.join()
    assert not tracker.wrote


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_change_that_is_not_allowed_any_more_does_not_leave(api, upstream, verb):
    upstream.answers((200, {"action": ACTION}))
    with tracking_writes(lambda: False) as tracker:
        with pytest.raises(Withheld):
            call(api, verb)
        call(api, "GET")
    assert not tracker.wrote
    assert [request.method for request in upstream.requests] == ["GET"]

"""What was changed is known, whatever fails afterwards."""

from __future__ import annotations

from threading import Thread

import pytest

from incidentio.errors import Invalid
from incidentio.written import noting
from tests.incidentio.samples import ACTION, call, refusal
from tests.incidentio.upstream import drop


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_change_that_was_made_is_noted(api, upstream, verb):
    upstream.answers((200, {"action": ACTION}))
    with noting() as written:
        assert not written.made
        call(api, verb)
    assert written.made
    assert api.changes == api.background().changes == 1


def test_reading_is_no_change(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    with noting() as written:
        call(api, "GET")
    assert not written.made
    assert api.changes == 0


def test_what_was_refused_is_no_change(api, upstream):
    upstream.answers((422, refusal()))
    with noting() as written, pytest.raises(Invalid):
        call(api, "POST")
    assert not written.made


def test_what_a_repetition_finds_deleted_was_deleted(api, upstream):
    upstream.answers(drop, (404, refusal()))
    with noting() as written:
        call(api, "DELETE")
    assert written.made


def test_others_changes_are_theirs(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    with noting() as written:
        other = Thread(target=call, args=(api, "POST"))
        other.start()
        other.join()
    assert not written.made

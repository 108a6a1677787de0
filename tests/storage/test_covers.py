"""Of those who take the same hours at once, one gets them; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.covers import (
    ABANDONED,
    KEPT,
    OPEN,
    CoverRequest,
    Covers,
    Take,
    key_of,
)
from storage.notices import Notice
from storage.rules import Rules
from tests.clock import MONDAY

HOUR = timedelta(hours=1)
REQUEST = CoverRequest(
    id="request",
    asker="U0HANA",
    schedule_id="S",
    rotation_id="R",
    layer_id="L",
    start_at=MONDAY,
    end_at=MONDAY + 4 * HOUR,
    created_at=MONDAY,
    expires_at=MONDAY + 2 * HOUR,
    state=OPEN,
    people={"U0IVO": {"user_id": "I", "busy": []}},
    takes=[],
    version=1,
)


@pytest.fixture
def covers(database, now):
    stored = Covers(database)
    stored.ask(REQUEST, [], now())
    return stored


def take(by, first=0, last=4, at=MONDAY):
    return Take(by, MONDAY + first * HOUR, MONDAY + last * HOUR, at)


def test_of_ten_at_once_one_gets_them(covers):
    with ThreadPoolExecutor(10) as pool:
        tried = [take(f"U{number}") for number in range(10)]
        found = list(pool.map(lambda one: covers.reserve("request", one), tried))

    assert len([got for got, _ in found if got]) == 1
    assert len(covers.get("request").taken) == 1


def test_hours_beside_each_other_go_to_both(covers):
    assert covers.reserve("request", take("U1", 0, 2))[1]
    assert covers.reserve("request", take("U2", 2, 4))[1]
    assert covers.reserve("request", take("U3", 1, 3)) == (None, False)


def test_who_tries_again_has_them_still(covers):
    mine, fresh = covers.reserve("request", take("U1"))
    assert fresh
    later = take("U1", at=MONDAY + HOUR)
    assert covers.reserve("request", later) == (mine, False)


def test_what_was_let_go_or_abandoned_is_free(covers, now):
    mine, _ = covers.reserve("request", take("U1"))
    covers.settle("request", mine, now(), made=False)
    assert covers.reserve("request", take("U2"))[1]
    late = MONDAY + ABANDONED
    assert covers.reserve("request", take("U3", at=late))[1]
    assert [one.by for one in covers.get("request").taken] == ["U3"]


def test_what_is_made_stays(covers, now):
    mine, _ = covers.reserve("request", take("U1"))
    covers.settle("request", mine, now(), made=True)
    late = MONDAY + ABANDONED
    assert covers.reserve("request", take("U2", at=late)) == (None, False)
    assert covers.get("request").taken == [replace(mine, made=True)]


def test_nothing_is_taken_once_it_is_over(covers, now):
    late = take("U1", at=REQUEST.expires_at)
    assert covers.reserve("request", late) == (None, False)
    covers.withdraw("request", now())
    assert covers.reserve("request", take("U1")) == (None, False)
    assert covers.reserve("another", take("U1")) == (None, False)


def test_a_request_is_stored_once_with_what_is_to_be_said(database, covers, now):
    notice = Notice(f"{key_of('new')}ask/U1", "U1", now(), {"request": "new"})
    asked = replace(REQUEST, id="new")
    covers.ask(asked, [notice], now())
    again = covers.ask(replace(asked, asker="U9"), [notice], now())

    assert again.asker == "U0HANA"
    rules = Rules(database, now, lambda _, after: after)
    assert len(rules.history("cover")) == 1


def test_an_old_request_is_forgotten(covers, now):
    late = REQUEST.end_at + KEPT + HOUR
    covers.ask(replace(REQUEST, id="new"), [], late)
    assert covers.get("request") is None


def test_only_who_was_asked_declines(covers, now):
    assert covers.decline("request", "U1", now()) is None
    assert covers.decline("request", "U0IVO", now()).colleagues["U0IVO"].answer


def test_one_worker_at_a_time_edits_the_messages(covers):
    lease = covers.claim(covers.get("request"))
    assert covers.claim(covers.get("request")) is None
    covers.release(covers.get("request"), lease)
    assert covers.claim(covers.get("request"))


def test_only_who_holds_the_lease_notes_what_a_message_shows(database, covers, now):
    notice = Notice(f"{key_of('new')}ask/U1", "U1", now(), {"request": "new"})
    request = covers.ask(replace(REQUEST, id="new"), [notice], now())
    rules = Rules(database, now, lambda _, after: after)
    (slot,) = rules.history("cover")
    drawn = replace(slot, shown={"drawn": "1"})
    lease = covers.claim(request)

    assert covers.record_drawn(request, lease, drawn)
    covers.release(request, lease)
    assert not covers.record_drawn(request, lease, replace(slot, shown={}))
    assert rules.history("cover")[0].shown == {"drawn": "1"}

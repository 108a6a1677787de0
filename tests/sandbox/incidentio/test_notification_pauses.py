"""Who is not notified on call, in the stand-in."""

from datetime import timedelta

import pytest

PATH = "/v2/on_call_notification_pauses"


@pytest.fixture
def paused(incidentio, clock):
    store = incidentio.store
    users = [user["id"] for user in store.users][:3]
    return [
        store.pause_notifications(user, clock() + timedelta(hours=number + 1))
        for number, user in enumerate(users)
    ]


def shown(answer):
    return [pause["id"] for pause in answer.json()["on_call_notification_pauses"]]


def test_those_that_are_not_over_are_listed_in_pages(call, paused, clock):
    clock.advance(hours=1)
    first = call("GET", PATH, page_size="1")
    after = first.json()["pagination_meta"]["after"]
    second = call("GET", PATH, page_size="1", after=after)
    ids = [pause["id"] for pause in paused]
    assert shown(first) + shown(second) == ids[1:]


def test_others_by_their_period(call, paused, clock):
    start = clock()
    clock.advance(days=1)
    assert shown(call("GET", PATH)) == []
    period = {"from": start.isoformat(), "to": (start + timedelta(hours=9)).isoformat()}
    assert len(shown(call("GET", PATH, **period))) == 3
    assert call("GET", PATH, **{"from": "soon"}).status_code == 422


def test_it_takes_a_role(call, incidentio):
    incidentio.key.roles -= {"on_call_viewer", "on_call_editor"}
    assert call("GET", PATH).status_code == 403

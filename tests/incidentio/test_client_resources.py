"""What each resource sends, and how it reads what comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from incidentio import Action, FollowUp
from incidentio.errors import ServerError, Unexpected
from incidentio.severities import Severities
from incidentio.transport.query import filters, plain, rfc3339
from tests.incidentio.samples import refusal
from tests.incidentio.test_client_contract import NOON, SCHEDULE, SINCE
from tests.incidentio.upstream import send

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATUS = {"id": "T", "name": "Fixing", "category": "live"}
INCIDENT = {
    "id": "I",
    "reference": "INC-12",
    "name": "Broken",
    "visibility": "public",
    "incident_status": STATUS,
}
ACTION = {"id": "A", "incident_id": "I", "description": "Go", "status": "outstanding"}
FOLLOW_UP = {
    "id": "F",
    "incident_id": "I",
    "title": "Fix",
    "status": "outstanding",
    "description": "Soon",
    "assignee": {"id": "U", "name": "Ana"},
    "assignee_team": {"id": "T", "name": "Platform"},
    "priority": {"id": "P", "name": "Urgent", "rank": 1},
    "category": {"id": "C", "name": "Process", "rank": 1},
    "labels": ["a", "b"],
}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"status_category": "live"}, ["status_category[one_of]=live"]),
        (
            {"mode": ["standard", "test"]},
            ["mode[one_of]=standard", "mode[one_of]=test"],
        ),
        ({"status": {"not_in": ["a", "b"]}}, ["status[not_in]=a", "status[not_in]=b"]),
        ({"updated_at": NINE}, ["updated_at[gte]=2026-03-02T09:00:00Z"]),
        ({"updated_at": {"lte": NINE}}, ["updated_at[lte]=2026-03-02T09:00:00Z"]),
        ({"incident_role": {"R": {"is_set": True}}}, ["incident_role[R][is_set]=true"]),
        ({"severity": None, "mode": [], "status": {}}, []),
    ],
)
def test_filters_are_written_with_their_operators(given, sent):
    assert [f"{name}={value}" for name, value in filters(given)] == sent


def test_moments_are_written_in_utc_and_none_is_left_out():
    lisbon = datetime(2026, 7, 1, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert rfc3339(lisbon) == "2026-07-01T09:00:00.000005Z"
    assert plain(a=None, b=False, c=3) == [("b", "false"), ("c", "3")]


def test_a_page_of_incidents_knows_the_next_and_the_total(api, upstream):
    meta = {"after": "I", "page_size": 1, "total_record_count": 7}
    upstream.answers((200, {"incidents": [INCIDENT], "pagination_meta": meta}))
    page = api.incidents.page(after="H", page_size=1, status_category=["live"])
    assert (page.items[0].number, page.after, page.total) == (12, "I", 7)
    assert upstream.last.query == [
        ("status_category[one_of]", "live"),
        ("page_size", "1"),
        ("after", "H"),
    ]


def test_the_last_page_has_no_next(api, upstream):
    upstream.answers((200, {"incidents": []}))
    page = api.incidents.page()
    assert (page.items, page.after, page.total) == ((), None, None)


def test_an_edit_sends_what_is_given_and_nothing_else(api, upstream):
    upstream.answers((200, {"incident": INCIDENT}))
    api.incidents.edit("I", notify_incident_channel=False, summary=None)
    assert upstream.last.body == {
        "incident": {"summary": ""},
        "notify_incident_channel": False,
    }


def test_a_role_is_taken_away_and_a_field_cleared(api, upstream):
    upstream.answers((200, {"incident": INCIDENT}))
    api.incidents.edit(
        "I",
        notify_incident_channel=True,
        incident_role_assignments=[{"incident_role_id": "R", "assignee": None}],
        custom_field_entries=[{"custom_field_id": "F", "values": []}],
        incident_timestamp_values=[{"incident_timestamp_id": "T", "value": NINE}],
    )
    assert upstream.last.body["incident"] == {
        "incident_role_assignments": [{"incident_role_id": "R"}],
        "custom_field_entries": [{"custom_field_id": "F", "values": []}],
        "incident_timestamp_values": [
            {"incident_timestamp_id": "T", "value": "2026-03-02T09:00:00Z"}
        ],
    }


def test_completing_a_follow_up_loses_nothing_else(api, upstream):
    upstream.answers((200, {"follow_up": FOLLOW_UP}))
    api.follow_ups.update(FollowUp.model_validate(FOLLOW_UP), status="completed")
    assert upstream.last.method == "PUT"
    assert upstream.last.body == {
        "title": "Fix",
        "status": "completed",
        "description": "Soon",
        "assignee_id": "U",
        "assignee_team_id": "T",
        "follow_up_priority_option_id": "P",
        "follow_up_category_id": "C",
        "labels": ["a", "b"],
    }


def test_unassigning_says_so(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    current = Action.model_validate({**ACTION, "assignee": {"id": "U", "name": "Ana"}})
    api.actions.update(current, assignee_id=None)
    assert upstream.last.body == {
        "description": "Go",
        "status": "outstanding",
        "assignee_id": None,
    }


def test_what_the_answer_did_not_have_is_not_made_up(api, upstream):
    upstream.answers((200, {"action": ACTION}))
    api.actions.update(Action.model_validate(ACTION), status="not_doing")
    assert upstream.last.body == {"description": "Go", "status": "not_doing"}


def test_what_could_not_be_read_is_not_replaced(api, upstream):
    current = FollowUp.model_validate({**FOLLOW_UP, "priority": ["urgent"]})
    with pytest.raises(Unexpected, match="priority could not be read"):
        api.follow_ups.update(current, status="completed")
    assert upstream.requests == []
    upstream.answers((200, {"follow_up": FOLLOW_UP}))
    api.follow_ups.update(current, follow_up_priority_option_id="P2")


def test_entries_follow_the_cursor_and_count_a_shift_once(api, upstream):
    first, second, third = shift(9, 12), shift(12, 15), shift(15, 18)
    upstream.answers(entries([first, second], after="opaque"), entries([second, third]))
    shown = api.schedules.list_entries("D", NINE, NINE + timedelta(hours=9))
    assert [entry.start_at.hour for entry in shown.final] == [9, 12, 15]
    assert [entry.start_at.hour for entry in shown.overrides] == [9, 12, 15]
    assert upstream.requests[0].query == [
        ("schedule_id", "D"),
        ("entry_window_start", "2026-03-02T09:00:00Z"),
        ("entry_window_end", "2026-03-02T18:00:00Z"),
    ]
    assert dict(upstream.last.query)["entry_window_start"] == "opaque"
    assert dict(upstream.last.query)["entry_window_end"] == "2026-03-02T18:00:00Z"


def test_schedules_come_in_pages_small_enough_to_hold_the_next_shift(api, upstream):
    upstream.answers((200, {"schedules": []}))
    assert list(api.schedules.list()) == []
    assert upstream.last.query == [("page_size", "25")]


def shift(start, end):
    hours = {"start_at": NINE.replace(hour=start), "end_at": NINE.replace(hour=end)}
    return {name: moment.isoformat() for name, moment in hours.items()}


def entries(shifts, after=None):
    body = {"schedule_entries": {"final": shifts, "overrides": shifts}}
    if after:
        body["pagination_meta"] = {"after": after, "after_url": "https://…"}
    return 200, body


def test_a_resource_is_bound_where_it_is_declared_and_usable_where_it_is_not(
    api, upstream
):
    upstream.answers((200, {"severities": []}))
    assert isinstance(api.severities, Severities)
    assert Severities(api).list() == api.background().severities.list() == ()


BROKEN = {
    "escalation": {
        "id": "E",
        "title": "Down",
        "status": "triggered",
        "created_at": "2026-03-02T12:00:00Z",
        "updated_at": "2026-03-02T12:00:00Z",
        "related_incidents": [{"id": "I", "reference": "INC-1", "name": "Secret"}],
    }
}


def test_an_escalation_of_which_nobody_knows_whether_it_is_private_is_not_read(
    api, upstream
):

    upstream.answers(lambda handler: send(handler, 200, BROKEN))
    with pytest.raises(Unexpected):
        api.escalations.show("E")


def test_asking_for_permissions_is_no_change_and_can_be_repeated(api, upstream):
    answers = iter([(503, refusal()), (200, {"response_options": []})])
    upstream.answers(lambda handler: send(handler, *next(answers)))

    assert api.escalations.check_permissions("E", ["U"]) == ()
    assert api.changes == 0


def test_an_answer_to_a_page_is_not_repeated_when_nobody_knows_what_came_of_it(
    api, upstream
):

    upstream.answers(lambda handler: send(handler, 503, refusal()))
    with pytest.raises(ServerError):
        api.escalations.respond("E", "ack")
    assert len(upstream.requests) == 1


def test_a_preview_that_fails_leaves_nothing_in_doubt(api, upstream):
    upstream.answers((500, {}))
    with pytest.raises(ServerError) as raised:
        api.schedules.preview("D", SCHEDULE, SINCE, NOON)
    assert not raised.value.outcome_unknown
    assert api.changes == 0

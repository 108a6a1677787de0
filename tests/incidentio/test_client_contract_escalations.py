"""The requests about escalations, judged by the contract."""

import pytest

from incidentio.errors import ServerError, Unexpected
from tests.incidentio.samples import refusal
from tests.incidentio.test_client_contract import NOON, SINCE
from tests.incidentio.upstream import send

CALLS = {
    "list": lambda api: list(
        api.escalations.list(
            path="P",
            status=["triggered", "pending"],
            created_since=SINCE,
            updated_since=SINCE,
            idempotency_key="k",
        )
    ),
    "page": lambda api: api.escalations.page(after="E", page_size=25, status="acked"),
    "show": lambda api: api.escalations.show("E"),
    "create by path": lambda api: api.escalations.create(
        idempotency_key="k",
        title="Down",
        description="All of it",
        escalation_path_id="P",
        incident_id="I",
    ),
    "create directly": lambda api: api.escalations.create(
        idempotency_key="k", title="Down", user_ids=["U"]
    ),
    "cancel": lambda api: api.escalations.cancel("E"),
    "check_permissions": lambda api: api.escalations.check_permissions("E", ["U"]),
    "reassign": lambda api: api.escalations.reassign(
        "E",
        escalation_path_id="P",
        title="Down",
        description="Wrong team",
        resolve_original=False,
    ),
    "reassign directly": lambda api: api.escalations.reassign("E", user_ids=["U"]),
    "acknowledge": lambda api: api.escalations.respond("E", "ack"),
    "snooze": lambda api: api.escalations.respond(
        "E", "snooze", until=NOON, reason="Deploying"
    ),
}


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

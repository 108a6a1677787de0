"""The vendor's own client pages people, and answers pages, on the stand-in."""

from datetime import timedelta

import pytest

from tests.sandbox.incidentio.asking import ask, first, models


@pytest.fixture
def payments(org):
    return next(p for p in org.escalation_paths if p["name"] == "Payments")


@pytest.fixture
def page(sdk, payments):
    def send(key="once", **more):
        more = more or {"escalation_path_id": payments["id"]}
        draft = models.EscalationsCreatePayloadV2(
            idempotency_key=key, title="Card payments fail", **more
        )
        answer = ask(sdk, "escalations_v2.create", expect=201, body=draft)
        return answer.escalation

    return send


@pytest.fixture
def show(sdk):
    return lambda id_: ask(sdk, "escalations_v2.show", id_).escalation


def user_id(org, handle):
    return org.user(field="email", value=f"{handle}@acme.example")["id"]


def happened(escalation):
    return [str(event.event) for event in escalation.events]


def test_a_page_goes_from_level_to_level_until_it_expires(page, show, clock, org):
    made = page()
    assert (str(made.status), happened(made)) == (
        "triggered",
        ["triggered", "notified_users"],
    )
    assert [u.name for u in made.events[1].users] == ["Jo Smith"]
    clock.advance(minutes=5)
    later = show(made.id)
    assert [u.name for u in later.events[2].users] == ["Ben Okafor"]
    assert later.updated_at == clock()
    clock.advance(minutes=10)
    assert str(show(made.id).status) == "expired"


def test_the_same_key_is_answered_with_the_same_escalation(page, org):
    many = len(org.escalations)
    assert page().id == page().id
    assert len(org.escalations) == many + 1


def test_a_path_or_people_but_not_both(sdk, payments, org):
    for target in (
        {},
        {"escalation_path_id": payments["id"], "user_ids": [user_id(org, "ben")]},
    ):
        draft = models.EscalationsCreatePayloadV2(
            idempotency_key="x", title="Down", **target
        )
        ask(sdk, "escalations_v2.create", expect=422, body=draft)


def answering(how, **more):
    response = models.EscalationsRespondEscalationPayloadV2Response(how)
    return models.EscalationsRespondEscalationPayloadV2(response=response, **more)


def test_a_key_acknowledges_in_its_own_name_and_cannot_decline(sdk, page, show):
    made = page()
    nack = answering("nack")
    ask(sdk, "escalations_v2.respond_escalation", made.id, expect=422, body=nack)
    ack = answering("ack")
    ask(sdk, "escalations_v2.respond_escalation", made.id, expect=204, body=ack)
    done = show(made.id)
    assert (str(done.status), happened(done)[-1]) == ("acked", "acked")
    assert not done.events[-1].users
    ask(sdk, "escalations_v2.respond_escalation", made.id, expect=422, body=ack)


def test_a_snoozed_page_comes_again(sdk, page, show, clock):
    made = page()
    details = models.EscalationRespondSnoozeDetailsPayloadV2(
        snooze_until=clock() + timedelta(minutes=30)
    )
    body = answering("snooze", snooze_details=details)
    ask(sdk, "escalations_v2.respond_escalation", made.id, expect=204, body=body)
    clock.advance(minutes=29)
    assert str(show(made.id).status) == "snoozed"
    clock.advance(minutes=1)
    again = show(made.id)
    assert str(again.status) == "triggered"
    assert happened(again)[-2:] == ["triggered", "notified_users"]


def test_what_was_cancelled_pages_nobody_else(sdk, page, show, clock):
    made = page()
    ask(sdk, "escalations_v2.cancel_escalation", made.id)
    ask(sdk, "escalations_v2.cancel_escalation", made.id)
    clock.advance(hours=1)
    assert happened(show(made.id)) == ["triggered", "notified_users", "cancelled"]


def test_what_has_expired_cannot_be_cancelled(sdk, page, clock):
    made = page()
    clock.advance(hours=1)
    ask(sdk, "escalations_v2.cancel_escalation", made.id, expect=422)


def test_only_who_was_paged_can_answer(sdk, page, org):
    made = page()
    jo, ben = user_id(org, "jo"), user_id(org, "ben")
    body = models.EscalationsCheckEscalationPermissionsPayloadV2(user_ids=[jo, ben])
    answer = ask(sdk, "escalations_v2.check_escalation_permissions", made.id, body=body)
    can = {
        o.user_id: [str(a) for a in o.available_actions]
        for o in answer.response_options
    }
    assert can == {jo: ["ack", "nack", "snooze"], ben: []}


def test_an_escalation_is_reassigned_once(sdk, page, show, org):
    made = page()
    body = models.EscalationsReassignEscalationPayloadV2(
        user_ids=[user_id(org, "gus")], description="Wrong team"
    )
    new = ask(
        sdk, "escalations_v2.reassign_escalation", made.id, expect=201, body=body
    ).escalation
    assert (new.title, str(show(made.id).status)) == (made.title, "resolved")
    assert [u.name for u in new.events[1].users] == ["Gus Lindqvist"]
    ask(sdk, "escalations_v2.reassign_escalation", made.id, expect=422, body=body)


def test_lists_are_filtered_as_the_vendor_writes_it(sdk, page, clock, payments):
    made = page()
    key, path, status = (
        models.EscalationsV2ListIdempotencyKey(),
        models.EscalationsV2ListEscalationPath(),
        models.EscalationsV2ListStatus(),
    )
    key["is"], path["one_of"], status["not_in"] = ["once"], [payments["id"]], ["acked"]
    found = ask(
        sdk,
        "escalations_v2.list",
        idempotency_key=key,
        escalation_path=path,
        status=status,
    )
    assert [e.id for e in found.escalations] == [made.id]
    clock.advance(hours=1)
    changed = models.EscalationsV2ListUpdatedAt()
    changed["gte"] = [clock().isoformat()]
    assert ask(sdk, "escalations_v2.list", updated_at=changed).escalations == []


def test_for_a_person_takes_a_role_of_the_key(call, incidentio, page, org):
    made, ben = page(user_ids=[user_id(org, "ben")]), user_id(org, "ben")
    path = f"/v2/escalations/{made.id}/actions/respond"
    body, headers = {"response": "ack"}, {"X-Incident-User": ben}
    assert call("POST", path, json=body, headers=headers).status_code == 403
    incidentio.key.roles.add("act_on_behalf_of_users")
    assert call("POST", path, json=body, headers=headers).status_code == 204
    shown = call("GET", f"/v2/escalations/{made.id}").json()["escalation"]
    assert [u["id"] for u in shown["events"][-1]["users"]] == [ben]


def test_who_was_not_paged_cannot_answer_for_themselves(call, incidentio, page, org):
    made = page()
    incidentio.key.roles.add("act_on_behalf_of_users")
    path = f"/v2/escalations/{made.id}/actions/respond"
    headers = {"X-Incident-User": user_id(org, "eve")}
    answer = call("POST", path, json={"response": "ack"}, headers=headers)
    assert answer.status_code == 422


def test_sixty_pages_a_minute(call, org):
    ben = user_id(org, "ben")
    body = {"title": "Again", "user_ids": [ben]}
    sent = [
        call("POST", "/v2/escalations", json={**body, "idempotency_key": str(n)})
        for n in range(61)
    ]
    assert [answer.status_code for answer in sent].count(201) == 60
    assert sent[-1].status_code == 429
    assert sent[-1].json()["rate_limit"]["limit"] == 60


def test_pages_for_private_incidents_are_there_for_global_access_only(
    call, incidentio, org
):
    secret = next(e for e in org.escalations if e.title.startswith("Leaked token"))
    assert call("GET", f"/v2/escalations/{secret.id}").status_code == 200
    incidentio.key.roles.discard("global_access")
    assert call("GET", f"/v2/escalations/{secret.id}").status_code == 404
    assert first(org.escalations).id  # the others are still there

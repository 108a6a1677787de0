"""Who belongs to an incident, asked seldom and never in vain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from incidentio import Incident
from incidentio.cache.memberships import Memberships
from incidentio.errors import Unauthorized
from tests.incidentio.upstream import eventually, send

PEOPLE = {
    "incident_participants": {
        "active": [{"user": {"id": "U1", "name": "Ana"}}],
        "passive": [{"user": {"id": "U2", "name": "Ben"}}],
    }
}


def incident(number=1, **more):
    status = {"id": "T1", "name": "Fixing", "category": "live"}
    base = {"reference": f"INC-{number}", "name": "x", "visibility": "private"}
    return Incident.model_validate(
        {"id": f"I{number}", "incident_status": status, **base, **more}
    )


@pytest.fixture
def memberships(api, upstream, clock):
    upstream.answers((200, PEOPLE))
    made = Memberships(api, now=clock.now)
    yield made
    made.close()


def test_those_who_take_part_belong_to_it(memberships):
    assert memberships.includes(incident(), "U1")
    assert not memberships.includes(incident(), "U3")


def test_who_declared_it_may_have_been_taken_out_since(memberships):
    declared = incident(creator={"user": {"id": "U3", "name": "Chi"}})
    assert not memberships.includes(declared, "U3")


def test_an_answer_is_remembered_for_a_minute(memberships, upstream, clock):
    for clock.elapsed in (0, 59, 61):
        memberships.includes(incident(), "U1")
    assert len(upstream.requests) == 2


def test_that_nobody_can_say_is_said_of_one_and_hides_it_in_a_list(
    memberships, upstream
):
    upstream.answers((401, {}))
    with pytest.raises(Unauthorized):
        memberships.includes(incident(), "U1")
    assert memberships.among([incident()], "U1") == set()


def test_many_who_ask_at_once_ask_once(memberships, upstream):
    all_asked = Event()

    def held(handler):
        all_asked.wait(5)
        send(handler, 200, PEOPLE)

    upstream.answers(held)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(memberships.includes, incident(), "U1") for _ in range(8)]
        all_asked.set()
        assert all(each.result() for each in asked)
    assert len(upstream.requests) == 1


def test_a_list_is_asked_about_side_by_side(memberships, upstream):
    def held(handler):
        eventually(lambda: len(upstream.requests) >= 4)
        send(handler, 200, PEOPLE)

    upstream.answers(held)
    found = memberships.among([incident(n) for n in range(4)], "U2")
    assert found == {"I0", "I1", "I2", "I3"}


def test_a_list_does_not_wait_for_an_answer_that_does_not_come(
    memberships, upstream, monkeypatch
):
    monkeypatch.setattr("incidentio.cache.memberships.PATIENCE", 0.05)
    memberships.includes(incident(1), "U1")
    upstream.answers(upstream.hang)
    assert memberships.among([incident(1), incident(2)], "U1") == {"I1"}
    upstream.over.set()


def test_suggestions_know_what_was_asked_before_and_ask_behind(
    memberships, upstream, clock
):
    assert memberships.remembered([incident()], "U1") == set()
    eventually(lambda: memberships.remembered([incident()], "U1") == {"I1"})
    upstream.answers(upstream.hang)
    clock.elapsed += 45
    assert memberships.remembered([incident()], "U1") == {"I1"}
    assert memberships.remembered([incident()], "U1") == {"I1"}
    eventually(lambda: len(upstream.requests) == 2)
    clock.elapsed += 16
    assert memberships.remembered([incident()], "U1") == set()
    upstream.over.set()


NOBODY = {"incident_participants": {"active": [], "passive": []}}


def test_whose_access_is_withdrawn_is_out_at_once_also_with_a_role(
    memberships, upstream
):
    role = {"id": "R1", "name": "Lead", "role_type": "lead"}
    led = incident(
        incident_role_assignments=[
            {"role": role, "assignee": {"id": "U1", "name": "Ana"}}
        ]
    )
    assert memberships.among([led], "U1") == {"I1"}
    upstream.answers((200, NOBODY))
    memberships.revoked("I1", "U1")
    assert memberships.among([led], "U1") == set()
    memberships.granted("I1", "U1")
    assert memberships.among([led], "U1") == {"I1"}


def test_an_answer_from_before_the_withdrawal_is_not_remembered(memberships, upstream):
    asked = Event()

    def held(handler):
        asked.wait(5)
        send(handler, 200, PEOPLE)

    upstream.answers(held)
    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(memberships.includes, incident(), "U1")
        eventually(lambda: len(upstream.requests) == 1)
        upstream.answers((200, NOBODY))
        memberships.revoked("I1", "U1")
        asked.set()
        early.result()
    assert not memberships.includes(incident(), "U1")

"""A key that may act for people does so under their name."""

import pytest

ANA = "01HUSER00000000000000ANA00"
BODY = {"idempotency_key": "one", "name": "Fire", "visibility": "public"}


@pytest.fixture
def acts(incidentio):
    incidentio.key.roles.add("act_on_behalf_of_users")


def declared(call, user):
    headers = {"X-Incident-User": user} if user else None
    return call("POST", "/v2/incidents", BODY, headers=headers)


def test_what_is_made_for_a_person_is_theirs(acts, call):
    creator = declared(call, ANA).json()["incident"]["creator"]

    assert creator["user"]["id"] == ANA
    assert "api_key" not in creator


def test_without_the_header_it_is_the_keys(acts, call):
    creator = declared(call, None).json()["incident"]["creator"]

    assert creator["api_key"]["name"] == "incidentio-bot"


def test_without_the_role_nothing_is_made(incidentio, call):
    before = len(list(incidentio.store.incidents))
    refused = declared(call, ANA)

    assert refused.status_code == 403
    assert refused.json()["errors"][0]["code"] == "missing_api_key_role"
    assert "act_on_behalf_of_users" in refused.json()["errors"][0]["message"]
    assert len(list(incidentio.store.incidents)) == before


@pytest.mark.parametrize("user", ["01NOBODY", ""])
def test_for_nobody_nothing_is_made(acts, call, user):
    refused = call("POST", "/v2/incidents", BODY, headers={"X-Incident-User": user})

    assert refused.status_code == 422

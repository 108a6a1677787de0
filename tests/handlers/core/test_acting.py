"""Changes are made in a person's name, where the API key may act for people."""

import pytest
from requests.adapters import HTTPAdapter

HEADER = "X-Incident-User"
ANA = "01HUSER00000000000000ANA00"


@pytest.fixture
def sent(monkeypatch):
    """What was sent to incident.io, by method: the header of each request."""
    found = []
    send = HTTPAdapter.send

    def watched(adapter, request, **options):
        if "/v1/" in request.path_url or "/v2/" in request.path_url:
            found.append((request.method, request.headers.get(HEADER)))
        return send(adapter, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", watched)
    return found


@pytest.fixture
def acts(world):
    world.incidentio.key.roles.add("act_on_behalf_of_users")


def declare(ana, world):
    ana.types("/io declare In whose name")
    ana.submits(severity="Low")
    return world.incidentio.incident(41)["creator"]


def test_an_incident_is_declared_by_who_declared_it(acts, ana, world, sent):
    assert declare(ana, world)["user"]["id"] == ANA

    assert {header for method, header in sent if method == "POST"} == {ANA}
    assert {header for method, header in sent if method == "GET"} == {None}


def test_without_the_role_it_is_declared_by_the_key(ana, world, sent):
    assert "api_key" in declare(ana, world)

    assert {header for _, header in sent} == {None}


def test_so_are_actions_and_updates(acts, ana, world):
    ana.types("/io action new 39 Call them")
    ana.submits()
    ana.types("/io severity 39 minor")

    org = world.incidentio.store
    assert list(org.actions)[-1].creator["user"]["id"] == ANA
    assert list(org.updates)[-1].updater["user"]["id"] == ANA


def test_lookups_are_made_by_the_key(acts, ana, sent):
    for line in ("incidents", "incident 39", "schedules", "mine", "audit"):
        ana.types(f"/io {line}")

    assert sent
    assert {header for _, header in sent} == {None}


@pytest.fixture
def untold(acts, world, bot):
    """From now on nobody can say whether the key may act for people."""

    def begin():
        world.incidentio.fail("GET", "/v1/identity", status=500)
        bot.services.catalog.forget("identity")

    return begin


def changes(world):
    return [r.path for r in world.incidentio.requests if r.method != "GET"]


def asked(world):
    return sum(r.path == "/v1/identity" for r in world.incidentio.requests)


FORMS = {
    "page <@U0HANA> Come": ({}, "The page was not sent"),
    "override Payments": ({"user": "gus"}, "The override was not created"),
    "declare Whose": ({"severity": "Low"}, "The incident was not declared"),
}


@pytest.mark.parametrize("line", FORMS)
def test_while_that_cannot_be_told_forms_change_nothing_then_or_later(
    untold, ana, world, restart, line
):
    filled, said = FORMS[line]
    ana.types(f"/io {line}", channel="general")
    untold()
    ana.submits(**filled)
    assert said in ana.modal.words

    world.incidentio.clear_faults()
    restart()
    assert changes(world) == []


def test_neither_does_a_line_and_it_is_said_at_once(untold, ana, world):
    untold()
    ana.types("/io severity 39 minor", channel="general")
    assert "The severity was not changed" in ana.last.text
    tried = asked(world)
    ana.types("/io severity 39 minor", channel="general")
    ana.types("/io page <@U0HANA> Come", channel="general")
    assert asked(world) == tried
    assert changes(world) == []
    assert ana.modal is None


def test_lookups_go_on_meanwhile(untold, ana):
    untold()
    ana.types("/io incident 39", channel="general")
    assert "INC-39" in ana.last.text

"""Closing, reopening, accepting and declining: the form shows which status is meant."""

import pytest

from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import status_of


@pytest.fixture
def triaged(world):
    """The number of a public incident in triage."""
    store = world.incidentio.store
    return next(
        i.number
        for i in store.incidents
        if store.category(i) == "triage" and i.visibility == "public"
    )


@pytest.mark.parametrize("line", ["close INC-39", "resolve INC-39"])
def test_an_incident_is_closed_by_a_form_that_names_the_status(ana, world, line):
    ana.types(f"/io {line}")
    assert ana.modal.submit == "Close incident"
    assert writes(world) == []

    ana.submits()

    assert status_of(world) == "Closed"


def test_reopening_is_asked_of_incidentio_and_a_refusal_stands_beside_it(ana, world):
    ana.types("/io close INC-39")
    ana.submits()
    ana.types("/io reopen INC-39")
    assert ana.modal.fields["status"].value["text"]["text"] == "Investigating"

    ana.submits()

    assert "cannot move from closed to live" in ana.modal.errors["status"]


def test_what_cannot_be_done_here_is_said(ana, world, subtests):
    for line, said in [
        ("reopen INC-39", "already"),
        ("accept INC-39", "Only an incident in triage can be accepted."),
        ("decline INC-39", "Only an incident in triage can be declined."),
        ("merge INC-39", "You can only merge incidents in incident.io itself"),
        (
            "subscribe INC-39",
            "You can only subscribe to an incident in incident.io itself",
        ),
        ("join INC-39", "follow along in <#C0INC39>"),
        ("postmortem INC-39", "has no post-mortem yet"),
        ("invite INC-39 @kim", "type `/invite @Kim Park` in <#C0INC39>."),
        ("invite INC-39", "type `/invite @name` in <#C0INC39>."),
    ]:
        with subtests.test(line):
            ana.types(f"/io {line}")

            assert said in ana.last.text
            assert writes(world) == []


@pytest.mark.parametrize(
    ("verb", "category"), [("accept", "live"), ("decline", "declined")]
)
def test_triage_ends_with_a_decision(ana, world, triaged, verb, category):
    ana.types(f"/io {verb} INC-{triaged}")
    ana.submits()

    after = world.incidentio.incident(triaged)["incident_status"]["category"]
    assert after == category

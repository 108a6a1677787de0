"""One reading of incident.io serves all reminders, and later ones read what changed."""

from __future__ import annotations

from collections import Counter

import pytest

DUE_DATES = {"/v2/policy_findings": 1}


@pytest.fixture
def database(sqlite):
    """What is shown here does not depend on the kind of database."""
    return sqlite


@pytest.fixture(autouse=True)
def alone(scene):
    """Nobody is enrolled meanwhile, which takes readings of its own."""
    scene.reminders.create(kind="enrolment", rule_id="enrolment")
    scene.reminders.pause("enrolment", "not wanted here")


@pytest.fixture
def read(incidentio):
    """How often each path was read since the last look, but for who is on call."""

    def on_call(request):
        asked = "".join(request.query)
        return "status" in asked or request.path.startswith("/v2/schedule")

    def look():
        read = [r for r in incidentio.requests if r.method == "GET"]
        seen = Counter(r.path for r in read if not on_call(r))
        incidentio.requests.clear()
        return dict(seen)

    return look


def test_requests_do_not_grow_with_the_number_of_reminders(scene, slack, read):
    incident = scene.work.incident()
    scene.work.follow_up(incident, "Raise the pool size")
    slack.limits.off()
    for number in range(40):
        slack.add_channel(f"C{number}", f"team-{number}")
        scene.remind(channel=f"C{number}")
    read()
    scene.tick(hours=1)
    first = {"/v3/follow_ups": 1, f"/v2/incidents/{incident.id}": 1}
    assert read() == {**first, **DUE_DATES}
    assert scene.observed.count("sent") == 40
    scene.tick(hours=1)
    assert read() == {"/v3/follow_ups": 1, "/v2/incidents": 1, **DUE_DATES}
    assert scene.observed.count("sent") == 80


def test_later_readings_ask_for_what_changed_with_some_overlap(scene, incidentio, now):
    scene.work.follow_up(scene.work.incident(), "Raise the pool size")
    scene.remind()
    scene.tick(hours=1)
    incidentio.requests.clear()
    scene.tick(hours=1)
    asked = {r.path: r.query.get("updated_at[gte]") for r in incidentio.requests}
    assert asked["/v3/follow_ups"] == asked["/v2/incidents"]
    assert asked["/v3/follow_ups"][0].startswith("2026-03-02T09:55:00")


def test_once_a_day_everything_is_read_again(scene, incidentio, posts):
    incident = scene.work.incident()
    lost = scene.work.follow_up(incident, "Vanishes without a trace")
    scene.work.follow_up(incident, "Stays")
    scene.remind()
    scene.tick(hours=1)
    incidentio.store.follow_ups.remove(lost.id)
    scene.tick(hours=1)
    assert "Vanishes" in posts()[-1]
    scene.tick(hours=24)
    assert "Vanishes" not in posts()[-1]
    assert "Stays" in posts()[-1]


def test_an_incident_that_became_private_is_hidden_at_once(scene, incidentio, posts):
    incident = scene.work.incident()
    scene.work.follow_up(incident, "Raise the pool size")
    scene.remind()
    scene.tick(hours=1)
    scene.now.advance(minutes=30)
    row = incidentio.store.incident(incident.id)
    row.visibility, row.updated_at = "private", scene.now()
    scene.tick(minutes=30)
    assert len(posts()) == 1


def test_many_incidents_are_read_in_pages(scene, read, posts):
    for number in range(25):
        scene.work.follow_up(scene.work.incident(f"Incident {number}"), f"Do {number}")
    read()
    scene.remind()
    scene.tick(hours=1)
    assert read() == {"/v3/follow_ups": 1, "/v2/incidents": 1, **DUE_DATES}
    assert "25 follow-ups outstanding" in posts()[0]

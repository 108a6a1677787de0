"""What the catalog serves, when it asks, and what it does when nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incidentio import FollowUp
from incidentio.cache.catalog import Catalog, nobody
from incidentio.errors import Unauthorized
from tests.incidentio.upstream import eventually, send

TTL = timedelta(seconds=60)
BETWEEN_CHANGES = "incidentio.cache.cached_list.BETWEEN_CHANGES"
FIELDS = [
    {"id": "F1", "name": "Region", "field_type": "single_select"},
    {"id": "F2", "name": "Notes", "field_type": "text"},
    {"id": "F3", "name": "Team", "field_type": "multi_select", "catalog_type_id": "C"},
]
INCIDENT = {
    "id": "I",
    "reference": "INC-12",
    "name": "Broken",
    "visibility": "private",
    "incident_status": {"id": "T1", "name": "Fixing", "category": "live"},
}
DATA = {
    "/v1/identity": {"identity": {"name": "Bot", "roles": []}},
    "/v1/severities": {"severities": [{"id": "S1", "name": "Minor", "rank": 1}]},
    "/v1/incident_statuses": {
        "incident_statuses": [{"id": "T1", "name": "Fixing", "category": "live"}]
    },
    "/v1/incident_types": {"incident_types": [{"id": "Y1", "name": "Default"}]},
    "/v2/incident_roles": {"incident_roles": [{"id": "R1", "name": "Lead"}]},
    "/v2/incident_timestamps": {"incident_timestamps": []},
    "/v2/custom_fields": {"custom_fields": FIELDS},
    "/v1/custom_field_options": {"custom_field_options": [{"id": "O1", "value": "EU"}]},
    "/v2/users": {"users": [{"id": "U1", "name": "Ana", "slack_user_id": "UANA"}]},
    "/v2/schedules": {"schedules": [{"id": "D1", "name": "Primary"}]},
    "/v2/workflows": {"workflows": []},
    "/v3/follow_ups": {"follow_ups": []},
    "/v2/incidents": {"incidents": [INCIDENT]},
}


@pytest.fixture
def catalog(api, upstream, clock, monkeypatch):
    monkeypatch.setattr(BETWEEN_CHANGES, 0.02)
    upstream.answers(
        lambda handler: send(handler, 200, DATA[handler.path.split("?")[0]])
    )
    catalog = Catalog(api, now=clock.now, ttl=TTL)
    yield catalog
    catalog.close()


def asked(upstream, path):
    return sum(1 for request in upstream.requests if request.path == path)


def rename(upstream, name):
    renamed = {"severities": [{"id": "S1", "name": name}]}
    upstream.answers((200, renamed))


def test_what_is_known_is_not_asked_for_again(catalog, upstream):
    assert not catalog.known("severities")
    assert catalog.severities()[0].name == "Minor"
    assert catalog.severities()[0].name == "Minor"
    assert catalog.known("severities")
    assert asked(upstream, "/v1/severities") == 1


def test_the_old_is_served_while_it_is_renewed(catalog, upstream, clock):
    catalog.severities()
    rename(upstream, "Small")
    clock.elapsed += 61
    assert catalog.severities()[0].name == "Minor"
    eventually(lambda: catalog.severities()[0].name == "Small")
    assert asked(upstream, "/v1/severities") == 2


def test_nobody_waits_for_a_renewal_that_hangs(catalog, upstream, clock):
    catalog.severities()
    upstream.answers(upstream.hang)
    clock.elapsed += 61
    assert catalog.severities()[0].name == "Minor"
    eventually(lambda: asked(upstream, "/v1/severities") == 2)
    assert catalog.severities()[0].name == "Minor"
    upstream.over.set()


def test_a_renewal_that_fails_keeps_the_old_and_is_tried_again_sooner(
    catalog, upstream, clock, caplog
):
    catalog.severities()
    upstream.answers((401, {}))
    clock.elapsed += 61
    assert catalog.severities()[0].name == "Minor"
    eventually(lambda: "could not be renewed" in caplog.text)
    assert catalog.severities()[0].name == "Minor"
    assert asked(upstream, "/v1/severities") == 2
    rename(upstream, "Small")
    clock.elapsed += 16
    eventually(lambda: catalog.severities()[0].name == "Small")


def test_a_first_fetch_that_fails_is_said_and_tried_again(catalog, upstream):
    answers = upstream.script
    upstream.answers((401, {}))
    with pytest.raises(Unauthorized):
        catalog.severities()
    assert not catalog.known("severities")
    upstream.script = answers
    assert catalog.severities()


def test_what_has_expired_is_fetched(catalog, upstream):
    catalog.severities()
    rename(upstream, "Small")
    catalog.expire("severities")
    assert not catalog.known("severities")
    assert catalog.severities()[0].name == "Small"


def test_a_change_is_read_behind_while_the_old_is_served(catalog, upstream):
    catalog.severities()
    upstream.answers(upstream.hang)
    catalog.mark_changed("severities")
    assert catalog.severities()[0].name == "Minor"
    eventually(lambda: asked(upstream, "/v1/severities") == 2)
    assert catalog.severities()[0].name == "Minor"
    upstream.over.set()


@pytest.mark.prove
def test_a_burst_of_changes_costs_one_reading_at_a_time(catalog, upstream, monkeypatch):
    monkeypatch.setattr(BETWEEN_CHANGES, 2)
    catalog.severities()
    rename(upstream, "Small")
    for _ in range(100):
        catalog.mark_changed("severities")
    eventually(lambda: catalog.severities()[0].name == "Small")
    assert asked(upstream, "/v1/severities") == 2


def test_incidents_of_an_idle_night_are_not_served(catalog, upstream, clock):
    catalog.live_incidents(nobody)
    clock.elapsed += 8 * 3600
    now_public = {**INCIDENT, "name": "Mended"}
    upstream.answers((200, {"incidents": [now_public]}))
    assert catalog.live_incidents(nobody)[0].name == "Mended"


def test_keeping_renews_what_is_old_and_reads_what_is_not_known(
    catalog, upstream, clock
):
    catalog.severities()
    catalog.refresh()
    eventually(lambda: catalog.known("live_incidents"))
    assert asked(upstream, "/v1/severities") == 1
    clock.elapsed += 61
    catalog.refresh()
    eventually(lambda: asked(upstream, "/v1/severities") == 2)


def test_warming_fetches_everything_at_once(catalog, upstream):
    catalog.warm()
    before = len(upstream.requests)
    assert catalog.statuses()[0].category == "live"
    assert catalog.types()[0].name == "Default"
    assert catalog.roles()[0].name == "Lead"
    assert catalog.schedules()[0].name == "Primary"
    assert catalog.timestamps() == ()
    assert catalog.user("U1").name == "Ana"
    assert catalog.user_by_slack("UANA").id == "U1"
    assert catalog.user_by_slack("UNOBODY") is None
    assert catalog.priorities() == ()
    assert catalog.live_incidents(nobody)[0].reference == "INC-12"
    assert len(upstream.requests) == before


def test_warming_leaves_for_later_what_cannot_be_had(catalog, upstream):
    upstream.answers((403, {}))
    catalog.warm()
    assert not catalog.known("severities")


def test_selects_come_with_their_options(catalog, upstream):
    region, notes, team = catalog.custom_fields()
    assert [option.name for option in region.options] == ["EU"]
    assert notes.options == team.options == ()
    assert asked(upstream, "/v1/custom_field_options") == 1


def test_incidents_in_progress_are_asked_for_in_every_mode(catalog, upstream):
    catalog.live_incidents(nobody)
    asked_for = upstream.last.query
    assert ("status_category[one_of]", "triage") in asked_for
    assert ("mode[one_of]", "test") in asked_for
    assert not any("closed" in value for _, value in asked_for)


def test_priorities_are_learnt_from_follow_ups_and_ranked(catalog):
    catalog.learn([follow_up("P2", "Urgent", 1), follow_up("P1", "Low", 9), plain()])
    catalog.learn([follow_up("P1", "Lowest", 10)])
    assert [p.name for p in catalog.priorities()] == ["Urgent", "Lowest"]


def test_after_closing_what_is_known_can_still_be_read(catalog, upstream, clock):
    catalog.severities()
    catalog.close()
    clock.elapsed += 61
    assert catalog.severities()[0].name == "Minor"
    assert asked(upstream, "/v1/severities") == 1


def follow_up(priority_id, name, rank):
    return plain(priority={"id": priority_id, "name": name, "rank": rank})


def plain(**more):
    base = {"id": "F", "incident_id": "I", "title": "Fix", "status": "outstanding"}
    return FollowUp.model_validate({**base, **more})

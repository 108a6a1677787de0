"""The client and the stand-in, each written from the schema, understand each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incidentio import Incidentio
from incidentio.cache.catalog import Catalog, nobody
from incidentio.errors import Invalid, NotFound, Unauthorized
from incidentio.lookup import matches
from sandbox.incidentio import IncidentioSandbox
from sandbox.serve import serve


@pytest.fixture
def standin():
    return IncidentioSandbox()


@pytest.fixture
def url(standin):
    with serve(standin.wsgi) as server:
        yield server.url


@pytest.fixture
def api(url):
    api = Incidentio("sandbox", url)
    yield api
    api.close()


@pytest.fixture
def catalog(api):
    catalog = Catalog(api)
    catalog.warm()
    yield catalog
    catalog.close()


def test_the_whole_organisation_is_read_and_nothing_is_left_unread(api, catalog):
    lists = (
        catalog.severities(),
        catalog.statuses(),
        catalog.types(),
        catalog.roles(),
        catalog.timestamps(),
        catalog.custom_fields(),
        catalog.users(),
        catalog.schedules(),
        catalog.live_incidents(nobody),
        catalog.priorities(),
        tuple(api.incidents.list()),
        tuple(api.follow_ups.list()),
        tuple(api.actions.list()),
    )
    assert all(lists)
    assert not [model for models in lists for model in models if model.unread]


def test_an_incident_is_declared_once_however_often_it_is_asked_for(api, catalog):
    minor = matches(catalog.severities(), "minor")[0]
    asked = {"idempotency_key": "k", "visibility": "public", "name": "Broken"}
    first, second = (
        api.incidents.create(severity_id=minor.id, **asked) for _ in range(2)
    )
    assert first.id == second.id
    assert api.incidents.show(first.number).severity == minor


def test_completing_a_follow_up_changes_nothing_else(api):
    before = next(f for f in api.follow_ups.list() if f.outstanding and f.priority)
    after = api.follow_ups.update(before, status="completed")
    changed = {
        name
        for name in type(before).model_fields
        if getattr(before, name) != getattr(after, name)
    }
    assert changed == {"status", "updated_at", "completed_at"}


def test_an_override_is_seen_in_the_entries(api, catalog):
    schedule, user = catalog.schedules()[0], catalog.users()[0]
    rotation = schedule.rotations[0]
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    end = start + timedelta(hours=2)
    made = api.overrides.create(
        schedule_id=schedule.id,
        rotation_id=rotation.id,
        layer_id=rotation.layers[0].id,
        user_id=user.id,
        start_at=start,
        end_at=end,
    )
    assert made.id in {override.id for override in api.overrides.list(schedule.id)}
    shown = api.schedules.list_entries(schedule.id, start, end)
    assert user.id in {entry.user.id for entry in shown.final if entry.user}


def test_refusals_come_with_the_field_and_the_request(api):
    with pytest.raises(Invalid) as caught:
        api.actions.create(incident_id="01NOSUCH", description="")
    assert caught.value.request_id
    assert caught.value.problems
    with pytest.raises(NotFound):
        api.incidents.show(99_999)


def test_a_wrong_key_is_said(url):
    api = Incidentio("wrong", url)
    with pytest.raises(Unauthorized):
        api.identity.show()
    api.close()

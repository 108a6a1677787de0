"""Every operation the bot was asked for: phrase, requests, what the person sees.

Each step is taken by somebody who may, against the stand-in; each request it makes is
judged by incident.io's contract, and each call of Slack's by the scopes that the papers
say the command needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest

from admin.docs import scopes
from admin.scopes import METHODS
from handlers import ROUTER
from handlers.core.pipeline.router import Invocation
from tests.contract.incidentio import CONTRACT


@dataclass(frozen=True)
class Step:
    """What somebody types, what they do with the form, and what comes of it.

    ``request`` is the operation that must have been asked for; ``sees`` stands in what
    the person is shown then, in a message or a form.
    """

    line: str
    request: str
    sees: str
    then: Callable[[Any, dict[str, str]], object] = lambda *_: None


NINE = time(9)


def submits(**values):
    return lambda person, _: person.submits(**values)


def in_turn(*acts):
    def do(person, ids):
        for act in acts:
            act(person, ids)

    return do


WALK = {
    "incidents list": Step(
        "incidents all", "GET /v2/incidents", "Elevated errors in the API"
    ),
    "incidents create": Step(
        "declare Coffee is out",
        "POST /v2/incidents",
        "was declared by",
        submits(severity="Low"),
    ),
    "incidents show": Step(
        "incident INC-39", "GET /v2/incidents/{id}", "INC-39 Elevated errors"
    ),
    "incidents update": Step(
        "incident edit INC-39",
        "POST /v2/incidents/{id}/actions/edit",
        "was edited by",
        submits(name="Errors"),
    ),
    "incidents update: severity": Step(
        "severity INC-39 minor", "POST /v2/incident_updates", "is now *Minor*"
    ),
    "incidents update: status": Step(
        "status INC-39 fixing", "POST /v2/incident_updates", "is now *Fixing*"
    ),
    "actions list": Step("actions INC-39", "GET /v3/actions", "Actions of INC-39"),
    "actions show": Step("action show {action}", "GET /v3/actions/{id}", "outstanding"),
    "follow-ups list": Step(
        "followups INC-29", "GET /v3/follow_ups", "Follow-ups of INC-29"
    ),
    "follow-ups show": Step(
        "followup show {follow_up}", "GET /v3/follow_ups/{id}", "outstanding"
    ),
    "severities list": Step("severities", "GET /v1/severities", "Critical"),
    "statuses list": Step("statuses", "GET /v1/incident_statuses", "Monitoring"),
    "types list": Step("types", "GET /v1/incident_types", "Production"),
    "updates list": Step("updates INC-39", "GET /v2/incident_updates", "INC-39"),
    "schedules list": Step("schedules", "GET /v2/schedules", "Payments"),
    "schedules show": Step(
        "schedule show Payments", "GET /v2/schedules/{id}", "On call now"
    ),
    "schedules create": Step(
        "schedule create",
        "POST /v2/schedules",
        "was created by",
        in_turn(
            submits(name="Nights", rotation_name="Owls", users=["jo"], at=NINE),
            submits(),
        ),
    ),
    "schedules update": Step(
        "schedule edit Payments",
        "PUT /v2/schedules/{id}",
        "was edited by",
        in_turn(submits(name="Money"), submits()),
    ),
    "schedules delete": Step(
        "schedule delete Payments",
        "DELETE /v2/schedules/{id}",
        "was deleted",
        submits(name="Payments"),
    ),
    "users list": Step("users", "GET /v2/users", "Ana Ferreira"),
    "users show": Step("user show jo smith", "GET /v2/users/{id}", "jo@acme.example"),
    "roles list": Step("roles", "GET /v2/incident_roles", "Communications"),
    "roles create": Step(
        "role create",
        "POST /v2/incident_roles",
        "Scribe",
        submits(name="Scribe", description="Writes it all down."),
    ),
    "roles show": Step(
        "role show comms", "GET /v2/incident_roles/{id}", "Update the status page"
    ),
    "roles update": Step(
        "role edit comms",
        "PUT /v2/incident_roles/{id}",
        "press",
        submits(shortform="press"),
    ),
    "roles delete": Step(
        "role delete comms",
        "DELETE /v2/incident_roles/{id}",
        "was deleted",
        submits(name="Communications"),
    ),
    "fields list": Step("fields", "GET /v2/custom_fields", "Affected service"),
    "fields create": Step(
        "field create",
        "POST /v2/custom_fields",
        "was created",
        submits(name="Data centre", options="Lisbon"),
    ),
    "fields show": Step("field show regions", "GET /v2/custom_fields/{id}", "Regions"),
    "fields update": Step(
        "field edit regions",
        "PUT /v2/custom_fields/{id}",
        "was edited by",
        submits(name="Areas"),
    ),
    "fields delete": Step(
        "field delete regions",
        "DELETE /v2/custom_fields/{id}",
        "was deleted",
        submits(name="Regions"),
    ),
    "timestamps list": Step("timestamps", "GET /v2/incident_timestamps", "Fixed at"),
    "timestamps show": Step(
        "timestamp show fixed at", "GET /v2/incident_timestamps/{id}", "Fixed at"
    ),
    "workflows list": Step("workflows", "GET /v2/workflows", "{workflow}"),
    "workflows show": Step(
        "workflow show {workflow}", "GET /v2/workflows/{id}", "{workflow}"
    ),
    "workflows update": Step(
        "workflow edit {workflow}",
        "PUT /v2/workflows/{id}",
        "Renamed",
        submits(name="Renamed"),
    ),
    "workflows delete": Step(
        "workflow delete {workflow}",
        "DELETE /v2/workflows/{id}",
        "was deleted",
        lambda person, ids: person.submits(name=ids["workflow"]),
    ),
    "escalations list": Step("escalations", "GET /v2/escalations", "Escalations"),
    "escalations create": Step(
        "page Card payments fail",
        "POST /v2/escalations",
        "Paged so far",
        in_turn(submits(path="Payments"), submits()),
    ),
    "escalations show": Step(
        "escalation show {escalation}", "GET /v2/escalations/{id}", "Refunds"
    ),
    "paths create": Step(
        "path create",
        "POST /v2/escalation_paths",
        "was created by",
        submits(**{"name": "Storage", "people:L1": ["ben"]}),
    ),
    "paths show": Step("path show payments", "GET /v2/escalation_paths/{id}", "Level"),
    "paths update": Step(
        "path edit payments",
        "PUT /v2/escalation_paths/{id}",
        "was edited by",
        submits(name="Money"),
    ),
    "paths delete": Step(
        "path delete payments",
        "DELETE /v2/escalation_paths/{id}",
        "was deleted",
        submits(name="Payments"),
    ),
    "entries list": Step(
        "schedule entries Payments today +3d", "GET /v2/schedule_entries", "U0HANA"
    ),
    "overrides create": Step(
        "override Payments",
        "POST /v2/schedule_overrides",
        "is on call from",
        submits(user="gus"),
    ),
}


@pytest.fixture
def ids(world):
    """Ids that a line may name."""
    store = world.incidentio.store
    public = {i.id for i in store.incidents if i.visibility == "public"}

    def outstanding(table):
        rows = (r for r in table if r.incident_id in public)
        return next(r.id for r in rows if r.status == "outstanding")

    return {
        "action": outstanding(store.actions),
        "follow_up": outstanding(store.follow_ups),
        "workflow": next(w["name"] for w in store.workflows if w["state"] == "active"),
        "escalation": next(e.id for e in store.escalations if "Refunds" in e.title),
    }


def test_there_is_a_step_for_all_44():
    assert len({name.partition(":")[0] for name in WALK}) == 44


@pytest.mark.parametrize("operation", WALK)
def test_each_operation_is_reached_by_its_phrase(operation, ana, world, ids):
    step = WALK[operation]
    line = step.line.format(**ids)
    world.incidentio.requests.clear()

    ana.types(f"/io {line}", channel="general")
    step.then(ana, ids)

    asked = world.incidentio.requests
    assert step.request in {f"{r.method} {template(r.path)}" for r in asked}
    assert step.sees.format(**ids) in seen(ana, world)
    assert faults(asked) == []
    assert unforeseen_calls(line, world) == []


def template(path):
    """``/v2/incidents/{id}`` for ``/v2/incidents/01H…`` and ``/v2/incidents/39``."""
    return re.sub(r"/(?:[0-9A-Z]{26}|[0-9]+)(?=/|$)", "/{id}", path)


def seen(person, world):
    """All that was said where the person is, in messages and forms."""
    forms = [person.modal.words, str(person.modal.blocks)] if person.modal else []
    places = [c for c in world.slack.workspace.channels.values() if c.name]
    open_to = [c.id for c in places if c.visible_to(person.user.id)]
    messages = [m for place in (*open_to, "dm") for m in person.sees(place)]
    return "\n".join([*forms, *(f"{m.text}\n{m.words}" for m in messages)])


def faults(requests):
    return [
        f"{r.method} {r.path}: {fault}"
        for r in requests
        for fault in CONTRACT.request(
            r.method,
            r.path,
            [(name, value) for name, values in r.query.items() for value in values],
            r.json,
        )
    ]


def unforeseen_calls(line, world):
    """Name the methods of Slack's that need other scopes than the papers say."""
    meant = ROUTER.route(line)
    assert isinstance(meant, Invocation)
    allowed = set(scopes(meant.command))
    called = {call.method for call in world.slack.calls} & METHODS.keys()
    return sorted(m for m in called if not {*METHODS[m]} <= allowed)

"""A PUT that replaces an item loses nothing, not even what nobody knows yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentio import Action, FollowUp, Role, actions, custom_fields, follow_ups, roles
from incidentio.base.model import Replaceable
from incidentio.base.replacing import raw_replacement, replacement
from tests.incidentio.judged import make
from tests.incidentio.samples import JSON
from tests.incidentio.upstream import send

OPEN = "/annotations/"

TOMORROW = {"tomorrow": {"deep": [1, {"a": None}]}, "colour": "red"}
ITEM = {
    "id": "I",
    "incident_id": "N",
    "description": "Look",
    "title": "Look",
    "status": "outstanding",
    "assignee": {"id": "U", "name": "Ana"},
    "created_at": "2026-03-01T00:00:00Z",
}


@pytest.mark.parametrize(
    ("model", "sent_as"),
    [(Action, actions.SENT_AS), (FollowUp, follow_ups.SENT_AS)],
    ids=["action", "follow-up"],
)
def test_what_nobody_knows_yet_is_sent_back_as_it_came(model, sent_as):
    plain = replacement(model(**ITEM), sent_as, {"status": "completed"})
    whole = replacement(model(**ITEM, **TOMORROW), sent_as, {"status": "completed"})

    assert whole == {**plain, **TOMORROW}
    assert whole["status"] == "completed"
    assert "created_at" not in whole


names = st.text(min_size=1, max_size=8)
sendable = names.filter(lambda name: name not in roles.READ_ONLY)
changed = st.dictionaries(st.sampled_from(roles.REQUIRED), st.text())


@given(st.dictionaries(sendable, JSON), changed)
def test_all_that_was_read_is_sent_back_but_for_the_changes(raw, changes):
    known = {"id": "R", "role_type": "custom", "created_at": "now"}
    role = Replaceable.model_validate({**raw, **known})
    body = raw_replacement(role, roles.READ_ONLY, changes, roles.REQUIRED)
    expected = {**dict.fromkeys(roles.REQUIRED, ""), **raw, **changes}
    assert body == expected


@given(st.dictionaries(sendable, JSON))
def test_a_model_keeps_what_it_was_read_from(raw):
    sent = {**raw, "id": "R", "name": "Comms"}
    assert Role.model_validate(sent).raw == sent


@given(st.dictionaries(names, JSON), st.text(min_size=1))
def test_what_replaces_a_field_is_all_of_it_but_the_change(raw, name):
    field, change = Replaceable.model_validate(raw), {"name": name}
    of = custom_fields
    body = raw_replacement(field, of.READ_ONLY, change, of.REQUIRED)

    kept = {k: v for k, v in raw.items() if k not in custom_fields.READ_ONLY | {"name"}}
    assert body == {"description": "", **kept, "name": name}


def properties(contract, schema, at=""):
    """Every property that a payload may have, however deep, as ``/steps/id``."""
    while "$ref" in schema:
        schema = contract.schemas[schema["$ref"].rpartition("/")[2]]
    if "items" in schema:
        yield from properties(contract, schema["items"], at)
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}/{name}"
        yield from properties(contract, inner, f"{at}/{name}")


def sent_names(value, at=""):
    for item in value if isinstance(value, list) else [value]:
        for name, inner in item.items() if isinstance(item, dict) else ():
            yield f"{at}/{name}"
            yield from sent_names(inner, f"{at}/{name}")


def test_everything_that_an_update_takes_is_sent_back(api, upstream, contract):
    make(
        lambda api: api.workflows.update(api.workflows.show("W")),
        api,
        upstream,
        contract,
    )

    taken = contract.operations["PUT /v2/workflows/{id}"]["body"]
    every = {p for p in properties(contract, taken) if not p.startswith(OPEN)}
    sent = {
        name for name in sent_names(upstream.last.body) if not name.startswith(OPEN)
    }
    assert len(every) > 80
    assert every - sent == {"/include_private_incidents"}
    assert sent <= every


def test_what_a_path_was_read_from_is_kept(api, upstream, contract):
    status, body = contract.example("GET", "/v2/escalation_paths/P")
    upstream.answers(lambda handler: send(handler, status, body))
    assert api.escalation_paths.show("P").raw == body["escalation_path"]

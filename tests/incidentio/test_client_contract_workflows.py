"""Every request about workflows, judged by the published schema."""

from __future__ import annotations

import pytest

from tests.incidentio.test_client_contract import example_of
from tests.incidentio.upstream import send


def listed(api):
    return api.workflows.list()


def shown(api):
    return api.workflows.show("W")


def updated(api):
    return api.workflows.update(
        api.workflows.show("W"),
        name="Other",
        folder=None,
        delay={"for_seconds": 60, "conditions_apply_over_delay": True},
        private_incident_scope="none",
    )


def deleted(api):
    return api.workflows.delete("W")


@pytest.fixture
def examples(upstream, contract):
    """Answer everything as the schema's own examples do."""
    upstream.answers(
        lambda handler: send(
            handler,
            *example_of(contract, handler.command, handler.path.partition("?")[0]),
        )
    )
    return contract


@pytest.mark.parametrize("call", [listed, shown, updated, deleted])
def test_the_request_is_valid_and_the_schemas_own_answer_is_read(
    api, upstream, examples, call
):
    read = call(api)
    for request in upstream.requests:
        assert not examples.request(
            request.method, request.path, request.query, request.body
        )
    for model in read if isinstance(read, tuple) else [read]:
        assert not getattr(model, "unread", None)


def properties(contract, schema, at=""):
    """Every property that a payload may have, however deep, as ``/steps/id``."""
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = contract.spec["components"]["schemas"][name]
    if "items" in schema:
        yield from properties(contract, schema["items"], at)
    for name, inner in schema.get("properties", {}).items():
        yield f"{at}/{name}"
        yield from properties(contract, inner, f"{at}/{name}")


def names(value, at=""):
    for item in value if isinstance(value, list) else [value]:
        for name, inner in item.items() if isinstance(item, dict) else ():
            yield f"{at}/{name}"
            yield from names(inner, f"{at}/{name}")


def test_everything_that_an_update_takes_is_sent_back_but_for_what_is_not_told(
    api, upstream, examples
):
    api.workflows.update(api.workflows.show("W"))

    taken = examples.spec["paths"]["/v2/workflows/{id}"]["put"]["requestBody"]
    schema = taken["content"]["application/json"]["schema"]
    every = {p for p in properties(examples, schema) if not p.startswith(OPEN)}
    sent = {name for name in names(upstream.last.body) if not name.startswith(OPEN)}
    untold = {p for p in every if p.startswith(UNTOLD)}
    assert len(every) > 80
    assert every - sent == untold | {"/include_private_incidents"}
    assert sent <= every


OPEN = "/annotations/"
UNTOLD = ("/expressions/operations/cast", "/expressions/operations/concatenate")

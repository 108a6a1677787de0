"""Every request about workflows, judged by the contract."""

from __future__ import annotations

from tests.incidentio.judged import make

CALLS = {
    "list": lambda api: api.workflows.list(),
    "show": lambda api: api.workflows.show("W"),
    "update": lambda api: api.workflows.update(
        api.workflows.show("W"),
        name="Other",
        folder=None,
        delay={"for_seconds": 60, "conditions_apply_over_delay": True},
        private_incident_scope="none",
    ),
    "delete": lambda api: api.workflows.delete("W"),
}


def properties(contract, schema, at=""):
    """Every property that a payload may have, however deep, as ``/steps/id``."""
    while "$ref" in schema:
        schema = contract.schemas[schema["$ref"].rpartition("/")[2]]
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


def test_everything_that_an_update_takes_is_sent_back(api, upstream, contract):
    make(
        lambda api: api.workflows.update(api.workflows.show("W")),
        api,
        upstream,
        contract,
    )

    taken = contract.operations["PUT /v2/workflows/{id}"]["body"]
    every = {p for p in properties(contract, taken) if not p.startswith(OPEN)}
    sent = {name for name in names(upstream.last.body) if not name.startswith(OPEN)}
    assert len(every) > 80
    assert every - sent == {"/include_private_incidents"}
    assert sent <= every


OPEN = "/annotations/"

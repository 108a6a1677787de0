"""What the tests of this folder ask with, and look things up with."""

from importlib import import_module


class _Models:
    """Imports the SDK's models for the first test that needs one: it takes a second.

    pytest asks everything in a module for names that none of them has.
    """

    def __getattr__(self, name):
        if not name[0].isupper():
            raise AttributeError(name)
        return getattr(import_module("incident_io.models"), name)


models = _Models()


def operation(path):
    """``incidents_v2.list``: the SDK's function, raising on what it cannot read."""
    group, _, name = path.partition(".")
    return import_module(f"incident_io.api.{group}.{group}_{name}").sync_detailed


def ask(client, path, *args, expect=200, **kwargs):
    """Return the parsed answer to one operation of the vendor's client."""
    response = operation(path)(*args, client=client, **kwargs)
    assert response.status_code == expect, response.content
    return response.parsed


def first(table):
    return next(iter(table))


def pick(table, name):
    """Return the id of the row that has this name or value."""
    return next(row["id"] for row in table if row.get("name", row.get("value")) == name)


def field_of(response):
    """Return the field that a refusal names."""
    assert response.status_code == 422, response.text
    return response.json()["errors"][0]["source"]["field"]

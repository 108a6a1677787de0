"""Says what is wrong with a request or an answer."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker

from tests.contract.sample import sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json = dict[str, Any]

formats = FormatChecker(formats=())


@formats.checks("date-time")
def _is_moment(text: object) -> bool:
    try:
        return "T" in str(text) and datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        return False


class Contract:
    """``operations`` are named as ``GET /v2/incidents/{id}``.

    A property that the contract does not name is wrong, in requests and in answers.
    """

    def __init__(self, trimmed: Json) -> None:
        self.operations: dict[str, Json] = trimmed["operations"]
        self.schemas: dict[str, Json] = trimmed["schemas"]
        self._closed = {"schemas": deepcopy(self.schemas)}
        for schema in _objects(self._closed["schemas"]):
            schema.setdefault("additionalProperties", False)
        self._patterns = [
            (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", name)), name)
            for name in sorted(self.operations, key=lambda name: name.count("{"))
        ]
        self._judges: dict[str, Draft202012Validator] = {}

    def operation(self, method: str, path: str) -> str | None:
        """Name the operation; a path without a parameter goes first."""
        asked = f"{method} {path}"
        found = (name for pattern, name in self._patterns if pattern.fullmatch(asked))
        return next(found, None)

    def request(
        self, method: str, path: str, query: Iterable[tuple[str, str]], body: Any
    ) -> list[str]:
        """Say what is wrong with a request."""
        name = self.operation(method, path)
        if name is None:
            return [f"no operation {method} {path}"]
        operation = self.operations[name]
        found = list(_query_problems(operation, list(query)))
        if "body" not in operation:
            return [*found, *([f"{name} takes no body"] if body else [])]
        return [*found, *self._problems(operation["body"], body)]

    def answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Say what is wrong with an answer; ``body`` is None where there is none."""
        name = self.operation(method, path)
        if name is None:
            return [f"no operation {method} {path}"]
        answers = self.operations[name]["answers"]
        key = str(status) if status < 400 else "default"
        if key not in answers:
            return [f"{name} does not answer {status}"]
        if answers[key] is None:
            return [f"{name}: {status} has a body"] if body else []
        return self._problems(answers[key], body)

    def example(self, method: str, path: str) -> tuple[int, Any]:
        """Make a good answer with every property, and its status."""
        name = self.operation(method, path)
        if name is None:
            return 501, None
        answers = self.operations[name]["answers"]
        status = next(key for key in answers if key.startswith("2"))
        return int(status), sample(answers[status], self.schemas)

    def _problems(self, schema: Json, value: Any) -> list[str]:
        key = str(schema)
        if key not in self._judges:
            whole = {**schema, **self._closed}
            self._judges[key] = Draft202012Validator(whole, format_checker=formats)
        errors = self._judges[key].iter_errors(value)
        return [f"{error.json_path}: {error.message}" for error in errors]


def _query_problems(operation: Json, query: list[tuple[str, str]]) -> Iterator[str]:
    parameters: dict[str, Json] = operation.get("query", {})
    names = {name.partition("[")[0] for name, _ in query}
    yield from (f"unknown query {name}" for name in names - set(parameters))
    for name in set(operation.get("required", ())) - names:
        yield f"query {name} is missing"
    for name, value in query:
        yield from _value_problems(name, value, parameters.get(name.partition("[")[0]))


def _value_problems(name: str, value: str, schema: Json | None) -> Iterator[str]:
    if schema is None:
        return
    if (schema.get("type") == "object") != ("[" in name):
        yield f"query {name} must {'not ' if '[' in name else ''}have an operator"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"query {name}={value} is none of {schema['enum']}"
    elif schema.get("type") == "integer" and not _in_range(value, schema):
        yield f"query {name}={value} is no integer in range"


def _in_range(value: str, schema: Json) -> bool:
    return value.isdecimal() and int(value) <= schema.get("maximum", int(value))


def _objects(node: Any) -> Iterator[Json]:
    """Every schema that names its properties."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _objects(inner)

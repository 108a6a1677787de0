"""incident.io's published schema as a judge of requests and answers.

The schema is not part of this repository: it is looked for beside the checkout, in
``shared/contract/incidentio-openapi.json``. ``CONTRACT`` is None where it is absent.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json = dict[str, Any]

WHERE = Path(__file__).parents[2] / "shared" / "contract" / "incidentio-openapi.json"


class Contract:
    def __init__(self, spec: Json) -> None:
        self.spec = spec
        self._closed = copy.deepcopy(spec)
        for schema in _schemas(self._closed):
            _close(schema)
        self._routes = [
            (method.upper(), re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path)
            for path, methods in spec["paths"].items()
            for method in methods
        ]

    def request(
        self, method: str, path: str, query: Iterable[tuple[str, str]], body: Any
    ) -> list[str]:
        """Say what is wrong with a request; unknown properties are wrong too."""
        template = self.template(method, path)
        if template is None:
            return [f"no operation {method} {path}"]
        operation = self.spec["paths"][template][method.lower()]
        found = list(_query_problems(operation, list(query)))
        content = operation.get("requestBody", {}).get("content")
        if content is None:
            return found + ([f"{method} {template} takes no body"] if body else [])
        place = (template, method.lower(), "requestBody")
        return found + self._problems(self._closed, ("paths", *place), body)

    def answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Say what is wrong with an answer; new properties are not."""
        template = self.template(method, path)
        if template is None:
            return [f"no operation {method} {path}"]
        responses = self.spec["paths"][template][method.lower()]["responses"]
        key = str(status) if str(status) in responses else "default"
        if key == "default" and status < 400:
            return [f"{method} {template} does not answer {status}"]
        if "content" not in responses[key]:
            return [f"{status} has no body"] if body else []
        place = (template, method.lower(), "responses", key)
        return self._problems(self.spec, ("paths", *place), body)

    def template(self, method: str, path: str) -> str | None:
        """Find the operation's path; one without a parameter goes first."""
        fitting = [
            template
            for verb, pattern, template in self._routes
            if verb == method and pattern.fullmatch(path)
        ]
        return min(fitting, key=lambda template: template.count("{"), default=None)

    def _problems(self, spec: Json, place: tuple[str, ...], value: Any) -> list[str]:
        steps = (*place, "content", "application/json", "schema")
        pointer = "/".join(s.replace("~", "~0").replace("/", "~1") for s in steps)
        schema = {"$ref": f"#/{pointer}", "paths": spec["paths"]}
        schema["components"] = spec["components"]
        judge = Draft202012Validator(schema, format_checker=FormatChecker())
        return [f"{e.json_path}: {e.message}" for e in judge.iter_errors(value)]


def _query_problems(operation: Json, query: list[tuple[str, str]]) -> Iterator[str]:
    parameters = {
        p["name"]: p for p in operation.get("parameters", []) if p["in"] == "query"
    }
    names = {name.partition("[")[0] for name, _ in query}
    yield from (f"unknown query {name}" for name in names - set(parameters))
    for name, parameter in parameters.items():
        if parameter.get("required") and name not in names:
            yield f"query {name} is missing"
    for name, value in query:
        schema = parameters.get(name.partition("[")[0], {}).get("schema", {})
        yield from _value_problems(name, value, schema)


def _value_problems(name: str, value: str, schema: Json) -> Iterator[str]:
    deep = schema.get("type") == "object"
    if deep != ("[" in name):
        yield f"query {name} must {'have' if deep else 'not have'} an operator"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"query {name}={value} is none of {schema['enum']}"
    elif schema.get("type") == "integer" and not _in_range(value, schema):
        yield f"query {name}={value} is no integer in range"


def _in_range(value: str, schema: Json) -> bool:
    return value.isdecimal() and int(value) <= schema.get("maximum", int(value))


def _schemas(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for name, inner in node.items():
            if name not in ("example", "examples"):
                yield from _schemas(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _schemas(inner)


def _close(schema: Json) -> None:
    """Refuse unknown properties, and allow null where the words do but not the type."""
    if isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)
    if "null" in str(schema.get("description", "")) and schema.get("type") == "string":
        schema["type"] = ["string", "null"]


def _load() -> Contract | None:
    return Contract(json.loads(WHERE.read_text())) if WHERE.exists() else None


CONTRACT = _load()

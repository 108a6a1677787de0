"""Makes ``incidentio.json`` from the vendor's OpenAPI document.

``python -m tests.contract.trim openapi.json``. What stays is what is judged, of the
operations that the stand-in has: paths, names, types, enums, formats and limits. An
enum also has what the vendor's SDK knows beyond the document.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.incidentio import IncidentioSandbox
from tests.contract import WHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

JUDGED = (
    "type",
    "format",
    "required",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
)


def operations() -> set[str]:
    """Name each operation that the stand-in has; ids in paths are ``{}``."""
    rules = IncidentioSandbox(seed=False).wsgi.url_map.iter_rules()
    return {
        f"{method} {unnamed(rule.rule)}"
        for rule in rules
        if not rule.rule.startswith("/sandbox/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def unnamed(path: str) -> str:
    return re.sub(r"\{[^}]+\}|<[^>]+>", "{}", path)


def trimmed(document: Json) -> Json:
    """Keep the operations that are used, and the schemas that these refer to."""
    used = operations()
    kept = {
        f"{method.upper()} {path}": _operation(operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if f"{method.upper()} {unnamed(path)}" in used
    }
    every = document["components"]["schemas"]
    schemas: dict[str, Json] = {}
    missing = set(_references(kept))
    while missing:
        name = missing.pop()
        schemas[name] = _schema(every[name], name)
        missing |= set(_references(schemas[name])) - schemas.keys()
    return {"operations": kept, "schemas": schemas}


def _operation(operation: Json) -> Json:
    query = [p for p in operation.get("parameters", ()) if p["in"] == "query"]
    needed = sorted(p["name"] for p in query if p.get("required"))
    body = _content(operation.get("requestBody", {}))
    answers = {k: _content(v) for k, v in operation["responses"].items()}
    parts = {
        "query": {p["name"]: _schema(p["schema"], "") for p in query},
        "required": needed,
        "body": body,
    }
    return {**{k: v for k, v in parts.items() if v}, "answers": answers}


def _content(holder: Json) -> Json | None:
    content = holder.get("content")
    return _schema(content["application/json"]["schema"], "") if content else None


def _schema(schema: Json, name: str) -> Json:
    """Trim a schema; ``name`` is what the SDK calls it, to find the SDK's enum."""
    if "$ref" in schema:
        return {"$ref": f"#/schemas/{schema['$ref'].rpartition('/')[2]}"}
    kept = {key: schema[key] for key in JUDGED if key in schema}
    if kept.get("type") == "string" and "null" in schema.get("description", ""):
        kept["type"] = ["string", "null"]
    if "enum" in schema:
        kept["enum"] = sorted({*schema["enum"], *_known_to_sdk(name)})
    return {**kept, **_inner(schema, name)}


def _inner(schema: Json, name: str) -> Json:
    """Trim the schemas inside a schema."""
    found: Json = {}
    if "items" in schema:
        found["items"] = _schema(schema["items"], f"{name}Item")
    if "properties" in schema:
        found["properties"] = {
            key: _schema(inner, f"{name}{key.replace('_', '')}")
            for key, inner in schema["properties"].items()
        }
    if "additionalProperties" in schema:
        more = schema["additionalProperties"]
        found["additionalProperties"] = _schema(more, "") if more is not True else True
    return found


def _known_to_sdk(name: str) -> set[str]:
    from incident_io import models  # which takes a second

    names = {known.lower(): known for known in dir(models)}
    enum = getattr(models, names.get(name.lower(), ""), ())
    return {str(value) for value in enum}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def written(contract: Json) -> str:
    """Write a line for each operation and schema, so that changes are seen."""
    parts = []
    for part in ("operations", "schemas"):
        lines = [
            f"{json.dumps(name)}:"
            + json.dumps(contract[part][name], sort_keys=True, separators=(",", ":"))
            for name in sorted(contract[part])
        ]
        parts.append(f'"{part}":{{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main(arguments: list[str]) -> None:
    (source,) = arguments
    document = json.loads(Path(source).read_text())
    contract = trimmed(document)
    WHERE.write_text(written(contract))
    lacking = operations() - set(map(unnamed, contract["operations"]))
    if lacking:
        sys.exit(f"{source} has no {', '.join(sorted(lacking))}")


if __name__ == "__main__":
    main(sys.argv[1:])

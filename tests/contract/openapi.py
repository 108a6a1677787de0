"""The contract as an OpenAPI document, from which requests can be made up."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

SENT = ".sent"
"""Ends the names of schemas that are for requests: a null there is left out."""


def document(trimmed: Json) -> Json:
    """Return the whole contract as OpenAPI."""
    paths: Json = {}
    for name, operation in trimmed["operations"].items():
        method, path = name.split(" ")
        paths.setdefault(path, {})[method.lower()] = _operation(path, operation)
    schemas = {name: _moved(schema) for name, schema in trimmed["schemas"].items()}
    for name, schema in trimmed["schemas"].items():
        schemas[name + SENT] = _nullable(_moved(schema, SENT))
    return {
        "openapi": "3.1.0",
        "info": {"title": "incident.io", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(path: str, operation: Json) -> Json:
    made: Json = {
        "parameters": [*_in_path(path), *_in_query(operation)],
        "responses": {
            status: _answer(schema) for status, schema in operation["answers"].items()
        },
    }
    if "body" in operation:
        body = _json(_moved(operation["body"], SENT))
        made["requestBody"] = {"required": True, **body}
    return made


def _in_path(path: str) -> list[Json]:
    schema = {"type": "string", "minLength": 1}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _in_query(operation: Json) -> list[Json]:
    return [
        {
            "name": name,
            "in": "query",
            "required": name in operation.get("required", ()),
            "schema": _moved(schema),
            **({"style": "deepObject"} if schema.get("type") == "object" else {}),
        }
        for name, schema in operation.get("query", {}).items()
    ]


def _answer(schema: Json | None) -> Json:
    return {"description": "", **({} if schema is None else _json(_moved(schema)))}


def _json(schema: Any) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def _moved(node: Any, ending: str = "") -> Any:
    """Return a schema with its references as OpenAPI has them."""
    if isinstance(node, list):
        return [_moved(item, ending) for item in node]
    if not isinstance(node, dict):
        return node
    moved = {name: _moved(value, ending) for name, value in node.items()}
    if isinstance(node.get("$ref"), str):
        moved["$ref"] = f"#/components{node['$ref'][1:]}{ending}"
    return moved


def _nullable(node: Any) -> Any:
    """Let properties that may be left out be null as well."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {name: _nullable(value) for name, value in node.items()}
    if isinstance(properties := made.get("properties"), dict):
        needed = made.get("required", ())
        made["properties"] = {
            name: schema if name in needed else {"anyOf": [schema, {"type": "null"}]}
            for name, schema in properties.items()
        }
    return made

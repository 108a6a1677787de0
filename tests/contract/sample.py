"""Makes a value that fits a schema, with every property that it may have."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PLAIN: dict[str, Any] = {
    "string": "text",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
}
MOMENT = "2026-03-02T12:00:00Z"
LAST = {"after": ""}
"""Were there always a page after the page, a list would never end."""


def sample(
    schema: Json | None, schemas: dict[str, Json], inside: tuple[str, ...] = ()
) -> Any:
    """Make a value; a schema that is among those ``inside`` is left out."""
    if schema is None:
        return None
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return sample(schemas[name], schemas, (*inside, name))
    if schema.get("type") == "array":
        items = schema["items"]
        return [] if _recurs(items, inside) else [sample(items, schemas, inside)]
    if schema.get("type") == "object" or "properties" in schema:
        return _object(schema, schemas, inside)
    return _plain(schema)


def _object(schema: Json, schemas: dict[str, Json], inside: tuple[str, ...]) -> Json:
    named = {
        name: LAST[name] if name in LAST else sample(inner, schemas, inside)
        for name, inner in schema.get("properties", {}).items()
        if not _recurs(inner, inside)
    }
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        named["name"] = sample(more, schemas, inside)
    return named


def _recurs(schema: Json, inside: tuple[str, ...]) -> bool:
    return schema.get("$ref", "").rpartition("/")[2] in inside


def _plain(schema: Json) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "date-time":
        return MOMENT
    kind = schema.get("type", "string")
    value = PLAIN[kind[0] if isinstance(kind, list) else kind]
    return max(value, schema["minimum"]) if "minimum" in schema else value

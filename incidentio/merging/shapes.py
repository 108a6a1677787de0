"""Turns the JSON of the API's answers into the JSON of its payloads.

The two differ: an answer has labels beside values, for example. A shape turns one piece
of JSON and keeps properties that it does not know. JSON of another form than it expects
stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shape = Callable[[Any], Any]


def each(shape: Shape) -> Shape:
    """Return a shape that turns every item of a list."""

    def turn(value: Any) -> Any:
        return [shape(item) for item in value] if isinstance(value, list) else value

    return turn


def only(name: str) -> Shape:
    """Return a shape that replaces an object by its property ``name``."""

    def turn(value: Any) -> Any:
        return value[name] if isinstance(value, dict) and name in value else value

    return turn


def record(*without: str, **inner: Shape) -> Shape:
    """Return a shape that drops some properties and turns the ``inner`` ones."""

    def turn(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: inner[name](item) if name in inner else item
            for name, item in value.items()
            if name not in without
        }

    return turn


_value = record("label")
binding = record(value=_value, array_value=each(_value))
bindings = each(binding)
condition = record(
    subject=only("reference"), operation=only("value"), param_bindings=bindings
)

"""Turns what the API answers with into what it takes, property by property.

A shape turns one piece of JSON into another and keeps whatever it does not know. What
is not of the form that it expects is passed on as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shape = Callable[[Any], Any]


def each(shape: Shape) -> Shape:
    """Turn every item of a list."""

    def turn(value: Any) -> Any:
        return [shape(item) for item in value] if isinstance(value, list) else value

    return turn


def only(name: str) -> Shape:
    """Put what an object has under ``name`` in its place."""

    def turn(value: Any) -> Any:
        return value[name] if isinstance(value, dict) and name in value else value

    return turn


def record(*without: str, **inner: Shape) -> Shape:
    """Leave out the properties ``without``, and turn the ``inner`` ones."""

    def turn(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: inner[name](item) if name in inner else item
            for name, item in value.items()
            if name not in without
        }

    return turn

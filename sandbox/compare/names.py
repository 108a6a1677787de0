"""Replaces the names in recorded requests by values from the stand-ins' answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sandbox.company import CHANNELS, PEOPLE
from sandbox.compare.record import Shape

NAME = re.compile(r"\{(?P<kind>\w+)(?P<number>:\d+)?(?P<seconds>[+-]\d+)?\}")
NOBODY = "01ZZZZZZZZZZZZZZZZZZZZZZZZ"
"""An id that nothing in the stand-ins has."""
PERSON = PEOPLE[0]
KNOWN = {
    "user": PERSON.slack_id,
    "email": PERSON.email,
    "channel": CHANNELS[1].slack_id,
    "id": NOBODY,
}
"""Values for the first name of a kind, where no answer has given one."""
MADE = {"url": "https://example.com/{}", "digits": "10{}"}
"""Patterns for the values of further names; all other kinds become texts."""
PLAIN: dict[str, Any] = {
    "integer": 1,
    "number": 1.5,
    "clock": "09:00",
}


class Names:
    """The values of names; ``trigger`` issues a new ``trigger_id``."""

    def __init__(self, now: Callable[[], datetime], trigger: Callable[[], str]) -> None:
        self._now = now
        self._trigger = trigger
        self._values: dict[str, Any] = {}

    def fill(self, shape: Shape) -> Any:
        """Return a value of that shape."""
        if isinstance(shape, list):
            return [self.fill(each) for each in shape]
        if isinstance(shape, dict):
            if [*shape] == ["{json}"]:
                return json.dumps(self.fill(shape["{json}"]))
            return {self.fill(key): self.fill(each) for key, each in shape.items()}
        return self._value(shape) if isinstance(shape, str) else shape

    def path(self, template: str) -> str:
        return "/".join(str(self.fill(step)) for step in template.split("/"))

    def learn(self, shape: Shape, value: Any) -> None:
        """Take the values of names from an answer, by their places in the shape."""
        if isinstance(shape, dict) and isinstance(value, dict):
            for key in shape.keys() & value.keys():
                self.learn(shape[key], value[key])
        elif isinstance(shape, list) and isinstance(value, list):
            self._learn_items(shape, list(value))
        elif _is_name(shape) and isinstance(value, str):
            self._values.setdefault(shape, value)

    def _learn_items(self, shapes: list[Shape], values: list[Any]) -> None:
        """Pair each item that has a name with the value that is most like it."""
        for shape in filter(_has_name, shapes):
            if values:
                nearest = max(values, key=lambda value: _likeness(shape, value))
                values.remove(nearest)
                self.learn(shape, nearest)

    def _value(self, text: str) -> Any:
        named = NAME.fullmatch(text)
        if named is None:
            return text
        if named["number"]:
            return self._named(text, named["kind"], named["number"])
        moment = self._now() + timedelta(seconds=int(named["seconds"] or 0))
        match named["kind"]:
            case "time":
                return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
            case "ts":
                return f"{moment.timestamp():.6f}"
            case "date":
                return f"{moment:%Y-%m-%d}"
            case kind:
                return PLAIN.get(kind, "text")

    def _named(self, text: str, kind: str, number: str) -> Any:
        if kind == "trigger":
            return self._trigger()
        if text not in self._values:
            made = KNOWN.get(kind) if number == ":1" else None
            self._values[text] = made or MADE.get(kind, f"{kind} {{}}").format(
                number[1:]
            )
        return self._values[text]


def _is_name(shape: Shape) -> bool:
    named = NAME.fullmatch(shape) if isinstance(shape, str) else None
    return named is not None and named["number"] is not None


def _has_name(shape: Shape) -> bool:
    inside: Iterable[Shape] = ()
    if isinstance(shape, (dict, list)):
        inside = shape.values() if isinstance(shape, dict) else shape
    return _is_name(shape) or any(map(_has_name, inside))


def _likeness(shape: Shape, value: Any) -> int:
    """Count the values that are the same word, number or truth in both."""
    if isinstance(shape, dict) and isinstance(value, dict):
        return sum(_likeness(shape[key], value[key]) for key in shape.keys() & value)
    return int(type(shape) is type(value) and shape == value)

"""Checks that combine into schemas of Block Kit.

A check looks at a value and reports problems at JSON pointers, in Slack's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any, str, "Report"], None]


@dataclass(frozen=True, slots=True)
class Problem:
    pointer: str
    message: str
    constraint: Json | None = None

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


@dataclass
class Report:
    problems: list[Problem] = field(default_factory=list)

    def add(self, pointer: str, message: str, **constraint: Any) -> None:
        self.problems.append(Problem(pointer, message, constraint or None))


def string(most: int | None = None, least: int = 1) -> Check:
    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add(at, "must provide a string", type="string")
        elif len(value) < least:
            message = f"must be more than {least - 1} characters"
            report.add(at, message, type="min_length", expected=least)
        elif most is not None and len(value) > most:
            message = f"must be less than {most + 1} characters"
            report.add(at, message, type="max_length", expected=most)

    return check


def matching(form: str, accepts: Callable[[str], object], message: str) -> Check:
    """Accept a string of this form; ``accepts`` raises ValueError for a bad one."""
    pattern = re.compile(form)

    def check(value: Any, at: str, report: Report) -> None:
        sound = isinstance(value, str) and pattern.fullmatch(value)
        with suppress(ValueError):
            if sound:
                accepts(value)
                return
        report.add(at, message, type="format")

    return check


def boolean(value: Any, at: str, report: Report) -> None:
    if not isinstance(value, bool):
        report.add(at, "must be a boolean", type="boolean")


def integer(least: int, most: int) -> Check:
    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add(at, "must be an integer", type="integer")
        elif not least <= value <= most:
            report.add(at, f"must be between {least} and {most}", type="range")

    return check


def number(value: Any, at: str, report: Report) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value):
        report.add(at, "must be a number", type="number")


def positive(value: Any, at: str, report: Report) -> None:
    before = len(report.problems)
    number(value, at, report)
    if len(report.problems) == before and value <= 0:
        report.add(at, "must be more than 0", type="min", expected=0)


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str, report: Report) -> None:
        if value not in allowed:
            message = "must be a valid enum value"
            report.add(at, message, type="enum", expected=list(allowed))

    return check


def array(item: Check, *, least: int = 1, most: int) -> Check:
    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add(at, "must provide an array", type="array")
            return
        if len(value) < least:
            report.add(at, f"must provide at least {least} items", type="min_items")
        if len(value) > most:
            report.add(at, f"no more than {most} items allowed", type="max_items")
        for index, member in enumerate(value):
            item(member, f"{at}/{index}", report)

    return check


def record(
    keys: Mapping[str, Check],
    *,
    required: Sequence[str] = (),
    rules: Sequence[Check] = (),
) -> Check:
    """Accept an object with these keys only; rules run once its members are valid."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(at, "must provide an object", type="object")
            return
        before = len(report.problems)
        _members(keys, required, value, at, report)
        if len(report.problems) == before:
            for rule in rules:
                rule(value, at, report)

    return check


def _members(
    keys: Mapping[str, Check],
    required: Sequence[str],
    value: Json,
    at: str,
    report: Report,
) -> None:
    for key in required:
        if value.get(key) is None:
            report.add(at, f"missing required field: {key}", type="required")
    for key, member in value.items():
        if key not in keys:
            report.add(at, f"invalid additional property: {key}", type="additional")
        elif member is not None:
            keys[key](member, f"{at}/{key}", report)


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Accept one of several objects, told apart by ``type``."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(at, "must provide an object", type="object")
        elif "type" not in value:
            report.add(at, "missing required field: type", type="required")
        elif value["type"] not in kinds:
            message = f"unsupported type: {value['type']}"
            report.add(f"{at}/type", message, type="enum", expected=list(kinds))
        else:
            kinds[value["type"]](value, at, report)

    return check


def anything(_value: Any, _at: str, _report: Report) -> None:
    """Accept any value."""

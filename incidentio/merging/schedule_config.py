"""Checks a schedule's config against what the API takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from incidentio.merging.path_shape import Fault, Pointer
from incidentio.on_call.coverage import WEEKDAYS

Validator = Callable[[Any, Pointer], Iterator[Fault]]
"""Yields the faults of a value that is at this place."""

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def faults(config: Any, before: Any) -> list[Fault]:
    """Return what is wrong in a config, and where.

    Properties that the API does not document are no fault if ``before`` has them.
    """
    return list(_config(_names(before))(config, ()))


def _names(value: Any) -> frozenset[str]:
    """Return the names of all properties, at any depth."""
    if isinstance(value, list):
        return frozenset(name for item in value for name in _names(item))
    if not isinstance(value, dict):
        return frozenset()
    return frozenset(value).union(*(_names(item) for item in value.values()))


def _config(known: frozenset[str]) -> Validator:
    interval = _record(
        {"weekday": _choice(*WEEKDAYS), "start_time": _clock, "end_time": _clock},
        ("weekday", "start_time", "end_time"),
        known,
    )
    handover = _record(
        {"interval": _count, "interval_type": _choice("hourly", "daily", "weekly")},
        ("interval", "interval_type"),
        known,
    )
    layer = _record({"id": _text, "name": _text}, (), known)
    user = _record({"id": _text, "email": _text, "slack_user_id": _text}, (), known)
    rotation = _record(
        {
            "id": _text,
            "name": _text,
            "effective_from": _moment,
            "handover_start_at": _moment,
            "handovers": _list(handover),
            "layers": _list(layer),
            "scheduling_mode": _choice("fair", "sequential"),
            "users": _list(_named_by(user)),
            "working_interval": _list(interval),
            "working_intervals": _list(interval),
        },
        ("name",),
        known,
    )
    return _record({"rotations": _list(rotation)}, ("rotations",), known)


def _record(
    properties: Mapping[str, Validator], needed: tuple[str, ...], known: frozenset[str]
) -> Validator:
    def check(value: Any, at: Pointer) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield at, "This must be an object."
            return
        missing = (name for name in needed if value.get(name) is None)
        yield from ((at, f"“{name}” is missing.") for name in missing)
        for name in sorted(value.keys() - properties.keys() - known):
            yield (*at, name), _strange(name, properties)
        for name, property_check in properties.items():
            given = value.get(name) is not None
            yield from property_check(value[name], (*at, name)) if given else ()

    return check


def _strange(name: str, properties: Mapping[str, Validator]) -> str:
    meant = get_close_matches(name, properties, 1)
    hint = f" Did you mean “{meant[0]}”?" if meant else ""
    return f"incident.io takes no “{name}” here.{hint}"


def _list(item_check: Validator) -> Validator:
    def check(value: Any, at: Pointer) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield at, "This must be a list."
            return
        for index, item in enumerate(value):
            yield from item_check(item, (*at, index))

    return check


def _named_by(object_check: Validator) -> Validator:
    def check(value: Any, at: Pointer) -> Iterator[Fault]:
        yield from object_check(value, at)
        ways = ("id", "email", "slack_user_id")
        if isinstance(value, dict) and not any(value.get(way) for way in ways):
            yield at, "Name a person by “id”, “email” or “slack_user_id”."

    return check


def _choice(*allowed: str) -> Validator:
    def check(value: Any, at: Pointer) -> Iterator[Fault]:
        if value not in allowed:
            yield at, f"This must be one of {', '.join(allowed)}."

    return check


def _text(value: Any, at: Pointer) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield at, "This must be a text that is not empty."


def _count(value: Any, at: Pointer) -> Iterator[Fault]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        yield at, "This must be a whole number, 1 or more."


def _clock(value: Any, at: Pointer) -> Iterator[Fault]:
    if not isinstance(value, str) or not CLOCK.fullmatch(value):
        yield at, "This must be a time like 09:00."


def _moment(value: Any, at: Pointer) -> Iterator[Fault]:
    try:
        good = datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        good = False
    if not good:
        yield at, "This must be a moment like 2026-03-09T09:00:00Z."

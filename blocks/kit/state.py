"""Reads the values that a person entered: ``view.state.values``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from blocks.kit.fields import Value


def read(element: Mapping[str, Any]) -> Value:
    """Return the value of one element of ``state.values``, by its type."""
    kind = str(element.get("type", "")).removeprefix("multi_")
    many = str(element.get("type", "")).startswith("multi_") or kind == "checkboxes"
    if many:
        return _READ_MANY.get(kind, _options)(element)
    return _READ_ONE.get(kind, _value)(element)


def _value(element: Mapping[str, Any]) -> Value:
    value = element.get("value")
    return str(value).strip() or None if value is not None else None


def _option(element: Mapping[str, Any]) -> Value:
    option = element.get("selected_option")
    return str(option["value"]) if option else None


def _options(element: Mapping[str, Any]) -> Value:
    return tuple(str(o["value"]) for o in element.get("selected_options") or ())


def _moment(element: Mapping[str, Any]) -> Value:
    seconds = element.get("selected_date_time")
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _day(element: Mapping[str, Any]) -> Value:
    day = element.get("selected_date")
    return date.fromisoformat(day) if day else None


def _time(element: Mapping[str, Any]) -> Value:
    moment = element.get("selected_time")
    return time.fromisoformat(moment) if moment else None


def _id(key: str) -> Callable[[Mapping[str, Any]], Value]:
    return lambda element: element.get(key) or None


def _ids(key: str) -> Callable[[Mapping[str, Any]], Value]:
    return lambda element: tuple(element.get(key) or ())


_READ_ONE: Mapping[str, Callable[[Mapping[str, Any]], Value]] = {
    "static_select": _option,
    "external_select": _option,
    "radio_buttons": _option,
    "users_select": _id("selected_user"),
    "channels_select": _id("selected_channel"),
    "conversations_select": _id("selected_conversation"),
    "datetimepicker": _moment,
    "datepicker": _day,
    "timepicker": _time,
}
_READ_MANY: Mapping[str, Callable[[Mapping[str, Any]], Value]] = {
    "users_select": _ids("selected_users"),
    "channels_select": _ids("selected_channels"),
    "conversations_select": _ids("selected_conversations"),
}

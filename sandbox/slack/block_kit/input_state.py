"""The state of inputs: at first, after somebody entered something, and its errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sandbox.slack.block_kit.objects import options_of
from sandbox.slack.block_kit.schema import Json
from sandbox.slack.block_kit.traversal import elements_in

Finder = Callable[[str], str]
"""Returns the id of the person or the channel that has a name."""


class StateKeys(NamedTuple):
    """The properties that hold the state of an element, and its initial state."""

    key: str
    initial: str
    many: bool = False


OPTION = StateKeys("selected_option", "initial_option")
OPTIONS = StateKeys("selected_options", "initial_options", many=True)
TEXT = StateKeys("value", "initial_value")
STATEFUL: dict[str, StateKeys] = {
    "plain_text_input": TEXT,
    "number_input": TEXT,
    "url_text_input": TEXT,
    "email_text_input": TEXT,
    "rich_text_input": StateKeys("rich_text_value", "initial_value"),
    "static_select": OPTION,
    "external_select": OPTION,
    "radio_buttons": OPTION,
    "multi_static_select": OPTIONS,
    "multi_external_select": OPTIONS,
    "checkboxes": OPTIONS,
    "users_select": StateKeys("selected_user", "initial_user"),
    "multi_users_select": StateKeys("selected_users", "initial_users", many=True),
    "conversations_select": StateKeys("selected_conversation", "initial_conversation"),
    "multi_conversations_select": StateKeys(
        "selected_conversations", "initial_conversations", many=True
    ),
    "channels_select": StateKeys("selected_channel", "initial_channel"),
    "multi_channels_select": StateKeys(
        "selected_channels", "initial_channels", many=True
    ),
    "datepicker": StateKeys("selected_date", "initial_date"),
    "timepicker": StateKeys("selected_time", "initial_time"),
    "datetimepicker": StateKeys("selected_date_time", "initial_date_time"),
}


def stateful_elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    for block, element in elements_in(blocks):
        if element["type"] in STATEFUL:
            yield block, element


def initial_state(element: Json, channel: str | None = None) -> Json:
    holds = STATEFUL[element["type"]]
    value = element.get(holds.initial)
    if value is None and element.get("default_to_current_conversation") and channel:
        value = [channel] if holds.many else channel
    if value is None and holds.many:
        value = []
    return {"type": element["type"], holds.key: value}


def values_of(
    blocks: Sequence[Json], before: Json | None = None, channel: str | None = None
) -> Json:
    """Return ``state.values``; what was entered stays where the ids are the same."""
    values: Json = {}
    for block, element in stateful_elements(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        kept = (before or {}).get(block_id, {}).get(action_id)
        if not kept or kept["type"] != element["type"]:
            kept = initial_state(element, channel)
        values.setdefault(block_id, {})[action_id] = kept
    return values


def entered_state(element: Json, value: Any, find: Finder) -> Json:
    """Return the state of an element once somebody entered a value."""
    holds = STATEFUL[element["type"]]
    if holds.many:
        several = [] if value is None else value
        several = several if isinstance(several, list | tuple | set) else [several]
        stored: Any = [_one(element, item, find) for item in several]
        stored = _in_order(element, stored)
    else:
        stored = None if value in (None, "") else _one(element, value, find)
    return {"type": element["type"], holds.key: stored}


def _in_order(element: Json, chosen: list[Any]) -> list[Any]:
    """Sort the chosen checkboxes in the order they are shown, as Slack does."""
    if element["type"] != "checkboxes":
        return chosen
    return [option for option in element["options"] if option in chosen]


def _one(element: Json, value: Any, find: Finder) -> Any:
    kind = element["type"].removeprefix("multi_")
    if kind in ("static_select", "external_select", "radio_buttons", "checkboxes"):
        return find_option(element, value)
    if kind in ("users_select", "conversations_select", "channels_select"):
        return find(str(value))
    if isinstance(value, date | time):
        return _moment(kind, value)
    if kind == "datetimepicker":
        return int(value)
    return value if kind == "rich_text_input" else str(value)


def _moment(kind: str, value: date | time) -> str | int:
    if kind == "datetimepicker" and isinstance(value, datetime):
        return int(value.timestamp())
    if kind == "timepicker":
        return f"{value:%H:%M}"
    return f"{value:%Y-%m-%d}"


def find_option(element: Json, wanted: Any) -> Json:
    """Return an option by its value or its label; an option itself is passed on.

    Raises: LookupError when no option is called so.
    """
    if isinstance(wanted, dict):
        return wanted
    options = options_of(element)
    for option in options:
        if str(wanted) in (option.get("value"), option["text"]["text"]):
            return option
    labels = [option["text"]["text"] for option in options]
    raise LookupError(f"no option is called {wanted!r}; there are {labels}")


def input_error(block: Json, state: Json) -> str | None:
    """Return the error that Slack shows beside an input; None: it can be submitted."""
    element = block["element"]
    value = state[STATEFUL[element["type"]].key]
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    checks: dict[str, Callable[[Json, Any], str | None]] = {
        "plain_text_input": _wrong_length,
        "number_input": _wrong_number,
        "email_text_input": _wrong_email,
        "url_text_input": _wrong_url,
    }
    check = checks.get(element["type"], _too_many)
    return check(element, value)


def _wrong_length(element: Json, value: str) -> str | None:
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(value) > most else None


def _wrong_number(element: Json, value: str) -> str | None:
    form = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(form, value):
        return "Please enter a valid number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Please enter a number of at least {least}."
    if most is not None and float(value) > float(most):
        return f"Please enter a number of at most {most}."
    return None


def _wrong_email(_element: Json, value: str) -> str | None:
    sound = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value)
    return None if sound else "Please enter a valid email address."


def _wrong_url(_element: Json, value: str) -> str | None:
    return None if re.match(r"https?://\S+$", value) else "Please enter a valid URL."


def _too_many(element: Json, value: Any) -> str | None:
    most = element.get("max_selected_items")
    with suppress(TypeError):
        if most and len(value) > most:
            return f"Please choose at most {most}."
    return None

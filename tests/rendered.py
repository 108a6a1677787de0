"""Whether all that can be pressed or chosen on a surface has somebody listening."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from blocks.kit.boxes import name_of
from blocks.kit.form import MORE
from blocks.kit.messages import WITH
from blocks.kit.text import BLANK
from handlers.core.pipeline.router import Router, UnknownCommand

SELF_CONTAINED = {
    "users_select",
    "multi_users_select",
    "conversations_select",
    "plain_text_input",
    "number_input",
    "url_text_input",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "checkboxes",
    "radio_buttons",
    "static_select",
    "multi_static_select",
}
"""Inputs of a form: read when it is submitted."""


def unanswered(router: Router, payload: Mapping[str, Any]) -> list[str]:
    """Name what nobody listens to in a message or a view."""
    found = [
        fault
        for block in payload.get("blocks") or ()
        for fault in _block(router, block, payload)
    ]
    submits = payload.get("type") == "modal" and payload.get("submit")
    if submits and payload["callback_id"] not in router.submissions:
        found.append(f"callback_id {payload['callback_id']}")
    return found


def _block(
    router: Router, block: Mapping[str, Any], surface: Mapping[str, Any]
) -> Iterator[str]:
    if block["type"] == "input":
        yield from _input(router, block, surface)
    elif block.get("block_id") == MORE:
        yield from _live(router, block, surface)
    else:
        yield from _pressed(router, block)
        for child in block.get("child_blocks", ()):
            yield from _block(router, child, surface)


def _pressed(router: Router, block: Mapping[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or ()
    for element in (*elements, block.get("accessory")):
        pressed = isinstance(element, dict) and "action_id" in element
        if pressed and not _answered(router, element, block.get("block_id", "")):
            yield f"{element['action_id']} {element.get('value')}"


def _live(
    router: Router, block: Mapping[str, Any], surface: Mapping[str, Any]
) -> Iterator[str]:
    key = f"{surface.get('callback_id')}/{name_of(block['block_id'])}"
    if key not in router.changes:
        yield f"live field {key}"


def _input(
    router: Router, block: Mapping[str, Any], surface: Mapping[str, Any]
) -> Iterator[str]:
    element = block["element"]
    if "external" in element["type"]:
        if element["action_id"].partition(".")[0] not in router.sources:
            yield f"option source {element['action_id']}"
    elif element["type"] not in SELF_CONTAINED:
        yield f"input {element['type']}"
    if block.get("dispatch_action"):
        yield from _live(router, block, surface)


def _answered(router: Router, element: Mapping[str, Any], block_id: str) -> bool:
    if element.get("url"):
        return True
    if element["type"] == "external_select":
        known = element["action_id"].partition(".")[0] in router.sources
        return known and _routed(router, block_id.replace(BLANK, "x"))
    if element["type"] == "users_select":
        verb, _, line = element["action_id"].partition(".")
        return verb == WITH and _routed(router, line.replace(BLANK, "<@U0ANA>"))
    if {"options", "option_groups"} & {*element} and BLANK in block_id:
        return _routed(router, block_id.replace(BLANK, "x"))
    options = [o for o in element.get("options", ()) if "url" not in o]
    values = [o["value"] for o in options] or [element.get("value", "")]
    verb = element["action_id"].partition(".")[0]
    return verb in ("run", "turn") and all(_routed(router, value) for value in values)


@cache
def _routed(router: Router, line: str) -> bool:
    return not isinstance(router.route(line), UnknownCommand)


def surfaces(calls: Any) -> Iterator[Mapping[str, Any]]:
    """Every message and view among recorded calls."""
    for call in calls:
        for name in ("view", None):
            part = call.args.get(name) if name else call.args
            part = json.loads(part) if isinstance(part, str) else part
            if isinstance(part, Mapping):
                blocks = part.get("blocks")
                blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
                yield {**part, "blocks": blocks or []}

"""A line for each delivery, for whoever started the sandbox in a terminal."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.workspace.records import Json

LONGEST = 60


def line(delivery: Delivery, who: str) -> str:
    """Return who did what, how long the app took, and what it answered."""
    did = " ".join(_deed(delivery).split())
    if len(did) > LONGEST:
        did = f"{did[: LONGEST - 1]}…"
    ms = f"{delivery.seconds * 1000:.0f} ms"
    taker = f"  {delivery.taker}" if delivery.taker[-1:].isdigit() else ""
    return f"{who:<8}{did:<{LONGEST}}{ms:>8}  {_answer(delivery)}{taker}"


def _deed(delivery: Delivery) -> str:
    payload = delivery.payload
    if delivery.type == "events_api":
        kind = delivery.kind.replace("_", " ")
        return f"{kind} {payload['event'].get('text', '')}"
    if delivery.kind in VIEWS:
        return f"{VIEWS[delivery.kind]} “{payload['view']['title']['text']}”"
    return OTHERS[delivery.kind](payload)


def _used(action: Json) -> str:
    """Return what was pressed or chosen."""
    if "text" in action:
        return f"presses “{action['text']['text']}”"
    option = action.get("selected_option") or {"text": {"text": action["action_id"]}}
    return f"chooses “{option['text']['text']}”"


VIEWS = {"view_submission": "submits", "view_closed": "closes"}
OTHERS: dict[str, Callable[[Json], str]] = {
    "slash_commands": lambda sent: f"{sent['command']} {sent['text']}",
    "block_actions": lambda sent: _used(sent["actions"][0]),
    "block_suggestion": lambda sent: f"types “{sent['value']}” in {sent['action_id']}",
    "shortcut": lambda sent: f"shortcut {sent['callback_id']}",
    "message_action": lambda sent: f"shortcut {sent['callback_id']} on a message",
}


def _answer(delivery: Delivery) -> str:
    if delivery.error:
        return delivery.error
    if delivery.errors:
        return f"{delivery.status}, errors: {', '.join(delivery.errors)}"
    done = delivery.answer.get("response_action")
    return f"{delivery.status}, {done}" if done else str(delivery.status)

"""The shapes of Slack's deliveries, as far as the bot relies on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.core.pipeline.interaction import is_addressed

ACTED = ("user.id", "trigger_id")

NEEDED: Mapping[str, tuple[str, ...]] = {
    "block_actions": (*ACTED, "actions.0.action_id"),
    "view_submission": ("user.id", "view.id", "view.callback_id"),
    "view_closed": ("user.id", "view.id"),
    "block_suggestion": ("user.id", "action_id"),
    "shortcut": (*ACTED, "callback_id"),
    "message_action": (*ACTED, "callback_id"),
    "event_callback": ("event_id", "event.type"),
    "url_verification": ("challenge",),
}
"""For each type of delivery, the paths at which it must have a string."""
COMMAND = ("command", "user_id", "channel_id", "trigger_id")
HEARD = ("event.user", "event.channel")
"""The same for a message that a person wrote."""
SHARED = (*HEARD, "event.message_ts")
"""The same for links that a person posted."""
OBJECTS = (
    "user",
    "view",
    "event",
    "channel",
    "container",
    "message",
    "view.state",
    "view.state.values",
)
"""Paths at which there must be an object, if there is anything."""


def is_well_formed(body: Mapping[str, Any]) -> bool:
    """Return whether a delivery has what is needed to read it."""
    if "ssl_check" in body:
        return True
    needed = COMMAND if "command" in body else NEEDED.get(str(body.get("type")))
    if needed is None or not all(_is_object(body, path) for path in OBJECTS):
        return False
    event = body.get("event") or {}
    if is_addressed(event):
        needed = (*needed, *HEARD)
    if event.get("type") == "link_shared":
        needed = (*needed, *SHARED)
        if not _are_links(event.get("links")):
            return False
    return all(isinstance(_at(body, path), str) for path in needed)


def _are_links(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(_at(link, "url"), str) for link in found
    )


def _is_object(body: Mapping[str, Any], path: str) -> bool:
    found = _at(body, path)
    return found is None or isinstance(found, Mapping)


def _at(body: object, path: str) -> object:
    """Return what stands at a path such as ``actions.0.action_id``, or None."""
    found = body
    for step in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and found and step == "0":
            found = found[0]
        else:
            return None
    return found

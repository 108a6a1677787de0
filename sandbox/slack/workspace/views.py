"""Views: each person's stack of modals, and their home."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sandbox.slack.block_kit.input_state import values_of
from sandbox.slack.block_kit.views import check_view
from sandbox.slack.errors import Refused
from sandbox.slack.workspace.content import lacking, with_ids
from sandbox.slack.workspace.records import Json, View
from sandbox.slack.workspace.store import Workspace

DEEPEST = 3
LARGEST = 250_000
TRIGGER_LIFETIME = 3.0
"""Seconds within which an app must use a ``trigger_id``."""


@dataclass
class IssuedTrigger:
    user: str
    issued_at: float
    channel: str | None
    view_id: str | None
    """The modal in which it was issued, if any."""
    used: bool = False


@dataclass
class Triggers:
    clock: Callable[[], float]
    _issued: dict[str, IssuedTrigger] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def issue(
        self, user: str, *, channel: str | None = None, view_id: str | None = None
    ) -> str:
        id_ = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}"
        id_ += f".{secrets.token_hex(16)}"
        with self._lock:
            self._issued[id_] = IssuedTrigger(user, self.clock(), channel, view_id)
        return id_

    def exchange(self, trigger_id: str) -> IssuedTrigger:
        with self._lock:
            trigger = self._issued.get(trigger_id)
            if trigger is None:
                messages = ("invalid `trigger_id`",)
                raise Refused("invalid_arguments", messages=messages)
            if trigger.used:
                raise Refused("exchanged_trigger_id")
            if self.clock() - trigger.issued_at > TRIGGER_LIFETIME:
                raise Refused("expired_trigger_id")
            trigger.used = True
            return trigger


@dataclass
class Views:
    workspace: Workspace
    triggers: Triggers

    def open(self, trigger_id: str, content: Any) -> View:
        checked = self._checked(content, "modal")
        trigger = self.triggers.exchange(trigger_id)
        view = self._new(trigger.user, checked, channel=trigger.channel)
        with self.workspace.changed:
            self.workspace.stacks[trigger.user] = [view]
        self.workspace.touch()
        return view

    def push(self, trigger_id: str, content: Any) -> View:
        checked = self._checked(content, "modal")
        trigger = self.triggers.exchange(trigger_id)
        if not self.workspace.stacks[trigger.user]:
            words = "must match the `type` of the root view whose stack we're pushing"
            message = f"[ERROR] {words} onto [json-pointer:/view/type]"
            raise Refused("invalid_arguments", messages=(message,))
        return self.stack(trigger.user, checked)

    def stack(self, user: str, content: Json) -> View:
        """Push a modal onto a person's stack."""
        with self.workspace.changed:
            stack = self.workspace.stacks[user]
            if len(stack) >= DEEPEST:
                raise Refused("push_limit_reached")
            channel = stack[-1].response_channel
            view = self._new(user, content, channel=channel, under=stack[-1])
            stack.append(view)
        self.workspace.touch()
        return view

    def update(self, view: View, content: Any, hash_: str | None = None) -> View:
        """Replace the content; what was entered stays where the ids are the same."""
        checked = self._checked(content, view.content["type"], view)
        with self.workspace.changed:
            if hash_ and hash_ != view.hash:
                raise Refused("hash_conflict")
            view.content = checked | {"blocks": with_ids(checked["blocks"])}
            view.values = values_of(view.blocks, view.values, view.response_channel)
            view.errors = {}
            view.hash = self._hash()
        self.workspace.touch()
        return view

    def publish(self, user: str, content: Any, hash_: str | None = None) -> View:
        checked = self._checked(content, "home")
        known = self.workspace.homes.get(user)
        if known:
            return self.update(known, checked, hash_)
        view = self._new(user, checked)
        self.workspace.homes[user] = view
        self.workspace.touch()
        return view

    def find(self, view_id: str | None, external_id: str | None) -> View:
        if view_id:
            return self.workspace.view(view_id)
        stacks = list(self.workspace.stacks.values())
        for view in (view for stack in stacks for view in stack):
            if external_id and view.content.get("external_id") == external_id:
                return view
        raise Refused("not_found")

    def close(self, view: View) -> bool:
        """Close a modal and those above it; return whether it was open."""
        with self.workspace.changed:
            stack = self.workspace.stacks[view.user]
            if view not in stack:
                return False
            del stack[stack.index(view) :]
        self.workspace.touch()
        return True

    def clear(self, user: str) -> None:
        with self.workspace.changed:
            self.workspace.stacks[user].clear()
        self.workspace.touch()

    def check_modal(self, content: Any) -> Json:
        return self._checked(content, "modal")

    def _checked(self, content: Any, kind: str, instead: View | None = None) -> Json:
        if isinstance(content, dict) and content.get("type") not in (kind, None):
            message = "[ERROR] must match the `type` of the view [json-pointer:/view]"
            raise Refused("invalid_arguments", messages=(message,))
        problems = check_view(content) or lacking(
            content["blocks"], self.workspace.unsupported_blocks, "/view/blocks"
        )
        if problems:
            messages = tuple(f"[ERROR] {problem}" for problem in problems)
            raise Refused("invalid_arguments", messages=messages)
        if len(json.dumps(content)) > LARGEST:
            raise Refused("view_too_large")
        self._own_external_id(content, instead)
        return dict(content)

    def _own_external_id(self, content: Json, instead: View | None) -> None:
        external_id = content.get("external_id")
        for stack in list(self.workspace.stacks.values()):
            for view in stack:
                same = view.content.get("external_id") == external_id
                if external_id and same and view is not instead:
                    raise Refused("duplicate_external_id")

    def _hash(self) -> str:
        return f"{int(self.workspace.now().timestamp())}.{secrets.token_hex(4)}"

    def _new(
        self,
        user: str,
        content: Json,
        *,
        channel: str | None = None,
        under: View | None = None,
    ) -> View:
        id_ = self.workspace.new_id("V")
        blocks = with_ids(content["blocks"])
        return View(
            id_,
            user,
            content | {"blocks": blocks},
            self._hash(),
            root_id=under.root_id if under else id_,
            previous_id=under.id if under else None,
            values=values_of(blocks, channel=channel),
            response_channel=channel,
        )

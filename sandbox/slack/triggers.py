"""``trigger_id``: what lets an app open a modal, once, within three seconds."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from sandbox.slack.errors import Refused

LIFETIME = 3.0


@dataclass
class Trigger:
    user: str
    issued_at: float
    channel: str | None
    view_id: str | None
    """The modal it was given in, if any."""
    used: bool = False


@dataclass
class Triggers:
    clock: Callable[[], float]
    _issued: dict[str, Trigger] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def issue(
        self, user: str, *, channel: str | None = None, view_id: str | None = None
    ) -> str:
        id_ = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}"
        id_ += f".{secrets.token_hex(16)}"
        with self._lock:
            self._issued[id_] = Trigger(user, self.clock(), channel, view_id)
        return id_

    def exchange(self, trigger_id: str) -> Trigger:
        with self._lock:
            trigger = self._issued.get(trigger_id)
            if trigger is None:
                messages = ("invalid `trigger_id`",)
                raise Refused("invalid_arguments", messages=messages)
            if trigger.used:
                raise Refused("exchanged_trigger_id")
            if self.clock() - trigger.issued_at > LIFETIME:
                raise Refused("expired_trigger_id")
            trigger.used = True
            return trigger

"""``response_url``: each may be used five times in half an hour."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.slack.errors import Refused
from sandbox.slack.workspace.content import checked_blocks, checked_text
from sandbox.slack.workspace.records import BOT_USER, Json, Message
from sandbox.slack.workspace.store import Workspace

LIFETIME = timedelta(minutes=30)
MOST_USES = 5


@dataclass
class ResponseUrl:
    user: str
    channel: str
    message: Message | None
    issued_at: datetime
    uses: int = 0


@dataclass
class ResponseUrls:
    workspace: Workspace
    _issued: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(self, user: str, channel: str, message: Message | None = None) -> str:
        """Return the path of a new response_url on this server."""
        key = secrets.token_hex(12)
        now = self.workspace.now()
        self._issued[key] = ResponseUrl(user, channel, message, now)
        return f"/response/{key}"

    def use(self, key: str, body: Any) -> None:
        if not isinstance(body, dict):
            raise Refused("invalid_payload", status=400)
        with self.workspace.changed:
            url = self._usable(key)
            url.uses += 1
        try:
            self.say(url, body)
        except Refused as error:
            url.uses -= 1
            error.status = 400
            raise

    def _usable(self, key: str) -> ResponseUrl:
        url = self._issued.get(key)
        if url is None:
            raise Refused("invalid_url", status=404)
        if self.workspace.now() - url.issued_at > LIFETIME:
            self.workspace.record_violation("a response_url was used after 30 minutes")
            raise Refused("expired_url", status=404)
        if url.uses >= MOST_USES:
            self.workspace.record_violation("a response_url was used more than 5 times")
            raise Refused("used_url", status=404)
        return url

    def say(self, url: ResponseUrl, body: Json) -> None:
        if body.get("delete_original"):
            if url.message:
                self.workspace.delete(url.message)
            return
        blocks = checked_blocks(body.get("blocks"), self.workspace.unsupported_blocks)
        text = checked_text(body.get("text"), without=bool(blocks))
        if body.get("replace_original") and url.message:
            self.workspace.edit(url.message, text=text, blocks=blocks, state={})
            return
        public = body.get("response_type") == "in_channel"
        self.workspace.write(
            self.workspace.channels[url.channel],
            BOT_USER,
            text=text,
            blocks=blocks,
            thread_ts=body.get("thread_ts"),
            ephemeral_to=None if public else url.user,
        )

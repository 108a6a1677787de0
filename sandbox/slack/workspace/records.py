"""Users, channels, messages and views, with their JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.slack.block_kit.traversal import buttons_in, visible_text

TEAM = "T0ACME"
DOMAIN = "acme"
APP = "A0BOT"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
BOT_NAME = "incidentio-bot"
CREATED = 1_704_067_200
"""When all channels were made."""
VERIFICATION_TOKEN = "sandbox-verification"

Json = dict[str, Any]


@dataclass
class User:
    id: str
    handle: str
    name: str
    email: str
    timezone: str
    active: bool = True
    is_bot: bool = False
    team: str = TEAM
    enterprise: str | None = None
    guest: Literal["", "one channel", "several channels"] = ""

    def as_json(self, now: datetime, *, with_email: bool = True) -> Json:
        offset = now.astimezone(ZoneInfo(self.timezone)).utcoffset()
        profile: Json = {
            "title": "",
            "phone": "",
            "real_name": self.name,
            "real_name_normalized": self.name,
            "display_name": self.handle,
            "display_name_normalized": self.handle,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": "",
            "team": self.team,
        }
        if with_email:
            profile["email"] = self.email
        within = {"enterprise_user": {"enterprise_id": self.enterprise}}
        return (within if self.enterprise else {}) | {
            "id": self.id,
            "team_id": self.team,
            "name": self.handle,
            "deleted": not self.active,
            "real_name": self.name,
            "tz": self.timezone,
            "tz_label": self.timezone,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": bool(self.guest),
            "is_ultra_restricted": self.guest == "one channel",
            "updated": int(now.timestamp()),
        }


@dataclass(eq=False)
class Message:
    """A message as it is now; edits change it."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    metadata: Json | None = None
    edited: bool = False
    broadcast: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    state: dict[str, Json] = field(default_factory=dict)
    """User id to ``state.values``: what each person chose in it."""
    is_bot: bool = True
    unfurls: dict[str, list[Json]] = field(default_factory=dict)
    """The cards of its links: the address to the blocks."""
    pinned_by: str | None = None
    """The user who pinned it in its channel."""

    @property
    def ephemeral(self) -> bool:
        return self.ephemeral_to is not None

    @property
    def buttons(self) -> list[str]:
        return buttons_in(self.blocks)

    @property
    def words(self) -> str:
        """All visible text: of the blocks, or without any the text."""
        return visible_text(self.blocks) if self.blocks else self.text

    def as_json(self, *, with_metadata: bool = True) -> Json:
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts}
        shown |= {"text": self.text, "team": TEAM}
        if self.is_bot:
            shown |= {"bot_id": BOT_ID, "app_id": APP}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        return shown | self._extras(with_metadata=with_metadata)

    def _extras(self, *, with_metadata: bool) -> Json:
        extras: Json = {}
        if self.edited:
            extras["edited"] = {"user": self.user, "ts": self.ts}
        if self.metadata and with_metadata:
            extras["metadata"] = self.metadata
        if self.unfurls:
            extras["attachments"] = [
                {"id": number, "from_url": url, "is_app_unfurl": True, "blocks": blocks}
                for number, (url, blocks) in enumerate(self.unfurls.items(), 1)
            ]
        if self.pinned_by:
            extras |= {"pinned_to": [self.channel]}
        if self.reactions:
            extras["reactions"] = [
                {"name": name, "users": who, "count": len(who)}
                for name, who in self.reactions.items()
            ]
        return extras


@dataclass(eq=False)
class Channel:
    id: str
    name: str
    private: bool = False
    archived: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    im_with: str | None = None

    @property
    def kind(self) -> str:
        if self.im_with:
            return "im"
        return "private_channel" if self.private else "public_channel"

    def visible_to(self, user: str) -> bool:
        return user in self.members or self.kind == "public_channel"

    def find(self, ts: str) -> Message | None:
        return next((m for m in self.messages if m.ts == ts), None)

    def as_json(self) -> Json:
        if self.im_with:
            im = {"is_im": True, "user": self.im_with}
            return {"id": self.id, "created": CREATED, "is_archived": False, **im}
        return {
            "id": self.id,
            "created": CREATED,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "is_shared": False,
            "is_org_shared": False,
            "is_member": BOT_USER in self.members,
            "num_members": len(self.members),
            "creator": "U0ANA",
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass(eq=False)
class View:
    """A modal, or somebody's home tab."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    """``state.values``: what was entered and chosen."""
    errors: dict[str, str] = field(default_factory=dict)
    response_channel: str | None = None

    @property
    def blocks(self) -> list[Json]:
        return list(self.content.get("blocks", ()))

    def as_json(self) -> Json:
        content = self.content
        return {
            "id": self.id,
            "team_id": TEAM,
            "type": content["type"],
            "blocks": self.blocks,
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": self.values},
            "hash": self.hash,
            "title": content.get("title"),
            "clear_on_close": content.get("clear_on_close", False),
            "notify_on_close": content.get("notify_on_close", False),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": APP,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": TEAM,
            "bot_id": BOT_ID,
        }

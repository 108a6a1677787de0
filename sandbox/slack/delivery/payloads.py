"""Payloads as Slack's documentation and its SDKs describe them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from sandbox.slack.workspace.records import (
    APP,
    BOT_USER,
    DOMAIN,
    TEAM,
    VERIFICATION_TOKEN,
    Channel,
    Json,
    Message,
    User,
    View,
)
from sandbox.slack.workspace.store import Workspace


def team() -> Json:
    return {"id": TEAM, "domain": DOMAIN}


def user_reference(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.handle,
        "name": user.handle,
        "team_id": user.team,
    }


def channel_reference(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel_name(channel)}


def channel_name(channel: Channel) -> str:
    if channel.im_with:
        return "directmessage"
    return "privategroup" if channel.private else channel.name


def command(user: User, channel: Channel, name: str, text: str, issued: Json) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": user.team,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        **issued,
    }


def interaction(kind: str, user: User, enterprise: str | None = None) -> Json:
    return {
        "type": kind,
        "team": team(),
        "user": user_reference(user),
        "api_app_id": APP,
        "token": VERIFICATION_TOKEN,
        "enterprise": enterprise and {"id": enterprise, "name": "Acme Group"},
        "is_enterprise_install": False,
    }


def message_context(message: Message, channel: Channel, user: str) -> Json:
    """Return the properties that tell on which message an element was used.

    Slack does not repeat an ephemeral message.
    """
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    context: Json = {"container": container, "channel": channel_reference(channel)}
    if not message.ephemeral:
        context["message"] = message.as_json()
    values = message.state.get(user, {})
    return context | {"state": {"values": values}}


def view_context(view: View) -> Json:
    return {"container": {"type": "view", "view_id": view.id}, "view": view.as_json()}


def event(workspace: Workspace, happened: Json, outer: str = TEAM) -> Json:
    """Return the envelope of an event.

    ``outer`` is the workspace it came from: in a shared channel the author's.
    """
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": outer,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": happened,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": outer != TEAM,
        "event_context": workspace.new_id("4-"),
    }


def message_event(message: Message, kind: str, author: User, **more: Any) -> Json:
    """Return the event for a message that somebody wrote.

    For people of another workspace it names that, or their enterprise.
    """
    shown: Json = {
        "type": kind,
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
        "channel": message.channel,
        "team": TEAM,
        "client_msg_id": f"msg-{message.ts}",
        "blocks": [_as_typed(message.text)],
    }
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if author.team != TEAM:
        home = author.enterprise or author.team
        shown |= {"user_team": home, "source_team": home}
    return shown | more


def links_in(words: str, domains: Collection[str]) -> list[Json]:
    """Return the links of these domains and their subdomains, each once."""
    found = {}
    for url, host in re.findall(r"(https?://([\w.-]+)[^\s<>|]*(?<![.,;:!?]))", words):
        domain = next((d for d in domains if f".{host}".endswith(f".{d}")), None)
        if domain:
            found[url] = {"url": url, "domain": domain}
    return list(found.values())


def link_shared(message: Message, channel: Channel, links: list[Json]) -> Json:
    shown: Json = {
        "type": "link_shared",
        "user": message.user,
        "channel": message.channel,
        "message_ts": message.ts,
        "is_bot_user_member": BOT_USER in channel.members,
        "links": links,
        "source": "conversations_history",
        "unfurl_id": unfurl_id(message),
        "event_ts": message.ts,
    }
    return shown | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def unfurl_id(message: Message) -> str:
    return f"{message.channel}.{message.ts}.unfurl"


def _as_typed(text: str) -> Json:
    words = {"type": "text", "text": text}
    section = {"type": "rich_text_section", "elements": [words]}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}

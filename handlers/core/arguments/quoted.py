"""A message that somebody wants to make something of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackClientError

from blocks.kit import text
from handlers.core.context import Context
from incidentio.cache.catalog import Catalog

_MENTION = re.compile(r"<@(\w+)(?:\|([^>]*))?>")
_REFERENCE = re.compile(r"<(?:[#!]\w+\|)?([^<>|]+)(?:\|[^<>]*)?>")


def plain_text(catalog: Catalog, message: Mapping[str, Any]) -> str:
    """Return a message as plain text: names for mentions, addresses for links."""

    def name(match: re.Match[str]) -> str:
        user = catalog.user_by_slack(match[1])
        return f"@{user.name if user else match[2] or match[1]}"

    words = _MENTION.sub(name, str(message.get("text") or ""))
    return text.unescape(_REFERENCE.sub(r"\1", words)).strip()


def link_to(ctx: Context, message: Mapping[str, Any]) -> str | None:
    """Ask Slack for the address of a message; None where it gives none."""
    try:
        answer = ctx.services.slack.chat_getPermalink(
            channel=ctx.channel, message_ts=str(message.get("ts") or "")
        )
    except SlackClientError:
        return None
    return str(answer["permalink"])


def quotation(ctx: Context, message: Mapping[str, Any]) -> str:
    """Return the words of a message, and under them where it stands."""
    parts = [plain_text(ctx.catalog, message), link_to(ctx, message)]
    return "\n\n".join(part for part in parts if part)

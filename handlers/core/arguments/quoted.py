"""Quotes the message that a shortcut was used on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackClientError

from blocks.kit import text
from handlers.core.arguments.references import write_out
from handlers.core.context import Context


def plain_text(ctx: Context, message: Mapping[str, Any]) -> str:
    """Return a message as plain text, with mentions and links written out."""
    words = write_out(ctx, str(message.get("text") or ""))
    return text.unescape(words).strip()


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
    """Return the words of a message in plain text, and a link to it below."""
    parts = [plain_text(ctx, message), link_to(ctx, message)]
    return "\n\n".join(part for part in parts if part)

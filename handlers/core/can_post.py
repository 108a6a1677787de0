"""Checks that the bot can post in a channel before somebody relies on it."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from handlers.core.context import Context
from handlers.core.problems import Refusal


def check_channel(ctx: Context) -> None:
    """Refuse a reminder in a channel that the bot cannot post in."""
    try:
        ctx.services.slack.conversations_info(channel=ctx.channel)
    except SlackApiError as error:
        if error.response.get("error") != "channel_not_found":
            raise
        raise Refusal(
            "The bot is not in this channel, so it could not post here. "
            "Invite it, for example with `/invite`, and set the reminder then."
        ) from error

"""Decides who is told that an incident was changed.

If people are to be notified, incident.io's own app writes in the incident's channel
what changed. It cannot say who changed it: incident.io knows only the bot's API key. So
the bot adds one line in that channel, with old → new and the person. If the person
typed the command elsewhere, they alone read the same line there. If nobody is to be
notified, only the person is told. Nothing about a private incident is written outside
of its own channel.
"""

from __future__ import annotations

from blocks.kit import incidents as cards
from blocks.kit import text
from handlers.core.command import Post, Reply
from handlers.core.context import Context
from incidentio import Incident


def announcement(
    ctx: Context, incident: Incident, words: str, *, notify: bool
) -> Reply:
    """Return a reply that tells ``words`` to the people whom the change concerns."""
    channel = incident.slack_channel_id
    if not notify or not channel:
        return Reply(words)
    if ctx.channel == channel:
        return Reply(words, public=True)
    return Reply(words, posts=[Post(channel, words)])


def by(ctx: Context) -> str:
    """Return “by @person”, in mrkdwn."""
    return f"by {text.mention(ctx.user)}"


def ref(incident: Incident) -> str:
    """Return the reference of an incident as a bold link, in mrkdwn."""
    return f"*{cards.ref(incident)}*"

"""Decides who is told that an incident was changed.

Asked to notify, incident.io's own app writes in the incident's channel what changed.
It cannot say by whom: to incident.io the bot's API key did it. So the bot adds one line
there, old → new and by whom, wherever the command was typed; whoever typed it elsewhere
reads the same line there, alone. Asked not to notify, nobody but the person is told.
Nothing of a private incident is written anywhere but in its own channel.
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
    """Return the reply that tells ``words`` to those whom the change concerns."""
    channel = incident.slack_channel_id
    if not notify or not channel:
        return Reply(words)
    if ctx.channel == channel:
        return Reply(words, public=True)
    return Reply(words, posts=[Post(channel, words)])


def by(ctx: Context) -> str:
    return f"by {text.mention(ctx.user)}"


def ref(incident: Incident) -> str:
    return f"*{cards.ref(incident)}*"

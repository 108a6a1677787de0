"""Decides who is told that an incident was changed.

If people are to be notified, incident.io's own app writes in the incident's channel
what changed; so only the person is told by the bot, and not even they after a form that
they submitted in that channel. The setting ``ANNOUNCE_CHANGES`` adds a line of the
bot's there, with the person, whom incident.io does not know. What incident.io does not
say, the bot says there. Nothing about a private incident is written outside of its own
channel.
"""

from __future__ import annotations

from blocks.kit import incidents as cards
from blocks.kit import text
from handlers.core.command import Post, Reply
from handlers.core.context import Context
from incidentio import Incident


def announced_by_incidentio(
    ctx: Context, incident: Incident, words: str, *, notify: bool, whole: bool = False
) -> Reply:
    """Return a reply about a change that incident.io writes in the channel itself.

    ``whole``: the words say nothing that it does not write.
    """
    if notify and ctx.services.announce_changes:
        return announcement(ctx, incident, words, notify=True)
    here = ctx.channel == incident.slack_channel_id
    return Reply(words, seen=notify and whole and here)


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

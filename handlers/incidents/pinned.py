"""``card``: brings back the card of an incident in its channel."""

from __future__ import annotations

from blocks.incidents.card import ENDED
from blocks.kit import text
from handlers.core.announce import ref
from handlers.core.command import Effect, Reply
from handlers.core.context import Context
from handlers.core.problems import Refusal
from handlers.incidents.show import group
from incidentio import Incident


@group.command(
    "incident card",
    writes=True,
    aliases=["card"],
    effect=Effect("The card", "posted"),
    says=["pin card", "pinned card", "post card", "where card"],
)
def card(ctx: Context, incident: Incident) -> Reply:
    """Pin the incident's card in its channel again, or post it again if it is gone."""
    channel = _channel(ctx, incident)
    ctx.notes.on_incident(incident)
    link = ctx.services.incident_cards.restore(incident, channel, ctx.idempotency_key)
    if link:
        card = text.link(link, "The card")
        return Reply(f"{card} of {ref(incident)} is in {text.channel(channel)}.")
    ctx.notes.change("card", None, "posted")
    return Reply(
        f"The card of {ref(incident)} is posted in {text.channel(channel)} in a moment."
    )


def _channel(ctx: Context, incident: Incident) -> str:
    """Return the channel that the card stands in.

    Raises:
        Refusal: the incident has no card.
    """
    if not ctx.services.incident_cards.enabled:
        raise Refusal(
            "Incidents' channels have no cards here: the bot's operator switched them "
            "off."
        )
    if incident.incident_status.category in ENDED:
        raise Refusal(f"{ref(incident)} has ended, so its channel gets no new card.")
    if incident.slack_channel_id is None:
        raise Refusal(f"{ref(incident)} has no channel in Slack.")
    return incident.slack_channel_id

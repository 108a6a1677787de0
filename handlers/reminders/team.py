"""The team that a channel is of, known by the channel's name."""

from __future__ import annotations

import re

from handlers.core.context import Context
from incidentio import Team
from incidentio.lookup import normal

_BESIDE = re.compile(r"^(team|squad)-|-(team|squad)$")


def team_here(ctx: Context) -> Team | None:
    """Return the team of this channel: *Payments* in #payments and #team-payments."""
    named = _BESIDE.sub("", ctx.services.channels.name(ctx.channel))
    if not named:
        return None
    return next((t for t in ctx.catalog.teams() if _hyphened(t.name) == named), None)


def _hyphened(name: str) -> str:
    return re.sub(r"\W+", "-", normal(name)).strip("-")

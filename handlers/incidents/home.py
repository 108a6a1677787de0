"""The incidents in progress, on the Home tab."""

from __future__ import annotations

from blocks.kit import incidents as view
from blocks.kit import messages, text
from handlers.core.command import Effect, Reply
from handlers.core.context import Context
from handlers.incidents.filters import LIVE
from handlers.incidents.show import group
from incidentio import Incident

MOST = 8


@group.home(
    rank=40, of="incidents", effect=Effect("The live incidents", "listed", "were")
)
def on_home(ctx: Context) -> Reply:
    """List the incidents in progress, the most severe first."""
    live = sorted(filter(_is_live, ctx.directory.live()), key=_urgency)
    if not live:
        return Reply(f"{text.bold('Live incidents')}\nNone.")
    heading = text.bold(f"Live incidents: {len(live):,}")
    lines = [view.line(incident, ctx.now) for incident in live[:MOST]]
    blocks = [messages.section(words) for words in (heading, *lines)]
    more = [("Show all", "incidents")] if len(live) > MOST else []
    return Reply(
        "\n".join([heading, *lines]),
        [*blocks, *([messages.buttons(more)] if more else [])],
    )


def _is_live(incident: Incident) -> bool:
    return incident.incident_status.category in LIVE


def _urgency(incident: Incident) -> tuple[float, float]:
    """Return the sort key: the most severe first, then the oldest."""
    rank = -incident.severity.rank if incident.severity else 1
    return rank, incident.created_at.timestamp() if incident.created_at else 0

"""``incident`` and ``incidents``: look at what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from blocks.incidents import card
from blocks.kit import messages, text
from blocks.kit.fields import Choosable
from handlers.core.arguments.incidents import SOURCE, options, searchable
from handlers.core.arguments.resolve import FIRST, Page, Rest
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import FURTHEST_READ, paginate
from incidentio import Incident
from incidentio.lookup import matches

group = Group("incident", "Incidents", rank=2)

ON_A_PAGE = 8
SCOPES = {
    "live": ("triage", "live", "paused"),
    "closed": ("learning", "closed", "declined", "canceled", "merged"),
    "all": (),
}
HEADINGS = {"live": "Live incidents", "closed": "Closed incidents", "all": "Incidents"}


@group.command(
    "incident [show]",
    effect=Effect("The incident", "shown"),
    says=[
        "incident details",
        "incident info",
        "about incident",
        "incident card",
        "incident summary",
    ],
)
def show(ctx: Context, incident: Incident) -> Reply:
    """Show everything about an incident."""
    words = f"{incident.reference} {incident.name}: {incident.incident_status.name}"
    return Reply(text.inline(words), card.card(incident, ctx.now))


@group.command(
    "incidents",
    aliases=["list"],
    effect=Effect("The incidents", "listed", "were"),
    says=[
        "live incidents",
        "closed incidents -> closed",
        "closed incident -> closed",
        "old incidents -> closed",
        "my incidents -> mine",
        "past incidents -> closed",
        "all incidents -> all",
        "incident list",
        "open incidents",
        "active incidents",
        "current incidents",
        "ongoing incidents",
        "incidents going",
        "going",
        "happening",
        "broken",
        "burning",
        "fires",
        "outages",
    ],
)
def list_(ctx: Context, which: Rest | None = None, page: Page = FIRST) -> Reply:
    """List the live incidents; or closed, all, or those whose name has the words."""
    asked = which or "live"
    scope = asked.lower()
    most = min(page * ON_A_PAGE + 1, FURTHEST_READ)
    found = _incidents(ctx, scope, asked, most)
    cutting = paginate(found, page, ON_A_PAGE)
    heading = HEADINGS.get(scope, f"Incidents with “{text.plain(asked, 60)}”")
    blocks = card.listing(cutting.shown, heading=heading, now=ctx.now)
    line = f"incidents {text.plain(asked, 200)}"
    turner = messages.pager(line, cutting.number, more=cutting.more)
    names = ", ".join(f"{i.reference} {i.name}" for i in cutting.shown) or "none"
    said = text.inline(f"{heading}: {names}", text.VALUE)
    return Reply(said, [*blocks, *turner])


def _incidents(ctx: Context, scope: str, asked: str, most: int) -> list[Incident]:
    """Read as many visible incidents as the page needs, newest first."""
    if scope == "live":
        in_progress = (i for i in ctx.catalog.live_incidents() if _is_live(i))
        return ctx.directory.visible(in_progress)[:most]
    categories = SCOPES.get(scope, ())
    found: list[Incident] = []
    every = ctx.api.incidents.list(status_category=categories or None)
    for incident in islice(every, FURTHEST_READ):
        fits = scope in SCOPES or matches([incident], asked, name=searchable)
        if fits and ctx.directory.may_see(incident):
            found.append(incident)
        if len(found) >= most:
            break
    return found


def _is_live(incident: Incident) -> bool:
    return incident.incident_status.category in SCOPES["live"]


@group.options(SOURCE)
def search(ctx: Context, query: str) -> Sequence[Choosable]:
    """Suggest incidents in progress."""
    live = ctx.directory.suggested()
    found = matches(live, query, name=searchable) if query.strip() else live
    return options(found)

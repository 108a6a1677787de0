"""``incident`` and ``incidents``: look at what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from slack_sdk.models.blocks import Block

from blocks.incidents import card
from blocks.kit import messages, tables, text
from blocks.kit.fields import Choosable
from blocks.kit.incidents import by_severity
from handlers.core.arguments.incidents import SOURCE, options, searchable
from handlers.core.arguments.resolve import FIRST, Page, Raw
from handlers.core.arguments.tokens import ID
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.pages import FURTHEST_READ, paginate
from handlers.core.permissions import Level
from handlers.incidents import filters, next_update
from handlers.incidents.filters import IncidentFilter
from incidentio import Incident, User
from incidentio.features import READING
from incidentio.lookup import matches

group = Group("incident", "Incidents", rank=2)

ON_A_PAGE = 8
STEP = tables.MOST_ROWS // ON_A_PAGE
"""How many pages a table has the incidents of."""


@group.command(
    "incident [show]",
    effect=Effect("The incident", "shown"),
    says=[
        "tell about incident",
        "state incident",
        "who lead",
        "who leads",
        "incident info",
        "about incident",
        "incident summary",
    ],
)
def show(ctx: Context, incident: Incident) -> Reply:
    """Show everything about an incident."""
    words = f"{incident.reference} {incident.name}: {incident.incident_status.name}"
    shown = card.card(incident, ctx.now, next_update.due(ctx, incident))
    return Reply(text.inline(words), shown)


@group.command(
    "incident details",
    effect=Effect("The details", "shown"),
    level=Level.READ,
    needs=READING,
    says=["times incident", "metrics incident"],
)
def details(ctx: Context, incident: Incident) -> Modal:
    """Show the people, times and metrics of an incident."""
    return Modal(card.details_form(incident, ctx.now))


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
def list_(ctx: Context, which: Raw | None = None, page: Page = FIRST) -> Reply:
    """List the live incidents; or those `closed`, `mine`, `critical`, `since mon`."""
    wanted = filters.read(ctx, which or "")
    start = (page - 1) * ON_A_PAGE
    most = min(start + tables.MOST_ROWS + 1, FURTHEST_READ)
    found = _incidents(ctx, wanted, most)
    cutting = paginate(found, page, ON_A_PAGE)
    start = (cutting.number - 1) * ON_A_PAGE
    rows = found[start : start + tables.MOST_ROWS]
    line = f"incidents {text.plain(which, 200)}" if which else "incidents"
    further = len(found) > start + len(rows)
    listed = card.IncidentList(
        wanted.heading,
        rows,
        cutting.shown,
        total=card.totals(found) if wanted.live or len(found) < most else "",
        order="The worst first" if wanted.live else "The newest first",
        next_page=messages.pager(line, cutting.number, more=cutting.more),
        next_rows=messages.pager(line, cutting.number, more=further, step=STEP),
    )
    names = ", ".join(f"{i.reference} {i.name}" for i in cutting.shown) or "none"
    said = text.inline(f"{wanted.heading}: {names}", text.VALUE)
    return Reply(said, card.listing(listed, ctx.now))


def _incidents(ctx: Context, wanted: IncidentFilter, most: int) -> list[Incident]:
    """Read ``most`` of the visible incidents, or all that are in progress.

    Those in progress come by severity, then the newest first; others the newest first.
    """
    if wanted.live:
        fitting = [i for i in ctx.directory.live() if wanted.fits(i)]
        mine = ctx.directory.involving(fitting) if wanted.mine else fitting
        return by_severity(mine)

    def fits(incident: Incident) -> bool:
        return wanted.fits(incident) and _is_of(incident, wanted.mine)

    categories = wanted.scope or None
    every = ctx.directory.newest(fits, FURTHEST_READ, status_category=categories)
    return list(islice(every, most))


def _is_of(incident: Incident, user: User | None) -> bool:
    """Return whether somebody has a role in an incident; True for None."""
    roles = incident.incident_role_assignments
    return user is None or any(r.assignee and r.assignee.id == user.id for r in roles)


@group.link("incidents", rf"\d{{1,9}}|{ID}")
def linked(ctx: Context, name: str) -> Sequence[Block]:
    """Draw the card of a link to an incident."""
    incident = ctx.directory.shared_here(name)
    return card.linked(incident, ctx.now) if incident else ()


@group.options(SOURCE)
def search(ctx: Context, query: str) -> Sequence[Choosable]:
    """Suggest incidents in progress."""
    live = ctx.directory.suggested()
    found = matches(live, query, name=searchable) if query.strip() else live
    return options(found)

"""``incident`` and ``incidents``: look at what is going on."""

from __future__ import annotations

from collections.abc import Sequence

from blocks import incidents as view
from blocks import messages, text
from blocks.fields import MOST_OPTIONS, Choosable
from handlers.command import Group, Reply
from handlers.context import Context
from handlers.problems import Ambiguous, Refusal
from handlers.targets import FIRST, Page, Rest, resolves
from incidentio.errors import NotFound
from incidentio.lookup import matches, reference
from incidentio.models import Incident

group = Group("incident", "Incidents")

ON_A_PAGE = 8
READ_AHEAD = 250
SCOPES = {
    "live": ("triage", "live", "paused"),
    "closed": ("learning", "closed", "declined", "canceled", "merged"),
    "all": (),
}
HEADINGS = {"live": "Live incidents", "closed": "Closed incidents", "all": "Incidents"}


@group.command("incident [show]")
def show(ctx: Context, incident: Incident) -> Reply:
    """Show everything about an incident."""
    words = f"{incident.reference} {incident.name}: {incident.incident_status.name}"
    return Reply(text.escape(words), view.card(incident, ctx.now))


@group.command("incidents")
def list_(ctx: Context, which: Rest | None = None, page: Page = FIRST) -> Reply:
    """List the live incidents; or closed, all, or those whose name has the words."""
    asked = which or "live"
    scope = asked.lower()
    start = (page - 1) * ON_A_PAGE
    found = _incidents(ctx, scope, asked, start + ON_A_PAGE + 1)
    shown = found[start : start + ON_A_PAGE]
    heading = HEADINGS.get(scope, f"Incidents with “{text.plain(asked, 60)}”")
    blocks = view.listing(shown, heading=heading, now=ctx.now)
    more = len(found) > start + ON_A_PAGE
    turner = messages.turner(f"incidents {text.plain(asked, 200)}", page, more=more)
    names = ", ".join(f"{i.reference} {i.name}" for i in shown) or "none"
    return Reply(text.escape(f"{heading}: {names}"), [*blocks, *turner])


def _incidents(ctx: Context, scope: str, asked: str, most: int) -> list[Incident]:
    """Read as many visible incidents as the page needs, newest first."""
    if scope == "live":
        in_progress = (i for i in ctx.catalog.live_incidents() if _is_live(i))
        return ctx.directory.visible(in_progress)[:most]
    categories = SCOPES.get(scope, ())
    found: list[Incident] = []
    for incident in ctx.api.incidents.list(status_category=categories or None):
        fits = scope in SCOPES or matches([incident], asked, name=_searched)
        if fits and ctx.directory.may_see(incident):
            found.append(incident)
        if len(found) >= most:
            break
    return found


def _is_live(incident: Incident) -> bool:
    return incident.incident_status.category in SCOPES["live"]


def _searched(incident: Incident) -> str:
    return f"{incident.reference} {incident.name} {incident.summary or ''}"


@group.options("incident")
def search(ctx: Context, query: str) -> Sequence[Choosable]:
    """Suggest incidents in progress."""
    live = ctx.directory.live()
    found = matches(live, query, name=_searched) if query.strip() else live
    return options(found)


def options(incidents: Sequence[Incident]) -> list[Choosable]:
    return [
        Choosable(f"{i.reference} {i.name}", i.reference)
        for i in incidents[:MOST_OPTIONS]
    ]


@resolves(Incident)
def _incident(ctx: Context, words: list[str], required: bool) -> Incident | None:
    """Take a reference or an id; else the channel's incident; else ask.

    Words that fit no incident are left for the next parameter, unless nothing else
    could be meant by them.
    """
    if words and _names_one(words[0]):
        return _shown(ctx, words.pop(0))
    if here := ctx.directory.here():
        return here
    live = ctx.directory.live()
    found = matches(live, " ".join(words), name=_searched) if words else []
    if len(found) == 1:
        words.clear()
        return found[0]
    if not required:
        return None
    if not live:
        raise Refusal("No incident is in progress. Name one, for example `INC-12`.")
    raise Ambiguous("Which incident?", options(found or live))


def _names_one(word: str) -> bool:
    is_id = len(word) == 26 and word.isalnum() and word.isupper()
    return is_id or reference(word) is not None


def _shown(ctx: Context, word: str) -> Incident:
    number = reference(word)
    try:
        return ctx.directory.incident(word if number is None else number)
    except NotFound:
        shown = text.inline(word if number is None else f"INC-{number}", 40)
        raise Refusal(
            f"There is no incident {shown}, or it is not for you to see. "
            f"`{ctx.slash} incidents` lists those that are."
        ) from None

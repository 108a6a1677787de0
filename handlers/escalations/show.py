"""``escalation`` and ``escalations``: who is being paged, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain, islice

from blocks.escalations import card as view
from blocks.escalations import live_card as cards
from blocks.kit import messages, text
from handlers.core.arguments.resolve import FIRST, Page, Rest
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import FURTHEST_READ, paginate
from handlers.core.permissions import Level
from handlers.escalations.lookup import (
    SeenEscalation,
    as_seen_by,
    context_of,
    path_name,
)
from incidentio import Escalation
from incidentio.escalations import OPEN
from incidentio.features import PAGING
from incidentio.lookup import matches

group = Group("escalation", "Paging people", level=Level.RESPOND, writes=PAGING)

ON_A_PAGE = 25
LATELY = timedelta(days=14)
MOST_SEARCHED = 500
EVERYTHING = "all"


@group.command(
    "escalations",
    effect=Effect("The escalations", "listed", "were"),
    says=[
        "pages",
        "open pages",
        "recent pages",
        "alerts",
        "who paged",
        "been paged",
        "paged",
    ],
)
def list_(ctx: Context, which: Rest | None = None, page: Page = FIRST) -> Reply:
    """List escalations: open and recent ones, `all`, or those that match words."""
    asked = text.plain(which, 100) if which else ""
    found = _found(ctx, asked, min(page * ON_A_PAGE + 1, FURTHEST_READ))
    part = paginate(found, page, ON_A_PAGE)
    rows = [(c.escalation, path_name(ctx, c.escalation)) for c in part.shown]
    heading = _heading(asked)
    line = f"escalations {asked}".strip()
    turner = messages.pager(line, part.number, more=part.more)
    titles = [f"{text.inline(e.title)} ({e.status})" for e, _ in rows]
    said = f"{text.escape(heading)}: {', '.join(titles) or 'none'}"
    blocks = view.listing(rows, heading, ctx.now)
    return Reply(text.clip(said, text.VALUE), [*blocks, *turner])


def _heading(asked: str) -> str:
    if not asked:
        return f"Escalations: open, and of the last {LATELY.days} days"
    if asked.casefold() == EVERYTHING:
        return "All escalations"
    return f"Escalations with “{asked}”"


def _found(ctx: Context, asked: str, most: int) -> list[SeenEscalation]:
    """Return as many as the page needs; words search only what the person may see."""
    if not asked:
        return _first(ctx, _open_first(ctx), most)
    if asked.casefold() == EVERYTHING:
        return _first(ctx, ctx.api.escalations.list(), most)
    newest = as_seen_by(ctx, islice(ctx.api.escalations.list(), MOST_SEARCHED))
    return [c for c in newest if matches([c], asked, name=_searched)][:most]


def _first(
    ctx: Context, found: Iterable[Escalation], most: int
) -> list[SeenEscalation]:
    return list(islice(as_seen_by(ctx, islice(found, FURTHEST_READ)), most))


def _open_first(ctx: Context) -> Iterator[Escalation]:
    still_open = list(ctx.api.escalations.list(status=sorted(OPEN)))
    shown = {escalation.id for escalation in still_open}
    lately = ctx.api.escalations.list(created_since=ctx.now - LATELY)
    return chain(still_open, (e for e in lately if e.id not in shown))


def _searched(chosen: SeenEscalation) -> str:
    incidents = chosen.escalation.related_incidents
    return " ".join([chosen.name, *(f"{i.reference} {i.name}" for i in incidents)])


@group.command("escalation [show]", effect=Effect("The escalation", "shown"))
def show(ctx: Context, escalation: SeenEscalation) -> Reply:
    """Show an escalation: who was paged when, and how it ended."""
    shown, beside = escalation.escalation, context_of(ctx, escalation)
    blocks = cards.card(shown, beside, ctx.now, f"escalation {shown.id}")
    return Reply(cards.fallback_text(shown, beside), blocks, answers=True)

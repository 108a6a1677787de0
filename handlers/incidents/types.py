"""``types``: the kinds of incident there are."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.incidents import levels as listing
from blocks.incidents.declare import type_label
from blocks.kit.fields import TYPES, Choosable
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import listed
from incidentio.lookup import matches

group = Group("type", "Incident types", rank=8)


@group.command(
    "types",
    effect=Effect("The types", "listed", "were"),
    says=["incident types", "kinds incident", "incident kinds"],
)
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the incident types."""
    here, known = ctx.directory.here(), ctx.catalog.types()
    return listed(
        "Incident types", "types", known, page, lambda shown: listing.types(shown, here)
    )


@group.options(TYPES)
def search(ctx: Context, query: str) -> Sequence[Choosable]:
    """Suggest incident types."""
    known = ctx.catalog.types()
    found = matches(known, query) if query.strip() else known
    return [Choosable(type_label(kind), kind.id) for kind in found]

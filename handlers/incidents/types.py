"""``types``: the kinds of incident there are."""

from __future__ import annotations

from blocks.incidents import levels as listing
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import listed

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

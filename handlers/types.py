"""``types``: the kinds of incident there are."""

from __future__ import annotations

from blocks import levels as listing
from blocks import text
from handlers.command import Group, Reply
from handlers.context import Context

group = Group("type", "Incident types")


@group.command("types", fails="The types were not listed")
def list_(ctx: Context) -> Reply:
    """List the incident types."""
    kinds = ctx.catalog.types()
    blocks = listing.types(kinds, ctx.directory.here())
    names = ", ".join(kind.name for kind in kinds) or "none"
    return Reply(text.escape(f"Incident types: {names}"), blocks)

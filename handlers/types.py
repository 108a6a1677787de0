"""``types``: the kinds of incident there are."""

from __future__ import annotations

from blocks import levels as listing
from blocks import messages, text
from handlers.command import Group, Reply
from handlers.context import Context
from handlers.pages import ON_A_PAGE, cut
from handlers.targets import FIRST, Page

group = Group("type", "Incident types")


@group.command("types", fails="The types were not listed")
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the incident types."""
    part = cut(ctx.catalog.types(), page, ON_A_PAGE)
    blocks = listing.types(part.shown, ctx.directory.here())
    turner = messages.turner("types", part.number, more=part.more)
    names = ", ".join(level.name for level in part.shown) or "none"
    return Reply(text.escape(f"Incident types: {names}"), [*blocks, *turner])

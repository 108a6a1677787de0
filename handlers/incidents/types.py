"""``types``: the kinds of incident there are."""

from __future__ import annotations

from blocks.incidents import levels as listing
from blocks.kit import messages, text
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import ON_A_PAGE, paginate

group = Group("type", "Incident types", rank=8)


@group.command("types", effect=Effect("The types", "listed", "were"))
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the incident types."""
    part = paginate(ctx.catalog.types(), page, ON_A_PAGE)
    blocks = listing.types(part.shown, ctx.directory.here())
    turner = messages.pager("types", part.number, more=part.more)
    names = ", ".join(level.name for level in part.shown) or "none"
    return Reply(text.escape(f"Incident types: {names}"), [*blocks, *turner])

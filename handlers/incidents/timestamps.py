"""``timestamp`` and ``timestamps``: the moments that every incident may have."""

from __future__ import annotations

from blocks.incidents import timestamps as view
from blocks.kit import messages, text
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import ON_A_PAGE, paginate
from handlers.core.problems import Refusal
from incidentio import Timestamp
from incidentio.errors import NotFound

group = Group("timestamp", "Timestamps", rank=9)


@group.command("timestamps", effect=Effect("The timestamps", "listed", "were"))
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the timestamps; in an incident's channel with its values."""
    part = paginate(_ranked(ctx), page, ON_A_PAGE)
    blocks = view.listing(part.shown, ctx.directory.here())
    turner = messages.pager("timestamps", part.number, more=part.more)
    names = ", ".join(stamp.name for stamp in part.shown) or "none"
    return Reply(text.escape(f"Timestamps: {names}"), [*blocks, *turner])


@group.command("timestamp [show]", effect=Effect("The timestamp", "shown"))
def show(ctx: Context, timestamp: Timestamp) -> Reply:
    """Show a timestamp; in an incident's channel with its value."""
    try:
        found = ctx.api.timestamps.show(timestamp.id)
    except NotFound:
        ctx.catalog.forget("timestamps")
        name = text.bold(timestamp.name)
        raise Refusal(f"The timestamp {name} was deleted in incident.io.") from None
    here = ctx.directory.here()
    at = view.value(found, here) if here else None
    when = f", {text.unformatted(text.when(at))}" if at else ""
    words = f"Timestamp {text.inline(found.name)}{when}"
    return Reply(words, view.card(found, here, ctx.now))


def _ranked(ctx: Context) -> list[Timestamp]:
    return sorted(ctx.catalog.timestamps(), key=lambda stamp: stamp.rank)


Catalogued("timestamp", _ranked, source="timestamp").register(Timestamp)

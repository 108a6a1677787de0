"""``timestamp`` and ``timestamps``: the moments that every incident may have."""

from __future__ import annotations

from blocks.incidents import timestamps as view
from blocks.kit import text
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import listed
from handlers.core.problems import Refusal
from incidentio import Timestamp
from incidentio.errors import NotFound

group = Group("timestamp", "Timestamps", rank=9)


@group.command("timestamps", effect=Effect("The timestamps", "listed", "were"))
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the timestamps; in an incident's channel with its values."""
    here = ctx.directory.here()
    return listed(
        "Timestamps",
        "timestamps",
        _ranked(ctx),
        page,
        lambda shown: view.listing(shown, here),
    )


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

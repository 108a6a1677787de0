"""``timestamp`` and ``timestamps``: the moments that every incident may have."""

from __future__ import annotations

from blocks.incidents import timestamps as view
from blocks.kit import text
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import listed
from handlers.core.resource import NamedResource
from incidentio import Timestamp

group = Group("timestamp", "Timestamps", rank=9)

TIMESTAMP = NamedResource("timestamp", "timestamps", lambda ctx: ctx.api.timestamps)


@group.command(
    "timestamps",
    effect=Effect("The timestamps", "listed", "were"),
    says=["incident times"],
)
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
    found = TIMESTAMP.read(ctx, timestamp.id)
    here = ctx.directory.here()
    at = view.value(found, here) if here else None
    when = f", {text.unformatted(text.when(at))}" if at else ""
    words = f"Timestamp {text.inline(found.name)}{when}"
    return Reply(words, view.card(found, here, ctx.now))


def _ranked(ctx: Context) -> list[Timestamp]:
    return sorted(ctx.catalog.timestamps(), key=lambda stamp: stamp.rank)


Catalogued("timestamp", _ranked, source="timestamp").register(Timestamp)

"""The top of the Home tab: what the bot is, and what to begin with."""

from __future__ import annotations

from datetime import timedelta

from blocks.kit import messages
from handlers.core.command import Effect, Reply
from handlers.core.context import Context
from handlers.core.operations import PAGE
from handlers.core.permissions import Level, Operation
from handlers.home.menu import group

NEW = timedelta(days=1)
"""How long after they first opened it people are told what this is."""
DECLARE = Operation("declare", Level.RESPOND)
BUTTONS = (
    ("Declare an incident", "declare", DECLARE),
    ("Page somebody", "page", PAGE),
)


@group.home(rank=10, of="", effect=Effect("Your Home tab", "shown"))
def begin(ctx: Context) -> Reply:
    """Offer to declare and to page, if the person may; tell newcomers what this is."""
    offered = [(label, line) for label, line, does in BUTTONS if _may(ctx, does)]
    buttons = [messages.buttons(offered)] if offered else []
    if not _is_new(ctx):
        return Reply("", buttons)
    words = (
        "Here you run incidents in Slack, together with incident.io.\n"
        "This tab shows your shifts, your work, what is going on and who is on call.\n"
        f"Anywhere else type `{ctx.slash}` and what you want, or `{ctx.slash} help`."
    )
    return Reply(words, [messages.section(words), *buttons])


def _may(ctx: Context, operation: Operation) -> bool:
    policy = ctx.services.policy
    return policy.allows(ctx.user, ctx.channel, policy.needed([operation]))


def _is_new(ctx: Context) -> bool:
    tab = ctx.services.home_tabs.get(ctx.user)
    return tab is not None and ctx.now - tab.first_opened_at < NEW

"""The bare command: what is most likely wanted here, as buttons."""

from __future__ import annotations

from blocks.incidents import card
from blocks.kit import incidents as view
from blocks.kit import messages
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context

group = Group("", "Start here", rank=1)


@group.command(
    "",
    effect=Effect("The overview", "shown"),
    says=[
        "hi",
        "hello",
        "hiya",
        "start",
        "menu",
        "home",
        "thanks",
        "thank you",
        "thx",
        "cheers",
        "good morning",
        "settings menu",
    ],
)
def here(ctx: Context) -> Reply:
    """Show what is most likely wanted here."""
    incident = ctx.directory.here()
    if incident is not None:
        words = f"This is the channel of {view.title(incident)}"
        return Reply(words, [messages.section(words), *card.steps(incident)])
    live = ctx.directory.live()[:5]
    words = "What do you need?"
    blocks = [
        messages.section(words),
        messages.buttons(
            [
                ("Declare an incident", "declare"),
                ("Live incidents", "incidents"),
                ("Who is on call", "oncall"),
                ("My work", "mine"),
                ("Reminders", "reminders"),
                ("Help", "help"),
            ]
        ),
    ]
    if live:
        blocks += card.listing(live, heading="In progress", now=ctx.now)
    return Reply(words, blocks)

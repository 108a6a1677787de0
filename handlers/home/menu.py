"""The bare command: what is most likely wanted here, as buttons."""

from __future__ import annotations

from blocks.incidents import card
from blocks.kit import incidents as view
from blocks.kit import messages, text
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context

MOST = 5

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
    """Show what you most likely want here."""
    incident = ctx.directory.here()
    if incident is not None:
        words = view.title(incident)
        said = f"{incident.reference} {incident.name}: {view.status(incident)}"
        return Reply(
            text.inline(said),
            [
                messages.section(words),
                *card.overview(incident),
                *card.steps(incident),
                messages.buttons(
                    [
                        ("Show the whole card", f"incident {incident.reference}"),
                        ("My work", "mine"),
                        ("Help", "help"),
                    ]
                ),
            ],
        )
    live = view.by_severity(ctx.directory.live())
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
        rows, total = live[:MOST], card.totals(live)
        shown = card.IncidentList("In progress", rows, rows, total=total)
        blocks += card.listing(shown, ctx.now)
    return Reply(words, blocks)

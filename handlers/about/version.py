"""``version``: what answers here, since when, and what it can reach."""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.errors import SlackClientError

from blocks.kit import text
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pipeline.explain import why
from incidentio.errors import IncidentioError

group = Group("version", "About the bot")


@group.command(
    "version",
    effect=Effect("The version", "shown"),
    says=["which version", "bot version", "uptime", "are you up", "are you there"],
)
def show(ctx: Context) -> Reply:
    """Show the bot's version, since when it runs, and what it reaches."""
    running = ctx.services.running
    commit = f" ({text.code(running.commit)})" if running.commit else ""
    since = f"{text.when(running.started_at)} ({text.ago(running.started_at, ctx.now)})"
    lines = [
        f"*incidentio-bot {text.inline(running.version)}*{commit}",
        f"Running since {since}, over {running.mode}.",
        f"incident.io: {_reached(ctx.api.identity.show)}",
        f"Slack: {_reached(ctx.services.slack.auth_test)}",
    ]
    return Reply("\n".join(lines))


def _reached(ask: Callable[[], object]) -> str:
    """Say whether a service answers; if it does not, why."""
    try:
        ask()
    except (IncidentioError, SlackClientError) as error:
        return f"⚠️ {why(error).told()}"
    return "reachable"

"""What will now happen, to somebody who looks at or changes their preferences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from blocks.kit import text
from handlers.core.context import Context
from reminders.people import personal
from reminders.people.preferences import Preferences


def told(ctx: Context, chosen: Preferences) -> list[str]:
    """Say it in mrkdwn, the weightiest first, a line each."""
    if chosen.muted:
        unmute = f"`{ctx.slash} prefs unmute`"
        return [f"The bot sends you nothing until you say {unmute}."]
    return [*_pause(ctx, chosen), digest(ctx, chosen), *_quiet(chosen)]


def digest(ctx: Context, chosen: Preferences) -> str:
    """Say when the digest comes, and when next."""
    if not ctx.services.personal.digests:
        return "Nobody here gets a digest: the bot's operator switched them off."
    if not chosen.digest:
        return "You get no digest."
    usual = ctx.person.timezone
    when = chosen.schedule(usual)
    following = personal.coming(chosen, usual, ctx.now)
    return (
        f"Your digest comes at {chosen.digest_at:%H:%M} {chosen.on_days}"
        f" ({text.escape(when.timezone)}). Next: {text.when(following)}."
    )


def _pause(ctx: Context, chosen: Preferences) -> Iterable[str]:
    until = personal.paused_until(chosen, ctx.person.timezone)
    if until and until > ctx.now:
        shown = f"{until:%A}, {until.day} {until:%B %Y}"
        yield f"The bot sends you nothing before {shown}."


def _quiet(chosen: Preferences) -> Iterable[str]:
    if chosen.quiet:
        start, end = (f"{at:%H:%M}" for at in chosen.quiet)
        yield f"Between {start} and {end}, what can wait is kept until {end}."


def spoken(value: Any) -> str | int | None:
    """Write a choice for the audit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value  # type: ignore[no-any-return]

"""Warns, before somebody is paged, that they could do little or nothing about it."""

from __future__ import annotations

from collections.abc import Iterable

from slack_sdk.errors import SlackClientError

from blocks.kit.people import person
from handlers.core.context import Context
from handlers.core.permissions import Level
from incidentio import User

NO_SLACK = "incident.io knows no Slack account of theirs: they cannot answer here"
LEFT = "their Slack account is deactivated: they cannot answer here"
PAGES_ONLY = (
    "may acknowledge and snooze what they are paged for, and change nothing else here"
)


def limits(ctx: Context, users: Iterable[User]) -> list[str]:
    """Return a line of mrkdwn for each who could do little or nothing if paged."""
    whole = (u if u.slack_user_id else ctx.catalog.user(u.id) or u for u in users)
    found = ((user, _limit(ctx, user)) for user in whole)
    return [f"⚠️ {person(user)}: {limit}." for user, limit in found if limit]


def _limit(ctx: Context, user: User) -> str | None:
    if not user.slack_user_id:
        return NO_SLACK
    try:
        return _limit_in_slack(ctx, user.slack_user_id)
    except SlackClientError:
        return None


def _limit_in_slack(ctx: Context, slack_id: str) -> str | None:
    services = ctx.services
    if services.people.find(slack_id).deleted:
        return LEFT
    may = services.policy.allows(slack_id, ctx.channel, Level.RESPOND)
    return None if may else PAGES_ONLY

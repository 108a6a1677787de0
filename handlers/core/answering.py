"""Warns, before somebody is paged, that they could do little or nothing about it."""

from __future__ import annotations

from collections.abc import Iterable

from slack_sdk.errors import SlackClientError

from blocks.kit.people import person
from handlers.core.context import Context
from handlers.core.permissions import Level
from incidentio import User

NO_SLACK = "incident.io links no Slack account to them: they cannot answer here"
LEFT = "their Slack account is deactivated: they cannot answer here"
PAGES_ONLY = (
    "may acknowledge and snooze what they are paged for, and change nothing else here"
)


def limits(ctx: Context, users: Iterable[User]) -> list[str]:
    """Return a line of mrkdwn for each who could do little or nothing if paged."""
    found = ((user, _limit(ctx, user)) for user in users)
    return [f"⚠️ {person(user)}: {limit}." for user, limit in found if limit]


def _limit(ctx: Context, user: User) -> str | None:
    accounts = ctx.services.accounts
    known = ctx.catalog.user(user.id) or user
    slack_id = accounts.slack_id(known) if accounts.by_address else known.slack_user_id
    if not slack_id:
        return NO_SLACK
    try:
        return _limit_in_slack(ctx, slack_id)
    except SlackClientError:
        return None


def _limit_in_slack(ctx: Context, slack_id: str) -> str | None:
    services = ctx.services
    if services.people.find(slack_id).deleted:
        return LEFT
    may = services.policy.allows(slack_id, ctx.channel, Level.RESPOND)
    return None if may else PAGES_ONLY

"""Warns of people who, if they are paged, could do little or nothing about it."""

from __future__ import annotations

from collections.abc import Iterable

from slack_sdk.errors import SlackClientError

from blocks.kit.people import unmarked
from handlers.core.context import Context
from handlers.core.permissions import Level
from incidentio import User

NO_SLACK = "incident.io links no Slack account to them: they cannot answer here"
GONE = "their account in incident.io is deactivated: it does not page them"
UNLINKED = (
    "incident.io does not link their account to Slack: they cannot answer here, and "
    "may change nothing else here"
)
LEFT = "their Slack account is deactivated: they cannot answer here"
PAGES_ONLY = (
    "may acknowledge and snooze what they are paged for, and change nothing else here"
)


def limits(ctx: Context, users: Iterable[User]) -> list[str]:
    """Return a warning in mrkdwn for each user who could do little if paged."""
    found = ((user, _limit(ctx, user)) for user in users)
    return [f"⚠️ {unmarked(user)}: {limit}." for user, limit in found if limit]


def _limit(ctx: Context, user: User) -> str | None:
    known = ctx.catalog.user(user.id) or user
    if not known.is_active:
        return GONE
    slack_id = user.slack_user_id or ctx.services.accounts.slack_id(known)
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
    if services.policy.allows(slack_id, ctx.channel, Level.RESPOND):
        return None
    return PAGES_ONLY if services.accounts.trusted(slack_id) else UNLINKED

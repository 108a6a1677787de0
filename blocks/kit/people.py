"""How people look in Slack: mentioned, or by name where Slack does not know them."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import text
from incidentio.models import (
    Actor,
    User,
)

MOST_PEOPLE = 12


def people(users: Sequence[User], most: int = MOST_PEOPLE) -> str:
    """``@ana, @ben and 3 more``; nobody where there is none."""
    named = [person(user) for user in users[:most]]
    left = len(users) - most
    return text.listed([*named, f"{left} more"] if left > 0 else named) or "nobody"


def person(user: User | None) -> str:
    """Mention a person; by name where Slack does not know them."""
    if user is None:
        return "nobody"
    if user.slack_user_id:
        return text.mention(user.slack_user_id)
    return text.inline(user.name)


def actor(who: Actor) -> str:
    return person(who.user) if who.user else text.inline(who.name or "incident.io")

"""People in Slack: mentioned, or named where they have no Slack account."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import text
from incidentio import Actor, User

MOST_PEOPLE = 12


def people(users: Sequence[User], most: int = MOST_PEOPLE) -> str:
    """Return ``@ana, @ben and 3 more``; ``nobody`` for none."""
    named = [person(user) for user in users[:most]]
    left = len(users) - most
    return text.listed([*named, f"{left} more"] if left > 0 else named) or "nobody"


def person(user: User | None) -> str:
    """Mention a person, or name them where they have no Slack account."""
    if user is None:
        return "nobody"
    if user.slack_user_id:
        return text.mention(user.slack_user_id)
    return text.inline(user.name)


def actor(who: Actor) -> str:
    return person(who.user) if who.user else text.inline(who.name or "incident.io")

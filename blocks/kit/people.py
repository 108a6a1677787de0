"""People in Slack: mentioned, or named where they have no Slack account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from blocks.kit import text
from incidentio import Actor, User

MOST_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody is reached in Slack, and whether they have left."""

    slack_id: str | None
    left: str = ""
    """In words; empty while they are there."""


def as_embedded(user: User) -> Standing:
    """Return what an answer itself says of somebody."""
    return Standing(user.slack_user_id, "" if user.is_active else "deactivated")


_standing: ContextVar[Callable[[User], Standing]] = ContextVar(
    "standing", default=as_embedded
)


@contextmanager
def people_known_by(standing: Callable[[User], Standing]) -> Iterator[None]:
    """Draw people by what is known of them: answers embed a name and little more."""
    token = _standing.set(standing)
    try:
        yield
    finally:
        _standing.reset(token)


def people(users: Sequence[User], most: int = MOST_PEOPLE) -> str:
    """Return ``@ana, @ben and 3 more``; ``nobody`` for none."""
    named = [person(user) for user in users[:most]]
    left = len(users) - most
    return text.listed([*named, f"{left} more"] if left > 0 else named) or "nobody"


def person(user: User | None) -> str:
    """Mention a person, or name them where they have no Slack account."""
    if user is None:
        return "nobody"
    known = _standing.get()(user)
    shown = text.mention(known.slack_id) if known.slack_id else text.inline(user.name)
    return shown + (f" ({known.left})" if known.left else "")


def name(user: User) -> str:
    """Name a person in plain text, without a mention."""
    return f"{user.name}{mark(user)}"


def has_left(user: User) -> bool:
    """Return whether somebody is known to have left."""
    return bool(_standing.get()(user).left)


def mark(user: User | None) -> str:
    """Return ``(deactivated)``, with a blank before it, of somebody who has left."""
    left = _standing.get()(user).left if user else ""
    return f" ({left})" if left else ""


def actor(who: Actor) -> str:
    return person(who.user) if who.user else text.inline(who.name or "incident.io")

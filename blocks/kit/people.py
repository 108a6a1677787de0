"""People in Slack: mentioned, or named where they have no Slack account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    """Why they are gone, such as ``deactivated``; empty if they have not left."""


def as_embedded(user: User) -> Standing:
    """Return the standing of a user by what the API's answer itself says."""
    return Standing(user.slack_user_id, "" if user.is_active else "deactivated")


_standing: ContextVar[Callable[[User], Standing]] = ContextVar(
    "standing", default=as_embedded
)


@contextmanager
def people_known_by(known: Callable[[User], Standing]) -> Iterator[None]:
    """Use ``known`` for the standing of the people drawn inside the ``with`` block."""
    token = _standing.set(known)
    try:
        yield
    finally:
        _standing.reset(token)


def people(users: Sequence[User], most: int = MOST_PEOPLE) -> str:
    """Return ``@ana, @ben and 3 more``; ``nobody`` for none."""
    shown = [person(user) for user in users[:most]]
    left = len(users) - most
    return text.listed([*shown, f"{left} more"] if left > 0 else shown) or "nobody"


def person(user: User | None) -> str:
    """Mention a person, or name them where they have no Slack account."""
    if user is None:
        return "nobody"
    return f"{unmarked(user)}{mark(user)}"


def standing(user: User) -> Standing:
    """Return how somebody is reached in Slack, as far as it is known here."""
    return _standing.get()(user)


def unmarked(user: User) -> str:
    """Mention or name a person, without the mark of those who have left."""
    known = standing(user)
    return text.mention(known.slack_id) if known.slack_id else text.inline(user.name)


def named(user: User) -> str:
    """Name a person in plain text, without a mention."""
    return f"{user.name}{mark(user)}"


def who_left(users: Iterable[User | None]) -> list[str]:
    """Mention those who are known to have left, each once."""
    gone = (person(user) for user in users if user and mark(user))
    return list(dict.fromkeys(gone))[:MOST_PEOPLE]


def warning(users: Iterable[User | None], doing: str, remedy: str) -> list[str]:
    """Return a warning about those who have left, if any; ``doing`` is what they do."""
    gone = who_left(users)
    verb = "is" if len(gone) == 1 else "are"
    return [f"⚠️ {text.listed(gone)} {verb} {doing}. {remedy}"] if gone else []


def mark(user: User | None) -> str:
    """Return ``(deactivated)``, with a blank before it, of somebody who has left."""
    left = standing(user).left if user else ""
    return f" ({left})" if left else ""


def actor(who: Actor) -> str:
    return person(who.user) if who.user else text.inline(who.name or "incident.io")

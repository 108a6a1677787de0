"""What is said when an override is deleted."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import text
from blocks.kit.people import person
from incidentio.models import Override, User


def deleted(place: str, override: Override, gone: User | None, by: str) -> str:
    """Say what is no more; ``by`` is a Slack id."""
    return (
        f"{place}: the override by which {person(gone)} was on call {_span(override)} "
        f"was deleted, by {text.mention(by)}."
    )


def to_gone(place: str, override: Override, back: Sequence[User], by: str) -> str:
    now = text.listed([person(user) for user in back])
    instead = f" {now} {'is' if len(back) == 1 else 'are'} instead." if now else ""
    return (
        f"You are no longer on call for {place} {_span(override)}: "
        f"{text.mention(by)} deleted the override.{instead}"
    )


def to_back(place: str, override: Override, by: str) -> str:
    return (
        f"You are on call again for {place}, in the time {_span(override)}: "
        f"{text.mention(by)} deleted an override."
    )


def _span(override: Override) -> str:
    return f"from {text.when(override.start_at)} until {text.when(override.end_at)}"

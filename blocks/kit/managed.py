"""Warnings that a thing is managed by another system, such as Terraform."""

from __future__ import annotations

from blocks.kit import text
from incidentio.base.model import Replaceable

MANAGERS = {"terraform": "Terraform", "external": "another system"}


def manager(thing: object) -> str | None:
    """Return the system that manages a thing, in mrkdwn. None: only people do."""
    found = thing.manager if isinstance(thing, Replaceable) else None
    if found is None:
        return None
    words = MANAGERS.get(found.managed_by) or text.inline(found.managed_by, 60)
    return text.link(found.source_url, words) if found.source_url else words


def before(thing: object, subject: str) -> list[str]:
    """Return a warning before a change; ``subject`` names the thing in mrkdwn."""
    by = manager(thing)
    if by is None:
        return []
    words = f":warning: {subject} is managed by {by}. What is changed here will be"
    return [f"{words} overwritten from there: change it there too."]


def after(thing: object) -> list[str]:
    """Return a reminder after a change; nothing if only people manage the thing."""
    by = manager(thing)
    return [f"It is managed by {by}, which will overwrite this."] if by else []


def deleted(thing: object) -> list[str]:
    """Return a reminder after a deletion; nothing if only people managed the thing."""
    by = manager(thing)
    return [f"It was managed by {by}: delete it there too."] if by else []

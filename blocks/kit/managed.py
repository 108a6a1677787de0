"""What is managed from elsewhere: said before it is changed, and after."""

from __future__ import annotations

from blocks.kit import text
from incidentio.base.model import Replaceable

MANAGERS = {"terraform": "Terraform", "external": "another system"}


def manager(thing: object) -> str | None:
    """Name in mrkdwn what else changes a thing; None where only people do."""
    found = thing.manager if isinstance(thing, Replaceable) else None
    if found is None:
        return None
    words = MANAGERS.get(found.managed_by) or text.inline(found.managed_by, 60)
    return text.link(found.source_url, words) if found.source_url else words


def before(thing: object, subject: str) -> list[str]:
    """Warn whoever is about to change or delete it; ``subject`` names it in mrkdwn."""
    by = manager(thing)
    if by is None:
        return []
    words = f":warning: {subject} is managed by {by}. What is changed here will be"
    return [f"{words} overwritten from there: change it there too."]


def after(thing: object) -> list[str]:
    """Remind whoever has changed it."""
    by = manager(thing)
    return [f"It is managed by {by}, which will overwrite this."] if by else []


def deleted(thing: object) -> list[str]:
    """Remind whoever has deleted it."""
    by = manager(thing)
    return [f"It was managed by {by}: delete it there too."] if by else []

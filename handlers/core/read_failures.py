"""Says that a part of an answer could not be read, and why."""

from __future__ import annotations

import logging
from collections.abc import Collection

from blocks.kit import text
from handlers.core.context import Context
from handlers.core.problems import Refusal
from reminders.sources.snapshot import Snapshot

log = logging.getLogger(__name__)


def describe_failure(ctx: Context, fails: str, part: str, snapshot: Snapshot) -> str:
    """Say why a part of a snapshot was not read, and what to do; log it as well.

    ``fails`` is what could not be shown for that reason.
    """
    why = snapshot.failures[part]
    log.warning("%s not read for somebody: %s", part, why, extra={"ref": ctx.ref})
    reason = text.inline(why.rstrip("."))
    return f"{fails}: {reason}. Try again in a minute. (ref `{ctx.ref}`)"


def require_read(
    ctx: Context, fails: str, snapshot: Snapshot, parts: Collection[str]
) -> None:
    """Refuse to answer if one of ``parts`` could not be read."""
    failed = snapshot.failures.keys() & set(parts)
    if failed:
        raise Refusal(describe_failure(ctx, fails, min(failed), snapshot))

"""Runs work for a person who is permitted, and explains whatever it raises."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from blocks.kit import messages, text
from blocks.kit.people import people_known_by
from handlers.core.command import Command, Flags, Outcome, Picker, Reply
from handlers.core.context import Context
from handlers.core.permissions import Level, Operation
from handlers.core.pipeline.explain import OURS, Explanation, explain
from handlers.core.problems import Ambiguous, Denied, UsageError
from incidentio.cache.stale_reads import tracking_stale_reads
from incidentio.transport.acting import acting_for
from incidentio.transport.patience import waiting_at_most
from incidentio.transport.write_tracker import WriteTracker, tracking_writes
from storage.journal import DONE

log = logging.getLogger(__name__)

OF_A_LOOKUP = 5.0
"""Seconds that each request of a lookup waits for incident.io's rate limit.

Where it must wait longer, it is refused at once. What changes something waits as long
as it may: it would have to be asked for once more.
"""


@dataclass(frozen=True, slots=True)
class Execution:
    """The result of work: its outcome and, if it failed, the explanation."""

    outcome: Outcome
    explained: Explanation | None = None
    denied: bool = False

    @property
    def state(self) -> str:
        return self.explained.outcome if self.explained else DONE


def execute(
    ctx: Context,
    work: Callable[[], Outcome],
    flags: Flags,
    command: Command | None = None,
    *,
    filled: Collection[str] = (),
    own: Callable[[], bool] | None = None,
) -> Execution:
    """Run ``work`` if the person is permitted, and explain its exceptions.

    ``filled`` are the names of the fields of a submitted form. ``own`` returns whether
    the thing is the person's own, for which they need no level.
    """
    tracker = WriteTracker()
    try:
        with waiting_at_most(inf if flags.writes else OF_A_LOOKUP):
            _permit(ctx, flags.does.filled(filled), own)
            with (
                tracking_writes(ctx.may_write) as tracker,
                tracking_stale_reads() as stale,
                acting_for(_behalf(ctx, flags)),
                people_known_by(ctx.services.accounts.standing),
            ):
                return Execution(_dated(work(), stale.oldest))
    except Ambiguous as question:
        options = tuple(question.options)
        return Execution(
            Picker(question.line, question.prompt, options, question.source)
        )
    except UsageError as error:
        usage = f"`{ctx.slash} {command.usage}`" if command else ""
        explained = explain(
            error, effect=flags.effect, ref=ctx.ref, in_doubt=ctx.in_doubt
        )
        return Execution(Reply(f"{explained.words} Usage: {usage}"), explained)
    except Exception as error:  # noqa: BLE001 - the boundary that reports it
        explained = explain(
            error,
            effect=flags.effect,
            ref=ctx.ref,
            made=tracker.wrote,
            in_doubt=ctx.in_doubt,
            where=ctx.channel,
        )
        report(error, explained, ctx)
        return Execution(Reply(explained.words), explained, isinstance(error, Denied))


def _dated(outcome: Outcome, as_of: datetime | None) -> Outcome:
    """Add to a reply how old its data are, if incident.io did not answer for it."""
    if as_of is None or not isinstance(outcome, Reply):
        return outcome
    if not (outcome.text or outcome.blocks):
        return outcome
    words = f"incident.io gave nothing newer: this is as of {text.when(as_of)}."
    blocks = outcome.blocks or [messages.section(outcome.text)]
    kept = blocks[: text.BLOCKS_IN_MESSAGE - 1]
    said = f"{outcome.text}\n{words}"
    return replace(outcome, text=said, blocks=[*kept, messages.context(words)])


def _permit(
    ctx: Context, operations: Sequence[Operation], own: Callable[[], bool] | None
) -> None:
    """Check the person's level; for their own things they need none.

    Raises:
        Denied: they may not do this.
    """
    try:
        among = ctx.directory.may_help_here
        ctx.services.policy.check(ctx.user, ctx.channel, operations, among)
    except Denied:
        if own is None or not own():
            raise


def report(error: Exception, explained: Explanation, ctx: Context) -> None:
    """Log an error under the reference that the person was told."""
    extra = {"ref": ctx.ref, "user": ctx.user}
    if explained.outcome == OURS:
        log.error("fault", exc_info=error, extra=extra)
    elif explained.words.endswith(f"(ref `{ctx.ref}`)"):
        log.warning("%s: %s", type(error).__name__, error, extra=extra)


def _behalf(ctx: Context, flags: Flags) -> str | None:
    """Return the incident.io id of the person to act for, if the API key may do so."""
    if flags.level <= Level.READ or not ctx.catalog.may_act():
        return None
    return ctx.directory.me.id if ctx.directory.me else None

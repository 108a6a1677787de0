"""Run what was asked, for somebody who may; whatever it raises becomes words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from handlers.core.command import Command, Flags, Outcome, Picker, Reply
from handlers.core.context import Context
from handlers.core.levels import Level
from handlers.core.pipeline.explain import OURS, Explanation, explain
from handlers.core.problems import Ambiguous, Denied, UsageError
from incidentio.transport.acting import acting_for
from incidentio.transport.write_tracker import WriteTracker, tracking_writes
from storage.journal import DONE

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """How an interaction ended: what to say, and why if it did not go well."""

    outcome: Outcome
    explained: Explanation | None = None
    denied: bool = False

    @property
    def state(self) -> str:
        return self.explained.outcome if self.explained else DONE


def attempt(
    ctx: Context,
    work: Callable[[], Outcome],
    name: str,
    flags: Flags,
    command: Command | None = None,
) -> Done:
    """Run ``work`` if the person may; the one place where failures become words."""
    tracker = WriteTracker()
    try:
        ctx.services.policy.check(ctx.user, ctx.channel, name, flags.level)
        with tracking_writes() as tracker, acting_for(_behalf(ctx, flags)):
            return Done(work())
    except Ambiguous as question:
        options = tuple(question.options)
        return Done(Picker(question.line, question.prompt, options, question.source))
    except UsageError as error:
        usage = f"`{ctx.slash} {command.usage}`" if command else ""
        explained = explain(error, fails=flags.fails, ref=ctx.ref)
        return Done(Reply(f"{explained.words} Usage: {usage}"), explained)
    except Exception as error:  # noqa: BLE001 - the boundary that reports it
        explained = explain(error, fails=flags.fails, ref=ctx.ref, made=tracker.wrote)
        report(error, explained, ctx)
        return Done(Reply(explained.words), explained, isinstance(error, Denied))


def report(error: Exception, explained: Explanation, ctx: Context) -> None:
    """Write to the log what the person was told a reference for."""
    extra = {"ref": ctx.ref, "user": ctx.user}
    if explained.outcome == OURS:
        log.error("fault", exc_info=error, extra=extra)
    elif explained.words.endswith(f"(ref `{ctx.ref}`)"):
        log.warning("%s: %s", type(error).__name__, error, extra=extra)


def _behalf(ctx: Context, flags: Flags) -> str | None:
    """Give for whom changes are made, where the API key may act for people."""
    if flags.level <= Level.READ or not ctx.catalog.may_act():
        return None
    return ctx.directory.me.id if ctx.directory.me else None

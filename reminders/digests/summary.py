"""The weekly summary of a channel, which ``/io summary`` sets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from blocks.kit.messages import Message
from blocks.reminders import summary as view
from blocks.reminders.summary import Week
from reminders.digests.summing import sum_up, weeks
from reminders.engine.kinds import Answer, Kind, Nothing, RenderContext
from reminders.items.filters import DigestOptions
from reminders.items.targets import TARGETS
from reminders.sources.snapshot import HISTORY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from reminders.sources.snapshot import Snapshot
    from storage.rule import Rule

SUMMARY = "summary"
"""The kind of these rules."""

WEEKS = "weeks"
"""The key in ``shown`` of the counts in the charts, which stay as they were."""


class Summaries(Kind):
    name = SUMMARY
    grace = timedelta(days=1)

    def sources(self, rule: Rule) -> Collection[str]:
        return sources(rule)

    def compose(self, context: RenderContext) -> Answer:
        counted = weeks(context.snapshot, context.rule, context.slot.slot_at)
        summary = sum_up(context.snapshot, context.rule, counted, context.now)
        if summary.empty:
            return Nothing()
        blocks = view.draw(summary, _origin(context))
        return Message(view.fallback_text(summary), blocks, {WEEKS: _stored(counted)})

    def redraw(self, context: RenderContext) -> Message | None:
        """Draw what is open now; the counts of the weeks stay as they were."""
        shown = context.slot.shown or {}
        counted = _read(shown) or weeks(
            context.snapshot, context.rule, context.slot.slot_at
        )
        summary = sum_up(context.snapshot, context.rule, counted, context.now)
        return Message(
            view.fallback_text(summary), view.draw(summary, _origin(context))
        )


def sources(rule: Rule) -> Collection[str]:
    """Return the names of what a summary of this rule reads."""
    return {*DigestOptions.of(rule).item_kinds, HISTORY.name, TARGETS.name}


def at_once(snapshot: Snapshot, rule: Rule, origin: str, now: datetime) -> Message:
    """Return the summary as it is now, for a person who asks."""
    summary = sum_up(snapshot, rule, weeks(snapshot, rule, now), now)
    return Message(view.fallback_text(summary), view.draw(summary, origin))


def _origin(context: RenderContext) -> str:
    return f"reminder show {context.slot.id}"


def _stored(counted: Sequence[Week]) -> list[list[Any]]:
    return [
        [week.begins.isoformat(), week.opened, week.closed, week.open, week.running]
        for week in counted
    ]


def _read(shown: Mapping[str, Any]) -> list[Week]:
    return [
        Week(date.fromisoformat(begins), *counts)
        for begins, *counts in shown.get(WEEKS, ())
    ]

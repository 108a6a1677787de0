"""Warns a channel once a week of times in which nobody can answer a page.

At such times nobody is on call, or somebody who has left incident.io or Slack.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.kit.people import mark
from blocks.on_call import gaps as view
from reminders.engine.kinds import Answer, Kind, Later, Nothing, RenderContext
from reminders.on_call.handovers import rota_of
from reminders.on_call.rota import ROTA

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.rule import Rule

GAPS = "gaps"
AHEAD = timedelta(days=14)


class Gaps(Kind):
    name = GAPS

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {ROTA.name}

    def compose(self, context: RenderContext) -> Answer:
        rota = rota_of(context)
        if isinstance(rota, Nothing | Later):
            return rota
        now, until = context.now, context.now + AHEAD
        found = rota.gaps_between(now, until)
        coming = (s for s in rota.shifts if s.end > now and s.start < until)
        gone = [shift for shift in coming if mark(shift.user)]
        either = found or gone
        return view.message(rota, found, gone, AHEAD) if either else Nothing()

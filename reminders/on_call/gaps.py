"""A channel is warned once a week of times in which nobody is on call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.on_call import gaps as view
from reminders.engine.kinds import GRACE, Answer, Later, Message, Nothing, Sheet
from reminders.on_call.handovers import rota_of
from reminders.on_call.rota import ROTA

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.rule import Rule

GAPS = "gaps"
AHEAD = timedelta(days=14)


class Gaps:
    name = GAPS
    grace = GRACE

    def parts(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {ROTA.name}

    def compose(self, sheet: Sheet) -> Answer:
        rota = rota_of(sheet)
        if isinstance(rota, Nothing | Later):
            return rota
        found = rota.gaps_between(sheet.now, sheet.now + AHEAD)
        return view.message(rota, found, AHEAD) if found else Nothing()

    def redraw(self, sheet: Sheet) -> Message | None:  # noqa: ARG002
        return None

"""The form that sets which handovers and gaps a channel is told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from blocks.kit.fields import (
    DAYS,
    SCHEDULE,
    Choice,
    Choices,
    Choosable,
    Ticks,
    TimeOfDay,
)
from blocks.kit.form import Form, Note

FORM = "handover.set"
GAPS = Choosable("Once a week, of times with nobody on call", "gaps")
AHEAD = (
    Choosable("As it happens", "0"),
    Choosable("15 minutes before", "15"),
    Choosable("30 minutes before", "30"),
    Choosable("1 hour before", "60"),
)


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    schedules: Sequence[str]
    minutes: int = 0
    gaps: bool = True
    day: str = "1"
    at: time = time(9)


def form(schedules: Sequence[Choosable], draft: HandoverDraft) -> Form:
    return Form(
        id=FORM,
        title="Handovers",
        submit="Save",
        fields=[
            Choices(
                name="schedule",
                label="Announce handovers of",
                options=schedules,
                value=draft.schedules,
                source=SCHEDULE,
            ),
            Choice(
                name="minutes", label="When?", options=AHEAD, value=str(draft.minutes)
            ),
            Ticks(
                name="gaps",
                label="Warnings",
                options=[GAPS],
                value=[GAPS.value] if draft.gaps else [],
            ),
            Choice(name="day", label="Warn on", options=DAYS, value=draft.day),
            TimeOfDay(name="at", label="At", value=draft.at),
            Note("Day and time are in each schedule's own time zone.", small=True),
        ],
    )

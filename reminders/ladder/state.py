"""The state of an item on a ladder, and the next step that is due. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reminders.ladder.ladder import (
    CHANNEL,
    FAILED,
    LEAD,
    ORDER,
    OWNER,
    PENDING,
    PERSON,
    SAID,
    TRIES,
    UNSAID,
    DueStep,
    StepRecipient,
    recipient_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reminders.ladder.ladder import LadderStep, Rounds, TakenStep
    from reminders.sources.snapshot import IncidentSummary, Item


SPOKEN = {
    OWNER: "its owner",
    LEAD: "the incident's lead",
    CHANNEL: "the channel",
    PERSON: "the last one named",
}


@dataclass(frozen=True, slots=True)
class LadderState:
    """An item on a ladder, with the steps of the ladder and those taken (``told``).

    ``since`` is its target, or its last activity if that is later.
    """

    item: Item
    case: IncidentSummary
    since: datetime
    steps: Sequence[LadderStep]
    told: Sequence[TakenStep] = ()

    def recipient(self, step: LadderStep) -> StepRecipient:
        """Return the recipient; none if the step was tried there without success."""
        found = recipient_of(step, self.item, self.case)
        if found.whom and not found.withheld and self._in_vain(step, found.whom):
            return StepRecipient(None, f"{SPOKEN[step.to]} could not be reached")
        return found

    def _in_vain(self, step: LadderStep, whom: str) -> bool:
        tried = [
            told.how
            for told in self.told
            if (told.to, told.whom) == (step.to, whom) and told.at >= self.since
        ]
        return FAILED in tried or tried.count(UNSAID) >= TRIES

    def taken(self, step: LadderStep) -> bool:
        """Return whether a step was sent, or was withheld and recorded so."""
        hows = [told.how for told in self.told if told.to == step.to]
        return SAID in hows or bool(hows and self.recipient(step).withheld)


def due(state: LadderState, rounds: Rounds) -> DueStep | None:
    """Return the next step. None: no step is left, or one is about to be sent.

    If no step that is left has a recipient, the last one is returned without one.

    Between two steps there are always as many working days as the ladder says, however
    late the item is: a message announces the next step, and that must stay true.
    """
    if any(told.how == PENDING for told in state.told):
        return None
    left = _left(state)
    if not left:
        return None
    at = rounds.first(_earliest(state, left[0], rounds))
    passed: list[tuple[LadderStep, str]] = []
    for step in left:
        found = state.recipient(step)
        if found.whom:
            return DueStep(state.item, state.case, step, at, found, passed)
        passed.append((step, found.why))
    return DueStep(state.item, state.case, left[-1], at, found, passed[:-1])


def _left(state: LadderState) -> list[LadderStep]:
    """Return the steps after the last one taken."""
    taken = [ORDER.index(s.to) for s in state.steps if state.taken(s)]
    said = [ORDER.index(told.to) for told in state.told if told.how == SAID]
    last = max([*taken, *said], default=-1)
    return [step for step in state.steps if ORDER.index(step.to) > last]


def _earliest(state: LadderState, step: LadderStep, rounds: Rounds) -> datetime:
    earliest = rounds.after(state.since, step.days)
    said = [told for told in state.told if told.how == SAID]
    if not said:
        return earliest
    last = max(said, key=lambda told: (told.at, ORDER.index(told.to)))
    days = {one.to: one.days for one in state.steps}
    gap = step.days - days.get(last.to, step.days)
    return max(earliest, rounds.after(last.at, gap))

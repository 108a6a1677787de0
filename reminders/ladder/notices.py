"""Notices of ladders, which ``/io ladder`` sets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.ladders.messages import Appeal, LadderItem, message
from reminders.engine.kinds import Answer, Kind, Nothing, Notice, RenderContext
from reminders.items.targets import TARGETS
from reminders.ladder.ladder import LATEST, Ladder, Rounds, nearest
from reminders.ladder.sources import LADDER, LADDERS, SNOOZES, TAKEN_STEPS, step_key
from reminders.ladder.state import LadderState, due
from reminders.ladder.words import entry, following
from reminders.sources.snapshot import FOLLOW_UPS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from blocks.kit.due import Target
    from blocks.kit.messages import Message
    from reminders.ladder.ladder import DueStep, LadderStep
    from reminders.sources.snapshot import Item, Snapshot
    from storage.rule import Rule
    from storage.slot import Slot

PARTS = (FOLLOW_UPS, TARGETS.name, SNOOZES.name, TAKEN_STEPS.name, LADDERS.name)

OVER = "Somebody has dealt with it: done, not doing, snoozed or changed."
ELSEWHERE = "It is for somebody else now, or its incident is private."
PRIVATE = "Its incident is private: only its own people are told."


def due_steps(
    ladder: Ladder, others: Sequence[Ladder], snapshot: Snapshot, rounds: Rounds
) -> Iterator[DueStep]:
    """Yield the next step of each item on this ladder, and when it is due."""
    every = [ladder, *(one for one in others if one.id != ladder.id)]
    for item in snapshot.items.get(FOLLOW_UPS, ()):
        state = state_of(ladder, item, snapshot)
        if state and nearest(every, item, state.case) == ladder:
            found = due(state, rounds)
            if found:
                yield found


def state_of(ladder: Ladder, item: Item, snapshot: Snapshot) -> LadderState | None:
    """Return where an item is on a ladder.

    None: it has no target, or its incident was not read.
    """
    target = snapshot.get(TARGETS).of(item)
    case = snapshot.cases.get(item.incident_id)
    if target is None or case is None:
        return None
    snoozed = snapshot.get(SNOOZES).get((item.kind, item.id))
    since = max(at for at in (target.at, item.updated_at, snoozed) if at)
    told = snapshot.get(TAKEN_STEPS).get((ladder.id, item.id), ())
    return LadderState(item, case, since, ladder.steps, told)


@dataclass(frozen=True)
class Ladders(Kind):
    """Sends messages once a working day, one for each recipient and step."""

    rounds: Rounds
    name = LADDER
    grace = LATEST
    poll_interval = timedelta(minutes=10)

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return PARTS

    def notices(
        self, snapshot: Snapshot, rule: Rule, now: datetime
    ) -> Iterable[Notice]:
        at = self.rounds.current(now)
        if at is None:
            return
        ladder = Ladder.of(rule)
        grouped: dict[tuple[str, str, bool], list[DueStep]] = defaultdict(list)
        for due_step in due_steps(ladder, snapshot.get(LADDERS), snapshot, self.rounds):
            whom = due_step.recipient.whom
            if whom and due_step.at <= at:
                key = whom, due_step.step.to, due_step.recipient.withheld
                grouped[key].append(due_step)
        for (whom, to, withheld), found in grouped.items():
            day = f"{at:%Y-%m-%d}"
            step = f"{to}:withheld" if withheld else to
            yield Notice(
                key=f"{LADDER}:{ladder.id}:{whom}:{step}:{day}",
                channel=whom,
                at=at,
                params={"step": to, "items": [due_step.item.id for due_step in found]},
                once_keys=[
                    key
                    for due_step in found
                    for key in _once_keys(ladder, due_step, snapshot)
                ],
            )

    def compose(self, context: RenderContext) -> Answer:
        kept = list(self._kept(context))
        if not kept:
            return Nothing(self._why(context))
        return self._message(context, kept)

    def redraw(self, context: RenderContext) -> Message | None:
        """Return the message with the items that are still neglected.

        None: the ladder no longer has this step.
        """
        if _step(context) is None:
            return None
        return self._message(context, list(self._kept(context)))

    def about(self, context: RenderContext) -> Sequence[Item]:
        return [state.item for state, _ in _outstanding(context)]

    def _message(self, context: RenderContext, kept: Sequence[LadderState]) -> Message:
        to = _asked(context.slot)[0]
        ladder = Ladder.of(context.rule)
        appeal = Appeal(
            to=to,
            entries=[self._entry(context, state) for state in kept],
            following=following(ladder, to),
            slot_id=context.slot.id,
        )
        items = [state.item.id for state in kept]
        return message(appeal)._replace(shown={"items": items})

    def _entry(self, context: RenderContext, state: LadderState) -> LadderItem:
        target = _target(context.snapshot, state.item)
        past = self.rounds.past(target.at, context.now)
        to = _asked(context.slot)[0]
        return entry(
            state,
            to=to,
            slot_id=context.slot.id,
            past=past,
            zone=self.rounds.zone,
        )

    def _kept(self, context: RenderContext) -> Iterator[LadderState]:
        """Yield the items that are still neglected and still for this recipient."""
        for state, step in _outstanding(context):
            reached = state.recipient(step)
            meant = reached.whom == context.slot.channel and not reached.withheld
            if meant and state.since <= context.slot.slot_at:
                yield state

    def _why(self, context: RenderContext) -> str:
        reached = [state.recipient(step) for state, step in _outstanding(context)]
        asked = ((FOLLOW_UPS, id_) for id_ in _asked(context.slot)[1])
        if any(map(context.snapshot.withholds, asked)):
            return PRIVATE
        changed = any(found.whom != context.slot.channel for found in reached)
        return ELSEWHERE if changed else OVER


def _outstanding(context: RenderContext) -> Iterator[tuple[LadderState, LadderStep]]:
    """Yield the state of each outstanding item of the slot, with the slot's step."""
    ids, step, ladder = _asked(context.slot)[1], _step(context), Ladder.of(context.rule)
    if step is None:
        return
    for item in context.snapshot.items.get(FOLLOW_UPS, ()):
        state = state_of(ladder, item, context.snapshot) if item.id in ids else None
        if state:
            yield state, step


def _step(context: RenderContext) -> LadderStep | None:
    to = _asked(context.slot)[0]
    return next((s for s in Ladder.of(context.rule).steps if s.to == to), None)


def _asked(slot: Slot) -> tuple[str, frozenset[str]]:
    """Return the step of a slot and the ids of its items.

    Once it was sent, these are the items that the message showed.
    """
    params, shown = slot.params or {}, slot.shown or {}
    ids = shown.get("items", params.get("items", ()))
    return params.get("step", ""), frozenset(ids)


def _target(snapshot: Snapshot, item: Item) -> Target:
    target = snapshot.get(TARGETS).of(item)
    assert target is not None
    return target


def _once_keys(ladder: Ladder, due_step: DueStep, snapshot: Snapshot) -> Iterator[str]:
    told = snapshot.get(TAKEN_STEPS).get((ladder.id, due_step.item.id), ())
    for step in (due_step.step, *(step for step, _ in due_step.passed)):
        tries = sum(one.to == step.to for one in told)
        yield step_key(ladder.id, due_step.item.id, step.to, tries)

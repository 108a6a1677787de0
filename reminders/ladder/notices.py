"""The ladders that ``/io ladder`` sets: who is told of what nobody takes care of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.ladders.messages import Appeal, LadderItem, message
from reminders.engine.kinds import Answer, Nothing, Notice, Sheet
from reminders.items.targets import TARGETS
from reminders.ladder.ladder import LATEST, Ladder, Rounds, nearest
from reminders.ladder.sources import CLIMBED, LADDER, LADDERS, SNOOZES, mark
from reminders.ladder.state import Climber, due
from reminders.ladder.words import entry, following
from reminders.sources.snapshot import FOLLOW_UPS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from blocks.kit.messages import Message
    from reminders.items.targets import Target
    from reminders.ladder.ladder import Call, Step
    from reminders.sources.snapshot import Item, Snapshot
    from storage.rule import Rule
    from storage.slot import Slot

PARTS = (FOLLOW_UPS, TARGETS.name, SNOOZES.name, CLIMBED.name, LADDERS.name)

OVER = "It was taken care of: done, not to be done, snoozed, or worked on since."
ELSEWHERE = "It concerns somebody else now, or only its incident's own people."
PRIVATE = "Its incident is private: it is told to its own people alone."


def calls(
    ladder: Ladder, others: Sequence[Ladder], snapshot: Snapshot, rounds: Rounds
) -> Iterator[Call]:
    """Find what each item on this ladder is due at next, and when."""
    every = [ladder, *(one for one in others if one.id != ladder.id)]
    for item in snapshot.items.get(FOLLOW_UPS, ()):
        climber = climbing(ladder, item, snapshot)
        if climber and nearest(every, item, climber.case) == ladder:
            found = due(climber, rounds)
            if found:
                yield found


def climbing(ladder: Ladder, item: Item, snapshot: Snapshot) -> Climber | None:
    """None: it has no target, or its incident could not be read."""
    target = snapshot.get(TARGETS).of(item)
    case = snapshot.cases.get(item.incident_id)
    if target is None or case is None:
        return None
    snoozed = snapshot.get(SNOOZES).get((item.kind, item.id))
    since = max(at for at in (target.at, item.updated_at, snoozed) if at)
    told = snapshot.get(CLIMBED).get((ladder.id, item.id), ())
    return Climber(item, case, since, ladder.steps, told)


@dataclass(frozen=True)
class Ladders:
    """Its messages go out once a day, together for each recipient and step."""

    rounds: Rounds
    name = LADDER
    stands = False
    grace: timedelta = LATEST
    rhythm: timedelta = timedelta(minutes=10)

    def parts(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return PARTS

    def notices(
        self, snapshot: Snapshot, rule: Rule, now: datetime
    ) -> Iterable[Notice]:
        at = self.rounds.current(now)
        if at is None:
            return
        ladder = Ladder.of(rule)
        grouped: dict[tuple[str, str, bool], list[Call]] = defaultdict(list)
        for call in calls(ladder, snapshot.get(LADDERS), snapshot, self.rounds):
            whom = call.reach.whom
            if whom and call.at <= at:
                key = whom, call.step.to, call.reach.withheld
                grouped[key].append(call)
        for (whom, to, withheld), found in grouped.items():
            day = f"{at:%Y-%m-%d}"
            step = f"{to}:withheld" if withheld else to
            yield Notice(
                key=f"{LADDER}:{ladder.id}:{whom}:{step}:{day}",
                channel=whom,
                at=at,
                params={"step": to, "items": [call.item.id for call in found]},
                once_keys=[key for c in found for key in _marks(ladder, c, snapshot)],
            )

    def compose(self, sheet: Sheet) -> Answer:
        kept = list(self._kept(sheet))
        if not kept:
            return Nothing(self._why(sheet))
        return self._message(sheet, kept)

    def redraw(self, sheet: Sheet) -> Message | None:
        """Show what is still left alone; once the step is gone, let it be."""
        if _step(sheet) is None:
            return None
        return self._message(sheet, list(self._kept(sheet)))

    def _message(self, sheet: Sheet, kept: Sequence[Climber]) -> Message:
        to = _asked(sheet.slot)[0]
        ladder = Ladder.of(sheet.rule)
        appeal = Appeal(
            to=to,
            entries=[self._entry(sheet, climber) for climber in kept],
            following=following(ladder, to),
            origin=f"reminder show {sheet.slot.id}",
        )
        items = [climber.item.id for climber in kept]
        return message(appeal)._replace(shown={"items": items})

    def _entry(self, sheet: Sheet, climber: Climber) -> LadderItem:
        target = _target(sheet.snapshot, climber.item)
        past = self.rounds.past(target.at, sheet.now)
        to = _asked(sheet.slot)[0]
        return entry(
            climber,
            to=to,
            slot_id=sheet.slot.id,
            target=target,
            past=past,
            zone=self.rounds.zone,
        )

    def _kept(self, sheet: Sheet) -> Iterator[Climber]:
        """Leave out what was done, or came to concern others, since it was due."""
        for climber, step in _those(sheet):
            reached = climber.reach(step)
            meant = reached.whom == sheet.slot.channel and not reached.withheld
            if meant and climber.since <= sheet.slot.slot_at:
                yield climber

    def _why(self, sheet: Sheet) -> str:
        reached = [c.reach(step) for c, step in _those(sheet)]
        if any(found.withheld for found in reached):
            return PRIVATE
        changed = any(found.whom != sheet.slot.channel for found in reached)
        return ELSEWHERE if changed else OVER


def _those(sheet: Sheet) -> Iterator[tuple[Climber, Step]]:
    """The slot's items as far as they are outstanding, with the step it is about."""
    ids, step, ladder = _asked(sheet.slot)[1], _step(sheet), Ladder.of(sheet.rule)
    if step is None:
        return
    for item in sheet.snapshot.items.get(FOLLOW_UPS, ()):
        climber = climbing(ladder, item, sheet.snapshot) if item.id in ids else None
        if climber:
            yield climber, step


def _step(sheet: Sheet) -> Step | None:
    to = _asked(sheet.slot)[0]
    return next((s for s in Ladder.of(sheet.rule).steps if s.to == to), None)


def _asked(slot: Slot) -> tuple[str, frozenset[str]]:
    """The step and the items of a slot; of one that was sent, those it showed."""
    params, shown = slot.params or {}, slot.shown or {}
    ids = shown.get("items", params.get("items", ()))
    return params.get("step", ""), frozenset(ids)


def _target(snapshot: Snapshot, item: Item) -> Target:
    target = snapshot.get(TARGETS).of(item)
    assert target is not None
    return target


def _marks(ladder: Ladder, call: Call, snapshot: Snapshot) -> Iterator[str]:
    told = snapshot.get(CLIMBED).get((ladder.id, call.item.id), ())
    for step in (call.step, *(step for step, _ in call.passed)):
        tries = sum(one.to == step.to for one in told)
        yield mark(ladder.id, call.item.id, step.to, tries)

"""The daily digest of a person: their follow-ups, and orphans of their incidents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from blocks.kit.outstanding import MOST_SHOWN, ItemOutcome
from blocks.reminders.owner_digest import (
    LED,
    OWN,
    DigestSection,
    OwnerDigest,
    message,
)
from reminders.digests import orphans
from reminders.engine.kinds import Answer, Kind, Nothing, RenderContext
from reminders.items.lines import became, gone, keys, line, shown, with_target
from reminders.items.targets import TARGETS
from reminders.people.away import AWAY
from reminders.sources.snapshot import ASLEEP, FOLLOW_UPS, LONG_AGO, UNRANKED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from blocks.kit.messages import Message
    from blocks.kit.outstanding import OutstandingLine
    from reminders.items.targets import Targets
    from reminders.sources.snapshot import IncidentSummary, Item, Key, Snapshot
    from storage.rule import Rule
    from storage.slot import Slot

OWNER = "owner"
ELSEWHERE = ItemOutcome("No longer needs you")
LED_AT_LEAST = 3
"""The items of incidents that somebody leads which their own leave room for."""


class OwnerDigests(Kind):
    """Composes digests; the channel of a rule is the person's Slack id."""

    name = OWNER
    working_days = True

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return (FOLLOW_UPS, ASLEEP.name, TARGETS.name, AWAY.name)

    def compose(self, context: RenderContext) -> Answer:
        personal = PersonalItems.of(context)
        if not personal.own and not personal.led:
            return Nothing()
        led = min(len(personal.led), max(LED_AT_LEAST, MOST_SHOWN - len(personal.own)))
        mine = [personal.line(item) for item in personal.own[: MOST_SHOWN - led]]
        theirs = [personal.line(item) for item in personal.led[:led]]
        return message(personal.digest(mine, theirs), context.slot.id)

    def about(self, context: RenderContext) -> Sequence[Item]:
        personal = PersonalItems.of(context)
        return [*personal.own, *personal.led]

    def recalls(self, slot: Slot) -> Collection[Key]:
        return keys(slot.shown, OWN, LED)

    def redraw(self, context: RenderContext) -> Message | None:
        """Draw the items that were shown, in their order, as they are now."""
        personal = PersonalItems.of(context)
        digest = personal.digest(personal.redrawn(OWN), personal.redrawn(LED))
        return message(digest, context.slot.id)


@dataclass(frozen=True, slots=True)
class PersonalItems:
    """The items that concern one person."""

    context: RenderContext
    person: str
    ids: frozenset[str]
    """The ids that the person has, or had when the message was sent, in incident.io."""
    own: Sequence[Item]
    """The items that they own, the most urgent first."""
    led: Sequence[Item]
    """The orphans of the incidents that they lead."""

    @classmethod
    def of(cls, context: RenderContext) -> PersonalItems:
        person = context.rule.own_channel
        ids = context.snapshot.ids_of.get(person, frozenset())
        then = (owner_id for _, owner_id in shown(context.slot.shown, OWN))
        owned = context.snapshot.by_owner
        own = (item for id_ in ids for item in owned.get(id_, ()))
        led = orphans.led_by(person, context)
        shown_now = partial(_readable, context.snapshot)
        return cls(context, person, ids.union(then), shown_now(own), shown_now(led))

    def digest(
        self, own: Sequence[OutstandingLine], led: Sequence[OutstandingLine]
    ) -> OwnerDigest:
        """Return the digest with these lines and the total numbers."""
        now, targets = self.context.now, self.context.snapshot.get(TARGETS)
        found = (targets.of(item) for item in self.own)
        late = sum(target is not None and target.passed(now) for target in found)
        mine = DigestSection(own, len(self.own), late)
        return OwnerDigest(now, mine, DigestSection(led, len(self.led)))

    def line(self, item: Item) -> OutstandingLine:
        case = self.context.snapshot.cases[item.incident_id]
        return self._line(item, case, None)

    def _line(
        self, item: Item, case: IncidentSummary, became: ItemOutcome | None
    ) -> OutstandingLine:
        target = self.context.snapshot.get(TARGETS).of(item)
        return replace(
            with_target(line(item, case, became), target),
            note=orphans.why(item, self.context) if self._is_led(item) else None,
        )

    def _is_led(self, item: Item) -> bool:
        return item.owner is None or item.owner.id not in self.ids

    def redrawn(self, name: str) -> Sequence[OutstandingLine]:
        """Return the lines that the message showed under ``name``, as they are now."""
        return [
            found
            for key, owner_id in shown(self.context.slot.shown, name)
            if (found := self._redrawn(key, owner_id))
        ]

    def _redrawn(self, key: Key, owner_id: str) -> OutstandingLine | None:
        """Return one line as it is now. None: the incident may not be shown.

        The title is left out if the item is no longer theirs and the incident private.
        """
        past = self.context.shown_items[key]
        if past.item is None:
            return gone(key)
        if past.case is None:
            return None
        now = self._outcome(key, became(past, owner_id, self.person))
        drawn = replace(self._line(past.item, past.case, now), owner_id=owner_id)
        if now is None or not self._is_led(past.item) or not past.case.is_veiled:
            return drawn
        return replace(drawn, title=None, became=replace(now, undo=None))

    def _outcome(self, key: Key, outcome: ItemOutcome | None) -> ItemOutcome | None:
        """Return the outcome of an item, which is settled once it is not counted."""
        if key in self._counted:
            return outcome and replace(outcome, settled=False)
        return outcome or ELSEWHERE

    @property
    def _counted(self) -> frozenset[Key]:
        return frozenset(item.key for item in (*self.own, *self.led))


def _readable(snapshot: Snapshot, items: Iterable[Item]) -> Sequence[Item]:
    """Return the follow-ups that are awake, and whose incident was read, sorted."""
    asleep = snapshot.get(ASLEEP)
    found = (
        item
        for item in items
        if item.kind == FOLLOW_UPS
        and item.key not in asleep
        and item.incident_id in snapshot.cases
    )
    return sorted(found, key=partial(by_target, snapshot.get(TARGETS)))


NEVER = datetime.max.replace(tzinfo=UTC)


def by_target(targets: Targets, item: Item) -> tuple[datetime, int, datetime, str]:
    """Return the key that sorts items by target, then by priority and age."""
    target = targets.of(item)
    rank = item.priority.rank if item.priority else UNRANKED
    return target.at if target else NEVER, rank, item.since or LONG_AGO, item.id

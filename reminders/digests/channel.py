"""The digests of a channel, which ``/io remind`` sets: what is outstanding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from blocks.kit import people
from blocks.kit.outstanding import MOST_SHOWN, ItemOutcome
from blocks.reminders.digest import Digest, message
from reminders.digests.select import Selected, select
from reminders.digests.summing import noun_of
from reminders.engine.kinds import Answer, Kind, Nothing, RenderContext
from reminders.items.filters import DigestOptions
from reminders.items.lines import became, gone, keys, line, shown, with_target
from reminders.items.targets import TARGETS
from reminders.sources.snapshot import ASLEEP
from storage.rules import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from blocks.kit.messages import Message
    from blocks.kit.outstanding import OutstandingLine
    from reminders.sources.snapshot import IncidentSummary, Item, Key, Snapshot
    from storage.rule import Rule
    from storage.slot import Slot

ELSEWHERE = ItemOutcome("No longer matches this reminder")
UNOWNED = "unassigned"


class ChannelDigests(Kind):
    name = CHANNEL

    def sources(self, rule: Rule) -> Collection[str]:
        return sources(rule)

    def compose(self, context: RenderContext) -> Answer:
        found = selected(context.snapshot, context.rule, context.now)
        if not found.items:
            return Nothing()
        cases = context.snapshot.cases
        lines = [
            drawn(context.snapshot, item, cases[item.incident_id])
            for item in found.items[:MOST_SHOWN]
        ]
        return message(_digest(context, found, lines), context.slot.id)

    def about(self, context: RenderContext) -> Sequence[Item]:
        return selected(context.snapshot, context.rule, context.now).items

    def recalls(self, slot: Slot) -> Collection[Key]:
        return keys(slot.shown)

    def redraw(self, context: RenderContext) -> Message | None:
        """Draw the items that were shown, in their order, as they are now."""
        found = selected(context.snapshot, context.rule, context.now)
        counted = {item.key for item in found.items}
        lines = (
            _redrawn(key, owner_id, context, counted)
            for key, owner_id in shown(context.slot.shown)
        )
        return message(_digest(context, found, filter(None, lines)), context.slot.id)


def sources(rule: Rule) -> Collection[str]:
    """Return the names of what a reminder of this rule reads."""
    return {*DigestOptions.of(rule).item_kinds, ASLEEP.name, TARGETS.name}


def selected(snapshot: Snapshot, rule: Rule, now: datetime) -> Selected:
    """Return the items that a reminder is about."""
    asleep, targets = snapshot.get(ASLEEP), snapshot.get(TARGETS)
    return select(snapshot, rule, asleep, now, targets)


def drawn(
    snapshot: Snapshot,
    item: Item,
    case: IncidentSummary,
    outcome: ItemOutcome | None = None,
) -> OutstandingLine:
    """Return the line of an item, with its owner and its target."""
    owner = people.person(item.owner.user) if item.owner else UNOWNED
    known = replace(line(item, case, outcome), owner=owner)
    return with_target(known, snapshot.get(TARGETS).of(item))


def _digest(
    context: RenderContext, found: Selected, lines: Iterable[OutstandingLine]
) -> Digest:
    return Digest(
        at=context.now,
        name=context.rule.name,
        noun=noun_of(DigestOptions.of(context.rule).item_kinds),
        total=len(found.items),
        late=found.late,
        lines=list(lines),
    )


def _redrawn(
    key: Key, owner_id: str, context: RenderContext, counted: Collection[Key]
) -> OutstandingLine | None:
    """Return the line as it is now. None: the channel may no longer know of it."""
    past = context.shown_items[key]
    if past.item is None:
        return gone(key)
    if past.case is None or past.case.is_veiled:
        return None
    outcome = became(past, owner_id)
    if key in counted:
        outcome = outcome and replace(outcome, settled=False)
    else:
        outcome = outcome or ELSEWHERE
    found = drawn(context.snapshot, past.item, past.case, outcome)
    return replace(found, owner_id=owner_id)

"""The digests of a channel, which ``/io remind`` sets: what is outstanding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from blocks.kit.people import mark
from blocks.reminders.digest import OwnerGroup, message
from reminders.digests.select import select
from reminders.engine.kinds import Answer, Kind, Nothing, RenderContext
from reminders.items.filters import DigestOptions
from reminders.items.lines import became, gone, keys, line, owners, shown, with_target
from reminders.items.targets import TARGETS
from reminders.sources.snapshot import ASLEEP
from storage.rules import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from blocks.kit.messages import Message
    from blocks.kit.outstanding import OutstandingLine
    from blocks.reminders.digest import Digest
    from reminders.sources.snapshot import Key, Owner
    from storage.rule import Rule
    from storage.slot import Slot

REASSIGNED = "Reassigned"
"""The heading of items that once had an owner, where the name is lost."""


class ChannelDigests(Kind):
    name = CHANNEL

    def sources(self, rule: Rule) -> Collection[str]:
        return {*DigestOptions.of(rule).item_kinds, ASLEEP.name, TARGETS.name}

    def compose(self, context: RenderContext) -> Answer:
        digest = self._digest(context)
        return message(digest, context.slot.id) if digest.total else Nothing()

    def recalls(self, slot: Slot) -> Collection[Key]:
        return keys(slot.shown)

    def redraw(self, context: RenderContext) -> Message | None:
        """Draw the items that were shown, in their order, as they are now."""
        digest = self._digest(context)
        if context.slot.shown:
            digest = replace(digest, groups=_as_shown(digest, context))
        return message(digest, context.slot.id)

    def _digest(self, context: RenderContext) -> Digest:
        snapshot = context.snapshot
        asleep, targets = snapshot.get(ASLEEP), snapshot.get(TARGETS)
        return select(snapshot, context.rule, asleep, context.now, targets)


def _as_shown(digest: Digest, context: RenderContext) -> Sequence[OwnerGroup]:
    """Return the groups as the message showed them; new owners are only counted."""
    now = {group.lines[0].owner_id: group for group in digest.groups}
    kept = owners(shown(context.slot.shown))
    groups = [
        _group(now.pop(owner_id, None), owner_id, found, context)
        for owner_id, found in kept.items()
    ]
    return [*groups, *(replace(group, lines=()) for group in now.values())]


def _group(
    now: OwnerGroup | None, owner_id: str, found: Sequence[Key], context: RenderContext
) -> OwnerGroup:
    drawn = [_line(key, owner_id, context) for key in found]
    lines = [one for one in drawn if one]
    if now is not None:
        return replace(now, lines=lines)
    owner = _owner(owner_id, found, context)
    if owner is None:
        name = REASSIGNED if owner_id else None
        return OwnerGroup(name=name, slack_id=None, total=0, lines=lines)
    return OwnerGroup(
        name=owner.name,
        slack_id=owner.slack_id,
        total=0,
        lines=lines,
        mark=mark(owner.user),
    )


def _owner(owner_id: str, found: Sequence[Key], context: RenderContext) -> Owner | None:
    items = (context.shown_items[key].item for key in found)
    theirs = (item.owner for item in items if item and item.owner)
    return next((owner for owner in theirs if owner.id == owner_id), None)


def _line(key: Key, owner_id: str, context: RenderContext) -> OutstandingLine | None:
    """Return the line of an item. None: the channel may no longer know of it."""
    past = context.shown_items[key]
    if past.item is None:
        return gone(key)
    case = past.case
    if case is None or case.is_veiled:
        return None
    target = context.snapshot.get(TARGETS).of(past.item)
    drawn = with_target(line(past.item, case, became(past, owner_id)), target)
    return replace(drawn, owner_id=owner_id)

"""Orphans: items that nobody takes care of, shown to incident leads. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blocks.kit import text
from blocks.kit.people import mark
from reminders.items.targets import TARGETS
from reminders.people.away import AWAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reminders.engine.kinds import RenderContext
    from reminders.people.away import Away
    from reminders.sources.snapshot import Item, Owner


def led_by(person: str, context: RenderContext) -> Iterator[Item]:
    """Yield the orphans of the incidents that a person leads, without their own."""
    snapshot = context.snapshot
    for case in snapshot.led_by.get(person, ()):
        for item in snapshot.by_incident.get(case.id, ()):
            theirs = item.owner is not None and item.owner.slack_id == person
            if not theirs and why(item, context):
                yield item


def why(item: Item, context: RenderContext) -> str | None:
    """Return why nobody takes care of an item, in mrkdwn. None: somebody does."""
    if item.owner is None:
        return _unowned(item, context)
    if item.owner.slack_id is None:
        return f"{_name(item.owner)} is not on Slack"
    away = context.snapshot.get(AWAY).get(item.owner.slack_id)
    if away:
        return f"{_name(item.owner)} {_absent(away)}"
    return f"{_name(item.owner)} is deactivated" if mark(item.owner.user) else None


def _unowned(item: Item, context: RenderContext) -> str | None:
    wanted = context.snapshot.get(TARGETS).assign_by(item)
    if wanted is None or wanted > context.now:
        return None
    return "unassigned"


def _absent(away: Away) -> str:
    if away.until is not None:
        return f"is away until {text.day(away.until)}"
    return text.inline(away.why, 80) or "is away"


def _name(owner: Owner) -> str:
    return text.inline(owner.name, 80)

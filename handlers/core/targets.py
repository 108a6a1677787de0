"""Targets and due dates of items, in words for the person who asks."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from blocks.kit import due as view
from blocks.kit.due import Target
from handlers.core.context import Context
from incidentio import FollowUp
from reminders.items.targets import TARGETS
from reminders.sources.item_factory import ItemFactory
from reminders.sources.snapshot import Item

Said = Callable[[Item], str | None]


def describer(ctx: Context) -> Said:
    """Return a function that describes the target of an outstanding item briefly."""
    known = ctx.services.outstanding.source(TARGETS)
    zone = ZoneInfo(ctx.person.timezone)
    return lambda item: view.describe_target(known.of(item), ctx.now, zone)


def target_of(ctx: Context, follow_up: FollowUp) -> Target | None:
    """Return the target of a follow-up; None if it is finished."""
    if not follow_up.outstanding:
        return None
    known = ctx.services.outstanding.source(TARGETS)
    return known.of(ItemFactory().follow_up(follow_up))


def target_facts(ctx: Context, follow_up: FollowUp) -> list[tuple[str, str]]:
    """Return the label and the words of the target for a card; [] without one."""
    target = target_of(ctx, follow_up)
    if target is None:
        return []
    zone = ZoneInfo(ctx.person.timezone)
    return [(view.label(target), view.target_fact(target, ctx.now, zone))]


def describe_target(ctx: Context, follow_up: FollowUp) -> str | None:
    """Describe the target of a follow-up briefly; None if it has none."""
    zone = ZoneInfo(ctx.person.timezone)
    return view.describe_target(target_of(ctx, follow_up), ctx.now, zone)

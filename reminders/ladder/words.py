"""Texts of ladders: how late an item is, who was told before, and why here."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from blocks.kit import people, text
from blocks.ladders.messages import Following, LadderItem, whom
from reminders.items.lines import line
from reminders.ladder.ladder import CHANNEL, LEAD, ORDER, OWNER, SAID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from reminders.ladder.ladder import Ladder, TakenStep
    from reminders.ladder.state import LadderState
    from reminders.sources.snapshot import Owner


def following(ladder: Ladder, to: str) -> Following | None:
    """Return who is told after this step, and in how many working days."""
    place = next((n for n, step in enumerate(ladder.steps) if step.to == to), None)
    if place is None or place + 1 == len(ladder.steps):
        return None
    this, after = ladder.steps[place], ladder.steps[place + 1]
    return Following(whom(after.to, after.id, after.name), after.days - this.days)


def entry(
    state: LadderState,
    *,
    to: str,
    slot_id: str,
    past: int,
    zone: ZoneInfo,
) -> LadderItem:
    item = state.item
    owner = (
        f"owned by {text.inline(people.named(item.owner.user), 100)}"
        if item.owner
        else ""
    )
    return LadderItem(
        line=line(item, state.case),
        past=late(past),
        owner=owner or "unassigned",
        told=told_before(state, slot_id, zone),
        why=_why(state, to, slot_id),
    )


def late(days: int) -> str:
    """Return ``overdue by 3 working days``."""
    return f"overdue by {text.count(days, 'working day')}" if days else "overdue"


def told_before(state: LadderState, slot_id: str, zone: ZoneInfo) -> str:
    """Return ``Ben and the lead Ana were told on 3 and 6 March.``; empty if nobody."""
    before = {
        told.slot_id: told
        for told in sorted(state.told, key=lambda told: ORDER.index(told.to))
        if told.how == SAID and told.slot_id != slot_id
    }
    if not before:
        return ""
    earlier = sorted(before.values(), key=lambda told: told.at)
    who = list(dict.fromkeys(_called(told, state) for told in earlier))
    days = [told.at.astimezone(zone).date() for told in earlier]
    were = "was" if len(who) == 1 else "were"
    who[0] = who[0][:1].upper() + who[0][1:]
    return f"{text.listed(who)} {were} told on {days_text(days)}."


def _called(told: TakenStep, state: LadderState) -> str:
    if told.to == OWNER:
        return _name(state.item.owner, told, "an earlier owner")
    if told.to == LEAD:
        name = _name(state.case.lead, told, "")
        return f"the lead {name}" if name else "an earlier lead"
    if told.to == CHANNEL and told.whom:
        return text.channel(told.whom)
    return "the channel" if told.to == CHANNEL else "the last one named"


def _name(person: Owner | None, told: TakenStep, otherwise: str) -> str:
    known = person is not None and told.whom in (None, person.slack_id)
    return text.inline(person.name, 80) if known and person else otherwise


def days_text(days: Sequence[date]) -> str:
    """Return ``3 and 6 March``; each month is named once."""
    months = groupby(sorted(set(days)), key=lambda day: f"{day:%Y-%m}")
    return text.listed([_of_month(list(found)) for _, found in months])


def _of_month(days: Sequence[date]) -> str:
    return f"{text.listed([str(day.day) for day in days])} {days[0]:%B}"


def _why(state: LadderState, to: str, slot_id: str) -> str:
    """Return why earlier steps were passed over; empty if none was."""
    passed = [told.to for told in state.told if told.slot_id == slot_id]
    whys = [
        state.recipient(step).why
        for step in state.steps
        if step.to in passed and step.to != to
    ]
    whys = [why for why in whys if why]
    return f"Told here because {text.listed(whys)}." if whys else ""

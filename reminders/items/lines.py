"""Lines of items in messages, and the outcome of items shown before. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from blocks.kit import items, people, text
from blocks.kit.incidents import severity_mark
from blocks.kit.outstanding import ItemOutcome, OutstandingLine
from incidentio import Severity
from reminders.sources.snapshot import ACTIONS, OUTSTANDING
from storage.last_actions import ASSIGNED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from blocks.kit.due import Target
    from reminders.sources.recall import ShownItem
    from reminders.sources.snapshot import IncidentSummary, Item, Key

SHOWN = "items"
"""The key in ``shown`` of the items of a message: kind, id and owner's id of each."""

GONE = ItemOutcome("Deleted")


def line(
    item: Item, case: IncidentSummary, became: ItemOutcome | None = None
) -> OutstandingLine:
    return OutstandingLine(
        noun=noun(item.kind),
        id=item.id,
        title=item.title,
        since=item.since,
        reference=case.reference,
        incident=case.name,
        url=case.url,
        severity=_severity(case),
        priority=item.priority.name if item.priority else None,
        private=case.is_private,
        owner_id=item.owner.id if item.owner else "",
        became=became,
    )


def _severity(case: IncidentSummary) -> str | None:
    """Return the name of an incident's severity with its mark."""
    if case.severity is None:
        return None
    known = Severity(
        id=case.severity_id or "", name=case.severity, rank=case.severity_rank
    )
    return f"{severity_mark(known)} {case.severity}"


def with_target(one: OutstandingLine, target: Target | None) -> OutstandingLine:
    """Return the line with the target of its item."""
    if target is None:
        return one
    return replace(one, target=target.at, is_due=target.due)


def noun(kind: str) -> str:
    return (items.ACTION if kind == ACTIONS else items.FOLLOW_UP).noun


def shown(
    kept: Mapping[str, Any] | None, name: str = SHOWN
) -> Iterator[tuple[Key, str]]:
    """Yield the items that a message showed, each with the id of its owner then."""
    for kind, item_id, owner_id in (kept or {}).get(name, ()):
        yield (kind, item_id), owner_id


def keys(kept: Mapping[str, Any] | None, *names: str) -> list[Key]:
    """Return the keys of the items that a message showed under these names."""
    return [key for name in names or (SHOWN,) for key, _ in shown(kept, name)]


def became(
    past: ShownItem, owner_id: str, viewer: str | None = None
) -> ItemOutcome | None:
    """Return what became of an item that ``owner_id`` owned. None: nothing changed.

    ``viewer`` is the Slack id of the only reader, who is called “you”.
    """
    item = past.item
    if item is None:
        return GONE
    said = f"{noun(item.kind)} {{}} {item.id}"
    if item.status != OUTSTANDING:
        words = items.status_label(item.status).capitalize()
        undo = said.format("reopen")
        return ItemOutcome(words + _by(past, item.status, viewer), undo)
    if past.snooze is not None:
        by = _person(past.snooze.by, viewer)
        words = f"Snoozed until {text.day(past.snooze.until)} by {by}"
        return ItemOutcome(words, f"{said.format('snooze')} off")
    if (item.owner.id if item.owner else "") != owner_id:
        back = f"{said.format('assign')} {owner_id}"
        words = f"{_given(item, owner_id)}{_by(past, ASSIGNED, viewer)}"
        return ItemOutcome(words, back if owner_id else said.format("unassign"))
    return None


def _given(item: Item, before: str) -> str:
    if item.owner is None:
        return "Unassigned"
    verb = "Reassigned" if before else "Assigned"
    return f"{verb} to {people.person(item.owner.user)}"


def _by(past: ShownItem, what: str, viewer: str | None) -> str:
    """Return who did ``what``, if that was the last action through the bot."""
    if past.last_action is None or past.last_action.action != what:
        return ""
    return f" by {_person(past.last_action.by, viewer)}"


def _person(slack_id: str, viewer: str | None) -> str:
    return "you" if slack_id == viewer else text.mention(slack_id)


def gone(key: Key) -> OutstandingLine:
    """Return the line of an item that was deleted."""
    kind, item_id = key
    return OutstandingLine(
        noun=noun(kind),
        id=item_id,
        title=None,
        since=None,
        reference="",
        incident="",
        url=None,
        became=GONE,
    )

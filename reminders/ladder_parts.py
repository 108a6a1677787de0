"""What ladders are climbed by, as parts of a snapshot: rules, snoozes, the past."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from reminders.ladder import FAILED, ORDER, PENDING, SAID, UNSAID, Ladder, Told
from reminders.snapshot import FOLLOW_UPS, Part
from storage import slots
from storage.notices import DUE
from storage.reminders import ACTIVE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from reminders.snapshot import Reader, Reading
    from storage.marks import Marks, Said
    from storage.reminders import Reminders
    from storage.snoozes import Snoozes

LADDER = "ladder"
"""The kind of these rules, and what their marks begin with."""

Key = tuple[str, str]

LADDERS: Part[Sequence[Ladder]] = Part("ladders", ())
"""Those that are on."""
CLIMBED: Part[Mapping[Key, Sequence[Told]]] = Part("climbed", {})
"""What was said, by ladder and item, in the order it was."""
SNOOZES: Part[Mapping[Key, datetime]] = Part("snoozes", {})
"""When snoozes end, or ended, by kind and id of the item."""

HOWS = {
    slots.SENT: SAID,
    slots.UNKNOWN: SAID,
    None: SAID,
    DUE: PENDING,
    slots.CLAIMED: PENDING,
    slots.FAILED: FAILED,
}
"""By state of the slot; of one that was forgotten, what it said is long ago."""


def mark(ladder: str, item: str, to: str, tries: int) -> str:
    """What is said once; what could not be said may be tried once more."""
    again = f":{tries}" if tries else ""
    return f"{LADDER}:{ladder}:{item}:{to}{again}"


def ladders(rules: Reminders) -> Reader[Sequence[Ladder]]:
    def read(_: Reading) -> Sequence[Ladder]:
        found = rules.list(kind=LADDER)
        return [Ladder.of(rule) for rule in found if rule.state == ACTIVE]

    return read


def snoozes(stored: Snoozes) -> Reader[Mapping[Key, datetime]]:
    def read(_: Reading) -> Mapping[Key, datetime]:
        return stored.among([FOLLOW_UPS])

    return read


def climbed(marks: Marks) -> Reader[Mapping[Key, Sequence[Told]]]:
    def read(_: Reading) -> Mapping[Key, Sequence[Told]]:
        found: dict[Key, list[Told]] = defaultdict(list)
        for said in marks.under(f"{LADDER}:"):
            ladder, item, to = said.key.split(":")[1:4]
            if to in ORDER:
                found[ladder, item].append(_told(said, item, to))
        return found

    return read


def _told(said: Said, item: str, to: str) -> Told:
    how = HOWS.get(said.state, UNSAID)
    if how == SAID and said.shown and item not in said.shown.get("items", ()):
        how = UNSAID
    return Told(to, said.at, said.channel, how, said.slot_id)

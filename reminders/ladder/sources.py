"""The data sources of ladders: rules, snoozes, and the steps taken."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from reminders.calendar.schedule import following
from reminders.ladder.ladder import (
    FAILED,
    ORDER,
    PENDING,
    SAID,
    UNSAID,
    Ladder,
    TakenStep,
)
from reminders.sources.snapshot import FOLLOW_UPS, DataSource
from storage import slot
from storage.rule import ACTIVE
from storage.rules import Rules
from storage.sent_once_keys import SentOnceKeys
from storage.slot import DUE
from storage.snoozes import Snoozes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from reminders.sources.snapshot import Reader
    from storage.database import Database
    from storage.sent_once_keys import SentOnce

LADDER = "ladder"
"""The kind of these rules; their keys in ``SentOnceKeys`` begin with it too."""

Key = tuple[str, str]

LADDERS: DataSource[Sequence[Ladder]] = DataSource("ladders", ())
"""The ladders that are turned on."""
TAKEN_STEPS: DataSource[Mapping[Key, Sequence[TakenStep]]] = DataSource(
    "taken steps", {}
)
"""The steps taken, in their order, by the ids of the ladder and the item."""
SNOOZES: DataSource[Mapping[Key, datetime]] = DataSource("snoozes", {})
"""When each snooze ends or ended, by kind and id of the item."""

HOWS = {
    slot.SENT: SAID,
    slot.UNKNOWN: SAID,
    None: SAID,
    DUE: PENDING,
    slot.CLAIMED: PENDING,
    slot.FAILED: FAILED,
}
"""The outcome of a step by the state of its slot; None: the slot was pruned."""


def step_key(ladder: str, item: str, to: str, tries: int) -> str:
    """Return the key of a step that is sent once; ``tries``: failed ones before it."""
    again = f":{tries}" if tries else ""
    return f"{LADDER}:{ladder}:{item}:{to}{again}"


def ladder_readers(
    database: Database, now: Callable[[], datetime]
) -> Mapping[str, Reader[Any]]:
    """Return the readers of the three sources above, by the names of the sources."""
    rules = Rules(database, now, following)
    snoozes, sent_once = Snoozes(database), SentOnceKeys(database)
    return {
        LADDERS.name: lambda _: _on(rules),
        SNOOZES.name: lambda _: snoozes.ends([FOLLOW_UPS]),
        TAKEN_STEPS.name: lambda _: _taken_steps(sent_once),
    }


def _on(rules: Rules) -> Sequence[Ladder]:
    found = rules.list(kind=LADDER)
    return [Ladder.of(rule) for rule in found if rule.state == ACTIVE]


def _taken_steps(sent_once: SentOnceKeys) -> Mapping[Key, Sequence[TakenStep]]:
    found: dict[Key, list[TakenStep]] = defaultdict(list)
    for said in sent_once.under(f"{LADDER}:"):
        ladder, item, to = said.key.split(":")[1:4]
        if to in ORDER:
            found[ladder, item].append(_taken_step(said, item, to))
    return found


def _taken_step(said: SentOnce, item: str, to: str) -> TakenStep:
    how = HOWS.get(said.state, UNSAID)
    if how == SAID and said.shown and item not in said.shown.get("items", ()):
        how = UNSAID
    return TakenStep(to, said.at, said.channel, how, said.slot_id)

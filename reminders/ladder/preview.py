"""Who would be told of what, were a ladder on. Pure, and by the ladder's own rules."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from blocks.ladders.form import LadderPreview, Recipient
from reminders.ladder.ladder import ORDER
from reminders.ladder.notices import calls
from reminders.ladder.sources import LADDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reminders.ladder.ladder import Call, Ladder, Rounds
    from reminders.sources.snapshot import Snapshot

TITLES = 3


def preview(ladder: Ladder, snapshot: Snapshot, rounds: Rounds) -> LadderPreview:
    now = snapshot.at
    at = rounds.current(now) or rounds.first(now)
    grouped: dict[tuple[str, str], list[Call]] = defaultdict(list)
    nobody = 0
    for call in calls(ladder, snapshot.get(LADDERS), snapshot, rounds):
        if call.at > at or not _shown(ladder, call):
            continue
        if call.reach.whom is None:
            nobody += 1
        else:
            grouped[call.step.to, call.reach.whom].append(call)
    order = sorted(grouped, key=lambda key: (ORDER.index(key[0]), key[1]))
    recipients = [_recipient(key, grouped[key]) for key in order]
    total = sum(one.total for one in recipients)
    return LadderPreview(at, now, recipients, total, nobody)


def _shown(ladder: Ladder, call: Call) -> bool:
    """Nothing of a private incident is shown but in its own channel."""
    return not call.case.is_private or call.case.channel == ladder.channel


def _recipient(key: tuple[str, str], found: Sequence[Call]) -> Recipient:
    titles = [f"{c.item.title} ({c.case.reference})" for c in found[:TITLES]]
    return Recipient(key[0], key[1], len(found), titles)

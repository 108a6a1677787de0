"""Previews of whom a ladder would tell of what. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from blocks.ladders.form import LadderPreview, Recipient
from reminders.ladder.ladder import ORDER
from reminders.ladder.notices import due_steps
from reminders.ladder.sources import LADDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reminders.ladder.ladder import DueStep, Ladder, Rounds
    from reminders.sources.snapshot import Snapshot

TITLES = 3
"""The most titles for each recipient."""


def preview(ladder: Ladder, snapshot: Snapshot, rounds: Rounds) -> LadderPreview:
    """Return whom the ladder would tell at the current or else the next round."""
    now = snapshot.at
    at = rounds.current(now) or rounds.first(now)
    grouped: dict[tuple[str, str], list[DueStep]] = defaultdict(list)
    nobody = 0
    for due_step in due_steps(ladder, snapshot.get(LADDERS), snapshot, rounds):
        if due_step.at > at:
            continue
        if due_step.recipient.whom is None:
            nobody += 1
        else:
            grouped[due_step.step.to, due_step.recipient.whom].append(due_step)
    order = sorted(grouped, key=lambda key: (ORDER.index(key[0]), key[1]))
    recipients = [_recipient(key, grouped[key]) for key in order]
    total = sum(one.total for one in recipients)
    return LadderPreview(at, now, recipients, total, nobody)


def _recipient(key: tuple[str, str], found: Sequence[DueStep]) -> Recipient:
    titles = [f"{due.item.title} ({due.case.reference})" for due in found[:TITLES]]
    return Recipient(key[0], key[1], len(found), titles)

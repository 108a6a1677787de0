"""The reminders of a channel, each with its buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from slack_sdk.models.blocks import ActionsBlock, Block

from blocks.kit import messages


@dataclass(frozen=True, slots=True)
class ListedReminder:
    """One reminder in the list, its words escaped."""

    id: str
    title: str
    about: str
    active: bool
    notes: Sequence[str] = field(default_factory=tuple)


def listing(reminders: Sequence[ListedReminder], origin: str) -> list[Block]:
    blocks: list[Block] = []
    for number, reminder in enumerate(reminders, start=1):
        lines = [f"*{reminder.title}*", reminder.about, *reminder.notes]
        blocks.append(messages.section("\n".join(lines)))
        blocks.append(_steps(reminder, f"{origin}#{number}"))
    if not reminders:
        blocks.append(messages.section("No reminder is set here."))
    blocks.append(
        messages.buttons([("New reminder", "remind"), ("History", "reminder history")])
    )
    return blocks


def _steps(reminder: ListedReminder, block_id: str) -> ActionsBlock:
    id_ = reminder.id
    turn = ("Pause", "pause") if reminder.active else ("Resume", "resume")
    sure = f"“{reminder.title}” will be gone for everyone in this channel."
    return ActionsBlock(
        block_id=block_id,
        elements=[
            messages.button(turn[0], f"reminder {turn[1]} {id_}", nth=1),
            messages.button("Run now", f"reminder run {id_}", nth=2),
            messages.button("Edit", f"reminder edit {id_}", nth=3),
            messages.button(
                "Delete", f"reminder delete {id_}", nth=4, style="danger", sure=sure
            ),
        ],
    )

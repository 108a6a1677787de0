"""Tells people the outcome of a write that could not be told at once.

``storage.announcements`` enters the slots, together with the outcome.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blocks import audit
from blocks.incidents import card
from blocks.kit import messages, text
from blocks.kit.messages import Message
from blocks.on_call import overrides
from reminders.engine.kinds import Answer, Kind, Nothing, RenderContext
from reminders.engine.post import DeliveryError
from reminders.outcomes.unsaid import UNSAID
from storage.announcements import ANSWER, RULE
from storage.entry import DONE, REFUSED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from slack_sdk.models.blocks import Block

    from reminders.outcomes.unsaid import Unsaid
    from storage.entry import Entry
    from storage.rule import Rule
    from storage.slot import Slot

OUTCOME = {DONE: "was done", REFUSED: "was not done"}
UNSURE = "may have been done. Check before you try again"
DECLARED = "declare"
"""The operation whose message also shows the card of the incident."""


class Outcomes(Kind):
    name = RULE
    grace = timedelta(days=1)
    urgent = True
    poll_interval = timedelta(days=1)
    singleton = True

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {UNSAID.name}

    def otherwise(self, slot: Slot) -> str | None:
        return (slot.params or {}).get(ANSWER)

    def compose(self, context: RenderContext) -> Answer:
        unsaid = context.snapshot.get(UNSAID).get(context.slot.id)
        if unsaid is None:
            raise DeliveryError("it was read too early", wait=timedelta(seconds=1))
        if unsaid.failure:
            raise DeliveryError(unsaid.failure)
        if unsaid.entry is None:
            return Nothing("it was asked for again, or forgotten")
        return _compose(context, unsaid, unsaid.entry)


def _compose(context: RenderContext, unsaid: Unsaid, entry: Entry) -> Answer:
    channel = context.slot.channel
    if not unsaid.is_open_to(channel) and channel != entry.actor:
        return Nothing("not everybody there may read it")
    words, more = _said(unsaid, entry, channel, context.now)
    first = [messages.section(text.clip(words, text.SECTION)), *more]
    since = text.when(context.slot.slot_at)
    late = f"Said late: it is from {since}."
    return Message(words, [*first, messages.context(late)])


def _said(
    unsaid: Unsaid, entry: Entry, channel: str, now: datetime
) -> tuple[str, Sequence[Block]]:
    """Return the text of a message, and the blocks below it."""
    if not unsaid.is_open_to(channel):
        what = OUTCOME.get(
            entry.state, "may have been done. Check before you try again"
        )
        return f"What you asked for {what}. (ref `{entry.ref}`)", ()
    if entry.state != DONE:
        return entry.outcome or "", ()
    if unsaid.schedule is not None:
        where = text.bold(unsaid.schedule.name)
        words = f"{text.mention(entry.actor)} changed who is on call for {where}."
        return words, overrides.confirmation_blocks(words, unsaid.schedule)[1:]
    if unsaid.incident is not None and entry.operation == DECLARED:
        words = card.declared(unsaid.incident, entry.actor)
        return words, card.card(unsaid.incident, now)
    return audit.done(entry.actor, entry.target, entry.changes or {}), ()

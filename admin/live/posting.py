"""Posts messages and deletes them, even if it is unknown whether they arrived."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from slack_sdk.errors import SlackClientError

from admin.live.leftovers import LeftBehind, Leftover
from admin.live.trial import Trial, why
from blocks.kit.messages import Message
from reminders.engine.post import EVENT as REMINDER
from reminders.engine.post import DeliveryError, Posted, Poster
from storage.lease import Lease, elapsed

EVENT = "incidentio_bot_check"
"""The type of the metadata of messages that are posted here."""
LEASE = timedelta(minutes=2)


@dataclass
class Posting:
    """A message that is in Slack, or may be."""

    trial: Trial
    channel: str
    slot: str
    since: datetime
    event: str = EVENT
    posted: Posted | None = None

    @property
    def poster(self) -> Poster:
        return Poster(self.trial.slack, self.event)

    def find(self) -> Posted | None:
        """Look for it by its metadata, as after a crash."""
        return self.poster.find(self.channel, self.slot, self.since)

    def take_back(self) -> None:
        """Delete it; raise ``LeftBehind`` where Slack does not."""
        try:
            found = self.posted or self.find()
        except DeliveryError as error:
            words = f"A message may be in {self.channel}, which cannot be read."
            raise LeftBehind(f"{words} {why(error)}") from error
        if found is None:
            raise LeftBehind(
                f"A message may still appear in {self.channel}: Slack did not say "
                "whether it took it, and does not show it yet."
            )
        try:
            self.poster.delete(found)
        except DeliveryError as error:
            where = self._link(found)
            words = f"A message could not be deleted: {where}."
            raise LeftBehind(f"{words} {why(error)}") from error

    def _link(self, found: Posted) -> str:
        with suppress(SlackClientError):
            answer = self.trial.slack.chat_getPermalink(
                channel=found.channel, message_ts=found.ts
            )
            return str(answer["permalink"])
        return f"{found.ts} in {found.channel}"


def post(trial: Trial, channel: str, message: Message) -> tuple[Posting, Leftover]:
    """Post a message as reminders are posted, and have it deleted at the end."""
    posting = Posting(trial, channel, uuid4().hex, trial.now())
    leftover = trial.left.add(posting.take_back)
    lease = Lease(elapsed(), LEASE, elapsed, posting.since + LEASE)
    try:
        posting.posted = posting.poster.post(
            channel, posting.slot, message.text, message.draw(), lease
        )
    except DeliveryError as error:
        leftover.done = not error.maybe_sent
        raise
    return posting, leftover


def reminder(trial: Trial, channel: str, slot: str) -> tuple[Posting, Leftover]:
    """Have a reminder deleted at the end, once it is posted."""
    posting = Posting(trial, channel, slot, trial.now(), REMINDER)
    return posting, trial.left.add(posting.take_back)

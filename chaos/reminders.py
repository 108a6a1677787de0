"""Reminders that are due while a fault lasts, and the messages that came of them."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from reminders.calendar.schedule import following
from reminders.items.filters import DigestOptions
from storage.errors import DatabaseError
from storage.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.slack.workspace.records import Message
    from sandbox.world import World
    from storage.database import Database
    from storage.slot import Slot

OPTIONS = DigestOptions(item_kinds=("follow_ups",))
CREATOR = "U0ANA"
NEVER = "0 0 1 1 * UTC"
WAITS = 120.0
"""Seconds to go on trying to enter a reminder; the database may be away."""


@dataclass(eq=False)
class DueReminder:
    """One message that is due in a channel of its own."""

    rule: str
    channel: str
    at: float = 0.0
    """The Unix time when it was due; 0: it has not been run yet."""
    later: bool = False
    """Whether it is planned for a time after the fault."""
    is_digest: bool = False
    """Whether it is a person's own digest, in their conversation with the app."""

    @property
    def slot_id(self) -> str:
        """The id of the slot that ``run_now`` enters."""
        return uuid5(NAMESPACE_OID, self.rule).hex


def utc_now() -> datetime:
    return datetime.now(UTC)


class Reminders:
    def __init__(self, world: World, database: Database) -> None:
        self._world = world
        self._rules = Rules(database, utc_now, following)
        self._choosing = Lock()
        self.due: list[DueReminder] = []

    def set_up(
        self,
        number: int,
        *,
        at: datetime | None = None,
        due: bool = True,
        bot: bool = True,
    ) -> None:
        """Create reminders, planned for the minute ``at`` or else sent by ``run``.

        ``due`` is False for a minute after the fault. ``bot`` is whether the bot is in
        their channels.
        """
        when = f"{at.minute} {at.hour} {at.day} {at.month} * UTC" if at else NEVER
        for serial in range(len(self.due), len(self.due) + number):
            channel = f"C0CHAOS{serial}"
            members = ["ana", "ben"]
            self._world.slack.add_channel(
                channel, f"chaos-{serial}", members=members, has_bot=bot
            )
            self._create(f"chaos-{serial}", channel, when)
            moment = at.replace(second=0, microsecond=0).timestamp() if at else 0.0
            planned = at is not None and not due
            self.due.append(
                DueReminder(f"chaos-{serial}", channel, moment if due else 0.0, planned)
            )

    def _create(self, rule: str, channel: str, when: str) -> None:
        def create() -> None:
            self._rules.create(
                rule_id=rule,
                channel=channel,
                created_by=CREATOR,
                options=OPTIONS,
                recurrence=when,
            )

        _patiently(create)

    def set_up_digests(self, people: Iterable[str]) -> None:
        """Let people's own digests be sent by ``run``. The bot makes their rules."""
        self.due += [
            DueReminder(f"owner-{id_}", f"D{id_.removeprefix('U')}", is_digest=True)
            for id_ in people
        ]

    def run(self, *, digest: bool = False) -> bool:
        """Let the next reminder, or digest, be due now; False: none is left."""
        with self._choosing:
            waiting = next((d for d in self.due if _waits(d, digest)), None)
            if waiting is None:
                return False
            waiting.at = time.time()
        _patiently(lambda: self._rules.run_now(waiting.rule, CREATOR, key=waiting.rule))
        return True

    def slot(self, due: DueReminder) -> Slot | None:
        """Return the slot of a reminder, as it is in the database."""
        entered = self._rules.history(due.rule)
        if due.is_digest:
            entered = [slot for slot in entered if slot.id == due.slot_id]
        return next(iter(entered), None)

    def open(self) -> int:
        """Count what has to be sent soon: reminders, and outcomes of writes."""
        soon = self._rules.open_slots(utc_now() + timedelta(minutes=15))
        unplanned = sum(self.slot(due) is None for due in self.due if due.at)
        return unplanned + len(soon)

    def posted(self, due: DueReminder) -> list[Message]:
        """Return the messages of its slot; a team's channel has those of one only."""
        channel = self._world.slack.workspace.channels.get(due.channel)
        messages = list(channel.messages) if channel else []
        marked = [(message, message.metadata) for message in messages]
        if due.is_digest:
            ours = {"slot": due.slot_id}
            return [m for m, mark in marked if mark and mark["event_payload"] == ours]
        return [message for message, mark in marked if mark]

    def told_of(self, due: DueReminder) -> bool:
        """Return whether its creator was told something about its channel."""
        told = list(self._world.slack.workspace.dm(CREATOR).messages)
        return any(due.channel in message.text for message in told)


def _waits(due: DueReminder, digest: bool) -> bool:
    return not (due.at or due.later) and due.is_digest == digest


def _patiently(act: Callable[[], object]) -> None:
    """Try until the database is there. Doing ``act`` twice must do no harm."""
    until = time.monotonic() + WAITS
    while time.monotonic() < until:
        with suppress(DatabaseError):
            act()
            return
        time.sleep(0.5)
    act()


def next_minute(least: float = 5.0) -> datetime:
    """Return the first full minute that is at least ``least`` seconds away."""
    at = utc_now() + timedelta(seconds=least)
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)

"""Kinds of rules: the sources they read, what is due, and their messages.

Everything here is pure: a kind gets what was read and the time, and answers with what
to say. Reading, claiming, sending and recording are the engine's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from blocks.kit.messages import Message
from reminders.sources.audience import audience
from storage.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from reminders.sources.audience import Audience
    from reminders.sources.recall import ShownItem
    from reminders.sources.snapshot import Item, Key, Snapshot
    from storage.personal_rules import PersonalRule
    from storage.rule import Rule
    from storage.slot import Slot

__all__ = ["Answer", "Kind", "Later", "Message", "Nothing", "Notice", "RenderContext"]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Everything that a message is composed from, as far as its readers may know it."""

    snapshot: Snapshot
    rule: Rule
    slot: Slot
    now: datetime
    shown_items: Mapping[Key, ShownItem] = field(default_factory=dict)
    """When a message is drawn again: the items that it showed, as they are now."""

    reader: Audience | None = None
    """The person who reads it alone. None: the channel or person it is sent to."""

    def __post_init__(self) -> None:
        reader = self.reader or audience(self.slot.channel)
        seen = self.snapshot.seen_by(reader)
        object.__setattr__(self, "snapshot", seen)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Send nothing, and record why."""

    reason: str | None = None
    """None: there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Later:
    """Send it at a later time; nothing went wrong."""

    at: datetime
    reason: str


Answer = Message | Nothing | Later


class Kind(ABC):
    """How the rules of one kind work.

    Rules of a kind without ``poll_interval`` are due by their recurrence. A kind with
    one finds out itself what is due: the engine calls ``notices`` at that interval. A
    notice that is found again is entered only once.
    """

    name: str
    """The name, which is stored with each rule and so must never change."""
    grace: timedelta = timedelta(hours=6)
    """How late a message may still be sent."""
    urgent: bool = False
    """Whether its messages are sent even in quiet hours and do-not-disturb."""
    working_days: bool = False
    """Whether people get its messages on their working days only."""
    poll_interval: timedelta | None = None
    singleton: bool = False
    """Whether there is exactly one rule of it, which the engine makes itself."""

    @abstractmethod
    def sources(self, rule: Rule) -> Collection[str]:
        """Return what must be read: kinds of items, and names of data sources."""

    @abstractmethod
    def compose(self, context: RenderContext) -> Answer:
        """Return the message to send now, or why none is sent now."""

    def redraw(self, context: RenderContext) -> Message | None:  # noqa: ARG002
        """Return what a message that was sent says now. None: it stays as it is."""
        return None

    def about(self, context: RenderContext) -> Sequence[Item]:  # noqa: ARG002
        """Return all items that a message is about now, shown in it or not."""
        return ()

    def recalls(self, slot: Slot) -> Collection[Key]:  # noqa: ARG002
        """Return the keys of the items that ``redraw`` needs in ``shown_items``."""
        return ()

    def otherwise(self, slot: Slot) -> str | None:  # noqa: ARG002
        """Return who gets the message if its channel refuses it. None: nobody."""
        return None

    def notices(
        self,
        snapshot: Snapshot,  # noqa: ARG002
        rule: Rule,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Iterable[Notice]:
        """Return the notices that are due now or soon."""
        return ()

    def personal_rules(self, snapshot: Snapshot) -> Iterable[PersonalRule]:  # noqa: ARG002
        """Return the personal rules that are to be made or changed."""
        return ()

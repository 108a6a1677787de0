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
    from collections.abc import Collection, Iterable, Mapping

    from reminders.sources.recall import ShownItem
    from reminders.sources.snapshot import Key, Snapshot
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

    def __post_init__(self) -> None:
        seen = self.snapshot.seen_by(audience(self.slot.channel))
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

    A kind without ``poll_interval`` keeps the recurrence of its rules. Another finds
    out itself what is due, in ``notices``; the engine asks it at that interval, and
    enters once what it finds again.
    """

    name: str
    """It is stored with each rule, and so must never change."""
    grace: timedelta = timedelta(hours=6)
    """How late its messages still make sense."""
    urgent: bool = False
    """Whether quiet hours and do-not-disturb do not hold its messages back."""
    working_days: bool = False
    """Whether people get its messages on their working days only."""
    poll_interval: timedelta | None = None
    singleton: bool = False
    """Whether there is always one rule of it, which nobody has to set."""

    @abstractmethod
    def sources(self, rule: Rule) -> Collection[str]:
        """Name what must be read: kinds of items, and names of data sources."""

    @abstractmethod
    def compose(self, context: RenderContext) -> Answer:
        """Return the message to send now, or why none is sent now."""

    def redraw(self, context: RenderContext) -> Message | None:  # noqa: ARG002
        """Return what a message that was sent says now. None: it stays as it is."""
        return None

    def recalls(self, slot: Slot) -> Collection[Key]:  # noqa: ARG002
        """Name the items that a message showed and that keep their place in it."""
        return ()

    def otherwise(self, slot: Slot) -> str | None:  # noqa: ARG002
        """Return who is told what a channel does not take. None: nobody."""
        return None

    def notices(
        self,
        snapshot: Snapshot,  # noqa: ARG002
        rule: Rule,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Iterable[Notice]:
        """Find what is due, or soon is."""
        return ()

    def personal_rules(self, snapshot: Snapshot) -> Iterable[PersonalRule]:  # noqa: ARG002
        """Find people's own rules that are to be made or changed."""
        return ()

"""What a kind of reminder is: what it is told from, what is due, what it says.

Everything here is pure: a kind gets what was read and the time, and answers with what
to say. Reading, claiming, sending and recording are the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from blocks.kit.messages import Message
from storage.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from reminders.sources.recall import Past
    from reminders.sources.snapshot import Key, Snapshot
    from storage.personal_rules import PersonalRule
    from storage.rule import Rule
    from storage.slot import Slot

__all__ = [
    "Answer",
    "Enrolling",
    "Finding",
    "Kind",
    "Later",
    "Message",
    "Nothing",
    "Notice",
    "Recalling",
    "Sheet",
]

GRACE = timedelta(hours=6)
"""How late a message still makes sense, unless its kind says otherwise."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a message is composed from."""

    snapshot: Snapshot
    rule: Rule
    slot: Slot
    now: datetime
    past: Mapping[Key, Past] = field(default_factory=dict)
    """Drawn again: what became of what the kind recalls."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Say nothing, and record why."""

    reason: str | None = None
    """None: there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Later:
    """Say it at a later time; nothing was wrong."""

    at: datetime
    reason: str


Answer = Message | Nothing | Later


class Kind(Protocol):
    """How the rules of one kind work; ``name`` is stored with each of them.

    Its optional attributes are read by ``reminders.engine.delivery_policy``.
    """

    @property
    def name(self) -> str: ...

    @property
    def grace(self) -> timedelta: ...

    def parts(self, rule: Rule) -> Collection[str]:
        """Name what must be read for it: kinds of items, and parts of a snapshot."""

    def compose(self, sheet: Sheet) -> Answer:
        """Say what is to be sent now."""

    def redraw(self, sheet: Sheet) -> Message | None:
        """Say what a message that was sent says now. None: leave it as it is."""


@runtime_checkable
class Finding(Protocol):
    """A kind that finds itself what is due, instead of keeping a schedule.

    The engine asks it every ``rhythm``; what it finds again is entered once.
    """

    @property
    def rhythm(self) -> timedelta: ...

    @property
    def stands(self) -> bool:
        """Whether there is always one rule of it, which nobody has to set."""

    def notices(
        self, snapshot: Snapshot, rule: Rule, now: datetime
    ) -> Iterable[Notice]:
        """Find what is due, or soon is."""


@runtime_checkable
class Enrolling(Protocol):
    """A kind that finds what is due, and also keeps rules of people's own."""

    def rules(self, snapshot: Snapshot) -> Iterable[PersonalRule]:
        """Find those that are to be made or changed."""


@runtime_checkable
class Recalling(Protocol):
    """A kind whose messages show items that stay in their place once dealt with."""

    def recalls(self, slot: Slot) -> Collection[Key]:
        """Name the items that a message which was sent showed."""

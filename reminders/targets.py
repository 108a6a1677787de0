"""When an item should be done: its due date where a policy gives one, else a target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from reminders.snapshot import Part

if TYPE_CHECKING:
    from reminders.snapshot import Item, Reader, Reading


@dataclass(frozen=True, slots=True)
class Target:
    """A moment, and whether it is a policy's due date or only what we reckon."""

    at: datetime
    due: bool = False

    def passed(self, now: datetime) -> bool:
        return self.at <= now


class Targets(Protocol):
    def of(self, item: Item) -> Target | None:
        """None: it has none, as actions have not."""

    def assign_by(self, item: Item) -> datetime | None:
        """When an unowned item should have an owner."""


class NoTargets:
    def of(self, item: Item) -> Target | None:  # noqa: ARG002
        return None

    def assign_by(self, item: Item) -> datetime | None:  # noqa: ARG002
        return None


class Reckoned:
    """By age alone."""

    def of(self, item: Item) -> Target | None:
        return Target(item.since + timedelta(days=14)) if item.since else None

    def assign_by(self, item: Item) -> datetime | None:
        return item.since + timedelta(days=2) if item.since else None


TARGETS: Part[Targets] = Part("targets", NoTargets())


def targets() -> Reader[Targets]:
    def read(_: Reading) -> Targets:
        return Reckoned()

    return read

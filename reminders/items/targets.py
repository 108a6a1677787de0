"""Targets of items: the due date of a policy, or one by working days.

A target is a number of working days after a follow-up was added. The number depends on
the rank of its priority among those known. Actions have no targets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from blocks.kit.due import Target
from incidentio.errors import IncidentioError
from incidentio.lookup import normal
from reminders.calendar.working_days import WorkingDays
from reminders.sources.snapshot import FOLLOW_UPS, DataSource

if TYPE_CHECKING:
    from incidentio import FollowUpPriority
    from reminders.items.findings import Findings
    from reminders.sources.snapshot import Item, Priority, Reader, Reading

UTC, WEEKDAYS = ZoneInfo("UTC"), WorkingDays()

BY_RANK = (5, 10, 20)
"""Working days for the three most urgent priorities, in their order."""
REST, UNRANKED = 30, 20
"""Working days for all other priorities, and for follow-ups without one."""
NONE = "none"
"""The name in settings for follow-ups without a priority."""

Priorities = Callable[[], Iterable["FollowUpPriority"]]


class Configured(Protocol):
    """The settings that targets are calculated from."""

    @property
    def timezone(self) -> str: ...

    @property
    def holidays(self) -> str: ...

    @property
    def follow_up_targets(self) -> Mapping[str, int]: ...

    @property
    def assign_within(self) -> int: ...


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """How targets are calculated: working days, zone, and days by priority."""

    working: WorkingDays = WEEKDAYS
    zone: ZoneInfo = UTC
    by_name: Mapping[str, int] = field(default_factory=dict)
    """Working days by the name of a priority, as ``normal`` writes it, or ``NONE``."""
    assign_within: int = 2
    """Working days after which a follow-up should have an owner."""

    @classmethod
    def of(cls, settings: Configured) -> TargetSettings:
        return cls(
            WorkingDays(settings.holidays),
            ZoneInfo(settings.timezone),
            {normal(name): days for name, days in settings.follow_up_targets.items()},
            settings.assign_within,
        )

    @property
    def country(self) -> str:
        """Return the code of the country whose holidays count; empty for none."""
        return self.working.country

    def add(self, moment: datetime, days: int) -> datetime:
        return self.working.add(moment, days, self.zone)

    def days(self, priority: Priority | None, ranks: Iterable[int]) -> int:
        """Return the number of working days for a priority.

        ``ranks`` are the ranks of all known priorities; lower ones are more urgent.
        """
        if priority is None:
            return self.by_name.get(NONE, UNRANKED)
        named = self.by_name.get(normal(priority.name))
        place = sum(rank < priority.rank for rank in ranks)
        return named or (BY_RANK[place] if place < len(BY_RANK) else REST)


class Targets(Protocol):
    def of(self, item: Item) -> Target | None:
        """Return the target. None: it is an action, or its age is not known."""

    def assign_by(self, item: Item) -> datetime | None:
        """Return when a follow-up should have an owner. None: it has one."""


class NoTargets:
    def of(self, item: Item) -> Target | None:  # noqa: ARG002
        return None

    def assign_by(self, item: Item) -> datetime | None:  # noqa: ARG002
        return None


@dataclass(frozen=True, slots=True)
class CalculatedTargets:
    """The targets by the due dates and ranks known now; replaced when these change.

    Each target is calculated once, for many rules ask for the same 100,000 items.
    """

    target_settings: TargetSettings = TargetSettings()
    due: Mapping[str, datetime] = field(default_factory=dict)
    """Due dates of policies, by the id of the follow-up."""
    ranks: frozenset[int] = frozenset()
    """The ranks of all priorities."""
    _calculated: dict[str, tuple[Item, Target | None]] = field(default_factory=dict)
    _days: dict[Priority | None, int] = field(default_factory=dict)

    def of(self, item: Item) -> Target | None:
        if item.kind != FOLLOW_UPS:
            return None
        known = self._calculated.get(item.id)
        if known is None or known[0] is not item:
            known = self._calculated[item.id] = (item, self._of(item))
        return known[1]

    def _of(self, item: Item) -> Target | None:
        due = self.due.get(item.id)
        if due is not None:
            return Target(due, due=True)
        if item.since is None:
            return None
        days = self._days.get(item.priority)
        if days is None:
            days = self.target_settings.days(item.priority, self.ranks)
            self._days[item.priority] = days
        return Target(self.target_settings.add(item.since, days))

    def assign_by(self, item: Item) -> datetime | None:
        if item.kind != FOLLOW_UPS or item.owner or item.since is None:
            return None
        return self.target_settings.add(item.since, self.target_settings.assign_within)


TARGETS: DataSource[Targets] = DataSource("targets", NoTargets())


def targets(
    findings: Findings, target_settings: TargetSettings, priorities: Priorities
) -> Reader[Targets]:
    """Return a reader of targets; due dates that cannot be read are left out."""
    latest = CalculatedTargets(target_settings)

    def read(_: Reading) -> Targets:
        nonlocal latest
        due, ranks = findings.due(), _ranks(priorities)
        if latest.due is not due or latest.ranks != ranks:
            latest = CalculatedTargets(target_settings, due, ranks)
        return latest

    return read


def _ranks(priorities: Priorities) -> frozenset[int]:
    try:
        return frozenset(priority.rank for priority in priorities())
    except IncidentioError:
        return frozenset()

"""The filters of a rule: which items it is about. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from incidentio.lookup import normal
from reminders.items.targets import NoTargets
from storage.rule import RuleOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from reminders.items.targets import Targets
    from reminders.sources.snapshot import IncidentSummary, Item, Owner
    from storage.rule import Rule

Test = Callable[["Item"], bool]

NOBODY = "nobody"
"""Stands in ``owner_ids`` for items without an owner."""

NO_TARGETS = NoTargets()


class DigestOptions(RuleOptions):
    """The filters of a digest or summary as they are stored; see ``Filters``."""

    item_kinds: tuple[str, ...] = ()
    incident_id: str | None = None
    severity_ids: tuple[str, ...] = ()
    type_ids: tuple[str, ...] = ()
    priority_ids: tuple[str, ...] = ()
    owner_ids: tuple[str, ...] = ()
    """Ids of people, in incident.io or in Slack, and ``NOBODY``."""
    team_ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    min_age_days: int = 0
    overdue: bool = False
    """Whether only items past their target are shown."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a rule, all of which an item must pass.

    An empty filter lets every item through; one with values, an item with any of them.
    """

    item_kinds: frozenset[str] = frozenset()
    incident_id: str | None = None
    severity_ids: frozenset[str] = frozenset()
    type_ids: frozenset[str] = frozenset()
    priority_ids: frozenset[str] = frozenset()
    owner_ids: frozenset[str] = frozenset()
    team_ids: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    """Labels, each as ``normal`` writes it."""
    min_age_days: int = 0
    overdue: bool = False

    @classmethod
    def of(cls, rule: Rule) -> Filters:
        options = DigestOptions.of(rule)
        return cls(
            item_kinds=frozenset(options.item_kinds),
            incident_id=options.incident_id,
            severity_ids=frozenset(options.severity_ids),
            type_ids=frozenset(options.type_ids),
            priority_ids=frozenset(options.priority_ids),
            owner_ids=frozenset(options.owner_ids),
            team_ids=frozenset(options.team_ids),
            labels=frozenset(map(normal, options.labels)),
            min_age_days=options.min_age_days,
            overdue=options.overdue,
        )

    def concerns(self, case: IncidentSummary) -> bool:
        """Return whether items of this incident may be shown at all."""
        if self.incident_id and case.id != self.incident_id:
            return False
        return _one_of(case.severity_id, self.severity_ids) and _one_of(
            case.type_id, self.type_ids
        )

    def tests(
        self,
        now: datetime,
        targets: Targets,
        cases: Mapping[str, IncidentSummary],
    ) -> list[Test]:
        """Return the tests of the filters that are not empty: there may be many items.

        An action has no priority, label or target; so it fails such a test. An item
        without a team is of those of its incident.
        """
        newest = now - timedelta(days=self.min_age_days)
        tests: list[tuple[object, Test]] = [
            (self.item_kinds, lambda i: i.kind in self.item_kinds),
            (
                self.priority_ids,
                lambda i: bool(i.priority and i.priority.id in self.priority_ids),
            ),
            (self.owner_ids, lambda i: not self.owner_ids.isdisjoint(_names(i.owner))),
            (
                self.team_ids,
                lambda i: (
                    not self.team_ids.isdisjoint(
                        (i.team_id,) if i.team_id else cases[i.incident_id].team_ids
                    )
                ),
            ),
            (self.labels, lambda i: not self.labels.isdisjoint(map(normal, i.labels))),
            (self.min_age_days, lambda i: (i.since or newest) <= newest),
            (self.overdue, lambda i: passed(targets, i, now)),
        ]
        return [test for wanted, test in tests if wanted]

    def matches(
        self,
        item: Item,
        case: IncidentSummary,
        now: datetime,
        targets: Targets = NO_TARGETS,
    ) -> bool:
        """Return whether one item is shown; for many items use ``chosen``."""
        return self.concerns(case) and all(
            test(item) for test in self.tests(now, targets, {case.id: case})
        )

    def chosen(
        self,
        items: Iterable[Item],
        cases: Iterable[IncidentSummary],
        now: datetime,
        targets: Targets = NO_TARGETS,
    ) -> list[Item]:
        """Return the items that are shown, in their order.

        Items of incidents that are not among ``cases`` are left out.
        """
        wanted = {case.id: case for case in cases if self.concerns(case)}
        found = [item for item in items if item.incident_id in wanted]
        for test in self.tests(now, targets, wanted):
            found = [item for item in found if test(item)]
        return found


def passed(targets: Targets, item: Item, now: datetime) -> bool:
    """Return whether an item has a target, and is past it."""
    target = targets.of(item)
    return target is not None and target.passed(now)


def _one_of(value: str | None, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted


def _names(owner: Owner | None) -> tuple[str | None, ...]:
    return (owner.id, owner.slack_id) if owner else (NOBODY,)

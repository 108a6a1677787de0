"""What a sweep knows of incident.io: only what is outstanding, and compactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from sys import intern
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incidentio.models import Action, FollowUp, FollowUpPriority, Incident, User

FOLLOW_UPS, ACTIONS = "follow_ups", "actions"
KINDS = (FOLLOW_UPS, ACTIONS)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNRANKED = 1_000_000
"""What has no priority comes after what has one."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a digest says of an incident."""

    id: str
    reference: str
    name: str
    url: str | None
    severity_id: str | None
    severity: str | None
    severity_rank: int
    is_private: bool
    channel: str | None

    @classmethod
    def of(cls, incident: Incident) -> Case:
        severity = incident.severity
        return cls(
            id=incident.id,
            reference=incident.reference,
            name=incident.name,
            url=incident.permalink,
            severity_id=severity.id if severity else None,
            severity=severity.name if severity else None,
            severity_rank=severity.rank if severity else -1,
            is_private=incident.is_private,
            channel=incident.slack_channel_id,
        )


@dataclass(frozen=True, slots=True)
class Owner:
    id: str
    name: str
    slack_id: str | None


@dataclass(frozen=True, slots=True)
class Priority:
    id: str
    name: str
    rank: int
    """Lower is more pressing."""


@dataclass(frozen=True, slots=True)
class Item:
    """An outstanding follow-up or action."""

    kind: str
    id: str
    incident_id: str
    title: str
    since: datetime | None
    owner: Owner | None
    priority: Priority | None


class Compact:
    """Makes items that share what they have in common: there may be 100,000."""

    def __init__(self) -> None:
        self._owners: dict[Owner, Owner] = {}
        self._priorities: dict[Priority, Priority] = {}

    def follow_up(self, found: FollowUp) -> Item:
        return Item(
            kind=FOLLOW_UPS,
            id=found.id,
            incident_id=intern(found.incident_id),
            title=found.title,
            since=found.created_at,
            owner=self._owner(found.assignee),
            priority=self._priority(found.priority),
        )

    def action(self, found: Action) -> Item:
        return Item(
            kind=ACTIONS,
            id=found.id,
            incident_id=intern(found.incident_id),
            title=found.description,
            since=found.created_at,
            owner=self._owner(found.assignee),
            priority=None,
        )

    def _owner(self, user: User | None) -> Owner | None:
        if user is None:
            return None
        owner = Owner(user.id, user.name, user.slack_user_id)
        return self._owners.setdefault(owner, owner)

    def _priority(self, found: FollowUpPriority | None) -> Priority | None:
        if found is None:
            return None
        priority = Priority(found.id, found.name, found.rank)
        return self._priorities.setdefault(priority, priority)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Items by kind, the most urgent first; and why a kind could not be read."""

    at: datetime
    items: Mapping[str, list[Item]]
    cases: Mapping[str, Case]
    failures: Mapping[str, str] = field(default_factory=dict)


def urgent_first(items: Iterable[Item], cases: Mapping[str, Case]) -> list[Item]:
    """By severity, the worst first, then priority, then age."""

    def urgency(item: Item) -> tuple[int, int, datetime]:
        case = cases.get(item.incident_id)
        return (
            -case.severity_rank if case else 1,
            item.priority.rank if item.priority else UNRANKED,
            item.since or LONG_AGO,
        )

    return sorted(items, key=urgency)

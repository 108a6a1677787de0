"""A snapshot of incident.io: the outstanding items, compactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from incidentio import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidentio import Incident
    from storage.snoozes import Snoozes

T = TypeVar("T")

Key = tuple[str, str]
"""The kind and the id of an item."""

FOLLOW_UPS, ACTIONS = "follow_ups", "actions"
KINDS = (FOLLOW_UPS, ACTIONS)
OUTSTANDING = "outstanding"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNRANKED = 1_000_000
"""What has no priority comes after what has one."""


@dataclass(frozen=True, slots=True)
class Owner:
    id: str
    name: str
    slack_id: str | None
    is_linked: bool = True
    """Whether incident.io says that the Slack account is theirs, or only an address."""

    @property
    def user(self) -> User:
        """The same as the API embeds it."""
        return User(id=self.id, name=self.name, slack_user_id=self.slack_id)

    @classmethod
    def of(cls, user: User | None) -> Owner | None:
        return cls(user.id, user.name, user.slack_user_id) if user else None


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """The facts of an incident that digests need."""

    id: str
    reference: str
    name: str
    url: str | None
    severity_id: str | None
    severity: str | None
    severity_rank: int
    is_private: bool
    channel: str | None
    type_id: str | None = None
    lead: Owner | None = None
    people: frozenset[str] = frozenset()
    """Of a private incident, the ids of those who have a role in it."""

    @classmethod
    def of(cls, incident: Incident) -> IncidentSummary:
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
            type_id=incident.incident_type.id if incident.incident_type else None,
            lead=Owner.of(incident.lead),
            people=_people(incident) if incident.is_private else frozenset(),
        )

    def open_to(self, slack_id: str, owner_ids: Iterable[str]) -> bool:
        """Return whether a person with these ids may read its name."""
        if not self.is_private or not self.people.isdisjoint(owner_ids):
            return True
        lead = self.lead
        return lead is not None and lead.is_linked and lead.slack_id == slack_id


def _people(incident: Incident) -> frozenset[str]:
    assigned = (a.assignee for a in incident.incident_role_assignments)
    return frozenset(user.id for user in assigned if user)


@dataclass(frozen=True, slots=True)
class Priority:
    id: str
    name: str
    rank: int
    """Lower is more pressing."""


@dataclass(frozen=True, slots=True)
class Item:
    """A follow-up or an action: outstanding, or dealt with not long ago."""

    kind: str
    id: str
    incident_id: str
    title: str
    since: datetime | None
    owner: Owner | None
    priority: Priority | None
    updated_at: datetime | None = None
    team_id: str | None = None
    labels: tuple[str, ...] = ()
    closed_at: datetime | None = None
    """Of what is closed only what counts and filters need is kept: no title."""
    status: str = OUTSTANDING

    @property
    def key(self) -> Key:
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class DataSource(Generic[T]):
    """Something besides items that a snapshot can hold."""

    name: str
    default: T
    """What a snapshot holds in which it was not read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The time and the recipients that data sources are read for."""

    at: datetime
    conversations: frozenset[str] = frozenset()
    """The channels and people that are about to be told something."""


HISTORY: DataSource[Mapping[str, Sequence[Item]]] = DataSource(
    "history", MappingProxyType({})
)
"""What was closed in the last nine weeks, by kind, of the kinds that are read too."""

Reader = Callable[[Reading], T]
"""Reads a data source; raises ``IncidentioError`` or ``SlackClientError``."""


@dataclass(frozen=True)
class Snapshot:
    """The items by kind, the most urgent first, and what could not be read."""

    at: datetime
    items: Mapping[str, list[Item]]
    cases: Mapping[str, IncidentSummary]
    failures: Mapping[str, str] = field(default_factory=dict)
    """By kind of items or name of source; it is then missing, or old."""
    read: Mapping[str, Any] = field(default_factory=dict)
    """What was read of the data sources, by their names."""
    conversations: frozenset[str] = frozenset()
    finished: Mapping[Key, Item] = field(default_factory=dict)
    """What was outstanding until lately."""

    def get(self, source: DataSource[T]) -> T:
        """Return what was read of a source, or its default."""
        return cast("T", self.read.get(source.name, source.default))

    @property
    def known(self) -> frozenset[str]:
        """Return the names of what was read, or tried."""
        return frozenset(self.items) | frozenset(self.read) | frozenset(self.failures)

    @cached_property
    def by_owner(self) -> Mapping[str, Sequence[Item]]:
        """Return the items of all kinds by the id of their owner, ``""`` for nobody."""
        owned: dict[str, list[Item]] = defaultdict(list)
        for items in self.items.values():
            for item in items:
                owned[item.owner.id if item.owner else ""].append(item)
        return owned

    @cached_property
    def by_key(self) -> Mapping[Key, Item]:
        return {item.key: item for found in self.items.values() for item in found}

    @cached_property
    def by_incident(self) -> Mapping[str, Sequence[Item]]:
        found: dict[str, list[Item]] = defaultdict(list)
        for items in self.items.values():
            for item in items:
                found[item.incident_id].append(item)
        return found

    @cached_property
    def ids_of(self) -> Mapping[str, frozenset[str]]:
        """Return the ids of owners in incident.io, by their Slack ids."""
        return self._ids_of(lambda _: True)

    @cached_property
    def linked_ids_of(self) -> Mapping[str, frozenset[str]]:
        """Return the same without those who are known by an address only."""
        return self._ids_of(lambda owner: owner.is_linked)

    def _ids_of(self, wanted: Callable[[Owner], bool]) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for owner_id, items in self.by_owner.items():
            owner = items[0].owner
            if owner and owner.slack_id and wanted(owner):
                found[owner.slack_id].add(owner_id)
        return {slack_id: frozenset(ids) for slack_id, ids in found.items()}

    @cached_property
    def led_by(self) -> Mapping[str, Sequence[IncidentSummary]]:
        """Return the incidents that people lead, by their Slack ids."""
        found: dict[str, list[IncidentSummary]] = defaultdict(list)
        for case in self.cases.values():
            if case.lead and case.lead.slack_id:
                found[case.lead.slack_id].append(case)
        return found


def urgent_first(
    items: Iterable[Item], cases: Mapping[str, IncidentSummary]
) -> list[Item]:
    """Sort items by severity, the worst first, then priority, then age."""

    def urgency(item: Item) -> tuple[int, int, datetime]:
        case = cases.get(item.incident_id)
        return (
            -case.severity_rank if case else 1,
            item.priority.rank if item.priority else UNRANKED,
            item.since or LONG_AGO,
        )

    return sorted(items, key=urgency)


ASLEEP: DataSource[frozenset[tuple[str, str]]] = DataSource("asleep", frozenset())
"""The (kind, id) of what is snoozed."""


def asleep(snoozes: Snoozes) -> Reader[frozenset[tuple[str, str]]]:
    def read(reading: Reading) -> frozenset[tuple[str, str]]:
        return snoozes.asleep(reading.at)

    return read

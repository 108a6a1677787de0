"""A snapshot of incident.io: outstanding items, their incidents, other sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from blocks.kit.incidents import VEIL
from incidentio import User
from reminders.sources.audience import NOBODY, Seen, people_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incidentio import Incident
    from reminders.sources.audience import Audience
    from storage.snoozes import Snoozes

T = TypeVar("T")

Key = tuple[str, str]
"""The kind and the id of an item."""

FOLLOW_UPS, ACTIONS = "follow_ups", "actions"
KINDS = (FOLLOW_UPS, ACTIONS)
OUTSTANDING = "outstanding"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNRANKED = 1_000_000
"""The rank of items without a priority: they come after all others."""


@dataclass(frozen=True, slots=True)
class Owner:
    id: str
    name: str
    slack_id: str | None
    is_linked: bool = True
    """Whether incident.io links the Slack account; else only the address is equal."""

    @property
    def user(self) -> User:
        """The owner as a user of the API."""
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
    team_ids: frozenset[str] = frozenset()
    lead: Owner | None = None
    people: frozenset[str] = frozenset()
    """The Slack ids of those with a role in it, if it is private; else empty."""
    is_veiled: bool = False
    """Whether its name is removed, for an audience that may not read it."""

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
            team_ids=frozenset(incident.team_ids),
            lead=Owner.of(incident.lead),
            people=people_of(incident) if incident.is_private else frozenset(),
        )

    def veiled(self) -> IncidentSummary:
        """Return it without its name."""
        return replace(self, name=VEIL, is_veiled=True)


@dataclass(frozen=True, slots=True)
class Priority:
    id: str
    name: str
    rank: int
    """A lower rank is more urgent."""


@dataclass(frozen=True, slots=True)
class Item:
    """A follow-up or an action that is outstanding, or was until lately."""

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
    """When it was closed, in ``HISTORY``; there items have no title."""
    status: str = OUTSTANDING

    @property
    def key(self) -> Key:
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class DataSource(Generic[T]):
    """A kind of data besides items that a snapshot can hold."""

    name: str
    default: T
    """What ``Snapshot.get`` returns if the source was not read."""
    seen_by: Callable[[T, Audience], T] | None = None
    """Returns what an audience may read of it. None: any audience may read all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The time and the recipients that data sources are read for."""

    at: datetime
    conversations: frozenset[str] = frozenset()
    """The channels and people that are about to get a message."""


HISTORY: DataSource[Mapping[str, Sequence[Item]]] = DataSource(
    "history", MappingProxyType({})
)
"""Items closed in the last nine weeks, by kind; only of kinds also read as items."""

Reader = Callable[[Reading], T]
"""Reads a data source; raises ``IncidentioError`` or ``SlackClientError``."""


@dataclass(frozen=True)
class Snapshot:
    """What was read at one time: items by kind, the most urgent first, and more.

    It holds everything, for no audience; ``seen_by`` returns what an audience may see.
    """

    at: datetime
    items: Mapping[str, Sequence[Item]]
    cases: Mapping[str, IncidentSummary]
    failures: Mapping[str, str] = field(default_factory=dict)
    """Why reading failed, by kind or source name; the data is then missing or old."""
    read: Mapping[str, Any] = field(default_factory=dict)
    """The data of data sources, by their names."""
    conversations: frozenset[str] = frozenset()
    finished: Mapping[Key, Item] = field(default_factory=dict)
    """Items that were outstanding until lately."""
    audience: Audience = NOBODY

    def seen_by(self, audience: Audience) -> Snapshot:
        """Return a lazy view of what an audience may see."""
        return PartialSnapshot.of(self, audience)

    def withholds(self, key: Key) -> bool:  # noqa: ARG002
        """Return whether an item is outstanding, but hidden from the audience."""
        return False

    def as_seen(self, case: IncidentSummary) -> IncidentSummary:
        """Return an incident, without its name where the audience may not read it."""
        return case if self.audience.may_read(case) else case.veiled()

    def corrected(self, items: Iterable[Item]) -> Snapshot:
        """Return it with these items as they are: lists may lag behind."""
        wrong = {
            item.key: item
            for item in items
            if (item.status == OUTSTANDING) != (item.key in self.by_key)
        }
        if not wrong:
            return self
        missing = [item for item in wrong.values() if item.status == OUTSTANDING]
        listed = {
            kind: urgent_first(
                [
                    *(item for item in found if item.key not in wrong),
                    *(item for item in missing if item.kind == kind),
                ],
                self.cases,
            )
            for kind, found in self.items.items()
        }
        return replace(self, items=listed)

    def get(self, source: DataSource[T]) -> T:
        """Return the data of a source that the audience may read, or its default."""
        read = cast("T", self.read.get(source.name, source.default))
        return source.seen_by(read, self.audience) if source.seen_by else read

    @property
    def known(self) -> frozenset[str]:
        """Return the kinds and source names that were read, or failed."""
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
        found: dict[str, set[str]] = defaultdict(set)
        for owner_id, items in self.by_owner.items():
            owner = items[0].owner
            if owner and owner.slack_id:
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


@dataclass(frozen=True)
class PartialSnapshot(Snapshot):
    """A view of a snapshot: what one audience may see.

    Of a private incident that they may not read, they see only items that they own, and
    the incident without its name. Items of unknown incidents are hidden, for these may
    be private.
    """

    whole: Snapshot = field(kw_only=True)

    @classmethod
    def of(cls, whole: Snapshot, audience: Audience) -> PartialSnapshot:
        whole = whole.whole if isinstance(whole, PartialSnapshot) else whole
        shows = partial(_shows, whole.cases, audience)
        only = partial(_only, shows)
        read = dict(whole.read)
        if HISTORY.name in read:
            read[HISTORY.name] = Seen(whole.get(HISTORY), only)
        return cls(
            at=whole.at,
            items=Seen(whole.items, only),
            cases=Seen(whole.cases, partial(_case, whole, audience)),
            failures=whole.failures,
            read=read,
            conversations=whole.conversations,
            finished=Seen(whole.finished, partial(_if_shown, shows)),
            audience=audience,
            whole=whole,
        )

    def seen_by(self, audience: Audience) -> Snapshot:
        return self.of(self.whole, audience)

    def corrected(self, items: Iterable[Item]) -> Snapshot:
        return self.of(self.whole.corrected(items), self.audience)

    def withholds(self, key: Key) -> bool:
        return key in self.whole.by_key and key not in self.by_key

    @cached_property
    def by_owner(self) -> Mapping[str, Sequence[Item]]:
        return Seen(self.whole.by_owner, self._only)

    @cached_property
    def by_key(self) -> Mapping[Key, Item]:
        return Seen(self.whole.by_key, partial(_if_shown, self._shows))

    @cached_property
    def by_incident(self) -> Mapping[str, Sequence[Item]]:
        return Seen(self.whole.by_incident, self._only)

    @cached_property
    def ids_of(self) -> Mapping[str, frozenset[str]]:
        return self.whole.ids_of

    @cached_property
    def led_by(self) -> Mapping[str, Sequence[IncidentSummary]]:
        return Seen(self.whole.led_by, self._readable)

    def _shows(self, item: Item) -> bool:
        return _shows(self.whole.cases, self.audience, item)

    def _only(self, items: Sequence[Item]) -> list[Item]:
        return _only(self._shows, items)

    def _readable(self, cases: Sequence[IncidentSummary]) -> list[IncidentSummary]:
        return [case for case in cases if self.audience.may_read(case)]


def _shows(
    cases: Mapping[str, IncidentSummary], audience: Audience, item: Item
) -> bool:
    case = cases.get(item.incident_id)
    return audience.owns(item) or (case is not None and audience.may_read(case))


def _only(shows: Callable[[Item], bool], items: Sequence[Item]) -> list[Item]:
    return [item for item in items if shows(item)]


def _if_shown(shows: Callable[[Item], bool], item: Item) -> Item | None:
    return item if shows(item) else None


def _case(
    whole: Snapshot, audience: Audience, case: IncidentSummary
) -> IncidentSummary | None:
    if audience.may_read(case):
        return case
    theirs = any(map(audience.owns, whole.by_incident.get(case.id, ())))
    return case.veiled() if theirs else None


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
"""The keys of snoozed items."""


def asleep(snoozes: Snoozes) -> Reader[frozenset[tuple[str, str]]]:
    def read(reading: Reading) -> frozenset[tuple[str, str]]:
        return snoozes.asleep(reading.at)

    return read

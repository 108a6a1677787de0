"""Audiences: those who will see a message, which decides what it may contain.

Only the channel and the people of a private incident may read what belongs to it. A
person who owns an item of such an incident sees the item, without the incident's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from slack.people import is_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from incidentio import Incident

K = TypeVar("K")
V = TypeVar("V")


class Readable(Protocol):
    """The facts of an incident that decide who may read it."""

    @property
    def id(self) -> str: ...
    @property
    def is_private(self) -> bool: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def people(self) -> frozenset[str]: ...


class Ids(Protocol):
    """The ids of somebody, in incident.io and in Slack."""

    @property
    def id(self) -> str: ...
    @property
    def slack_id(self) -> str | None: ...
    @property
    def is_linked(self) -> bool: ...


class Owned(Protocol):
    """Something that somebody may own."""

    @property
    def owner(self) -> Ids | None: ...


class Audience(Protocol):
    """The people who will see what is read."""

    def may_read(self, incident: Readable) -> bool:
        """Return whether they may know of an incident."""

    def owns(self, item: Owned) -> bool:
        """Return whether they own an item, and so see it whatever its incident."""


class Nobody:
    """No audience: what is read only decides what is due, and is shown to no one.

    So nothing is left out.
    """

    def may_read(self, incident: Readable) -> bool:  # noqa: ARG002
        return True

    def owns(self, item: Owned) -> bool:  # noqa: ARG002
        return False


NOBODY = Nobody()


@dataclass(frozen=True, slots=True)
class InChannel:
    """Everybody in a channel: they read public incidents, and the channel's own one."""

    channel: str | None

    def may_read(self, incident: Readable) -> bool:
        own = self.channel is not None and incident.channel == self.channel
        return own or not incident.is_private

    def owns(self, item: Owned) -> bool:  # noqa: ARG002
        return False


@dataclass(frozen=True, slots=True)
class OnePerson:
    """One person: they read public incidents, and those in which they have a role."""

    slack_id: str

    def may_read(self, incident: Readable) -> bool:
        return not incident.is_private or self.slack_id in incident.people

    def owns(self, item: Owned) -> bool:
        """Return whether they own it by a link: an equal address is no proof."""
        owner = item.owner
        return owner is not None and owner.is_linked and owner.slack_id == self.slack_id


def audience(conversation: str) -> Audience:
    """Return the audience of messages to a channel or a person, by its Slack id."""
    if is_person(conversation):
        return OnePerson(conversation)
    return InChannel(conversation)


def people_of(incident: Incident) -> frozenset[str]:
    """Return the Slack ids of those who have a role in an incident."""
    assigned = (a.assignee for a in incident.incident_role_assignments)
    return frozenset(u.slack_user_id for u in assigned if u and u.slack_user_id)


class Seen(Mapping[K, V]):
    """A lazy view of a mapping for an audience.

    ``see`` returns a value as the audience sees it, or None to leave it out. It is
    asked once for each value that is looked up.
    """

    def __init__(self, whole: Mapping[K, V], see: Callable[[V], V | None]) -> None:
        self._whole = whole
        self._see = see
        self._seen: dict[K, V | None] = {}

    def __getitem__(self, key: K) -> V:
        if key not in self._seen:
            self._seen[key] = self._see(self._whole[key])
        seen = self._seen[key]
        if seen is None:
            raise KeyError(key)
        return seen

    def __iter__(self) -> Iterator[K]:
        seen = ((key, self._see(value)) for key, value in self._whole.items())
        return (key for key, value in seen if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

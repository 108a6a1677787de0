"""For whom something is read: who will see it, which decides what of it there is.

What belongs to a private incident is for its own channel and its own people. Of what a
person owns there, they go on with it without reading what the incident is called.
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
    """Whoever will see what is read."""

    def reads(self, incident: Readable) -> bool:
        """Return whether they may know of an incident."""

    def owns(self, item: Owned) -> bool:
        """Return whether an item is theirs to finish, wherever it belongs."""


class Nobody:
    """What is read for nobody decides what is due, and is shown to no one."""

    def reads(self, incident: Readable) -> bool:  # noqa: ARG002
        return True

    def owns(self, item: Owned) -> bool:  # noqa: ARG002
        return False


NOBODY = Nobody()


@dataclass(frozen=True, slots=True)
class InChannel:
    """Everybody in a channel: they may read what is public, and the channel's own."""

    channel: str | None

    def reads(self, incident: Readable) -> bool:
        own = self.channel is not None and incident.channel == self.channel
        return own or not incident.is_private

    def owns(self, item: Owned) -> bool:  # noqa: ARG002
        return False


@dataclass(frozen=True, slots=True)
class OnePerson:
    """One person, by their Slack id: they may read what they have a role in."""

    slack_id: str

    def reads(self, incident: Readable) -> bool:
        return not incident.is_private or self.slack_id in incident.people

    def owns(self, item: Owned) -> bool:
        """An address alone does not say enough that somebody is the owner."""
        owner = item.owner
        return owner is not None and owner.is_linked and owner.slack_id == self.slack_id


def audience(conversation: str) -> Audience:
    """Return whoever reads a message that is sent to a channel or a person."""
    if is_person(conversation):
        return OnePerson(conversation)
    return InChannel(conversation)


def people_of(incident: Incident) -> frozenset[str]:
    """Return the Slack ids of those who have a role in an incident."""
    assigned = (a.assignee for a in incident.incident_role_assignments)
    return frozenset(u.slack_user_id for u in assigned if u and u.slack_user_id)


class Seen(Mapping[K, V]):
    """A mapping as somebody sees it; ``see`` returns None for what is not there."""

    def __init__(self, whole: Mapping[K, V], see: Callable[[V], V | None]) -> None:
        self._whole = whole
        self._see = see

    def __getitem__(self, key: K) -> V:
        seen = self._see(self._whole[key])
        if seen is None:
            raise KeyError(key)
        return seen

    def __iter__(self) -> Iterator[K]:
        seen = ((key, self._see(value)) for key, value in self._whole.items())
        return (key for key, value in seen if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

"""Makes items from the answers of incident.io."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from sys import intern
from typing import TYPE_CHECKING

from reminders.sources.snapshot import ACTIONS, FOLLOW_UPS, Item, Owner, Priority

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio import Action, FollowUp, FollowUpPriority, User


@dataclass(frozen=True, slots=True)
class Links:
    """Slack ids by incident.io id, for accounts that are matched only by address.

    ``trusted``: these matches count as much as the links of incident.io.
    """

    slack_ids: Mapping[str, str] = field(default_factory=dict)
    trusted: bool = False


class ItemFactory:
    """Makes items that share equal owners and priorities: there may be 100,000."""

    def __init__(self) -> None:
        self.links = Links()
        self._owners: dict[Owner, Owner] = {}
        self._priorities: dict[Priority, Priority] = {}

    def follow_up(self, found: FollowUp) -> Item:
        return Item(
            kind=FOLLOW_UPS,
            id=found.id,
            incident_id=intern(found.incident_id),
            title=found.title,
            since=_utc(found.created_at),
            owner=self._owner(found.assignee),
            priority=self._priority(found.priority),
            updated_at=_utc(found.updated_at),
            team_id=intern(found.assignee_team.id) if found.assignee_team else None,
            labels=tuple(map(intern, found.labels)),
            status=intern(found.status),
        )

    def action(self, found: Action) -> Item:
        return Item(
            kind=ACTIONS,
            id=found.id,
            incident_id=intern(found.incident_id),
            title=found.description,
            since=_utc(found.created_at),
            owner=self._owner(found.assignee),
            priority=None,
            updated_at=_utc(found.updated_at),
            status=intern(found.status),
        )

    def _owner(self, user: User | None) -> Owner | None:
        owner = self.linked(Owner.of(user))
        return self._owners.setdefault(owner, owner) if owner else None

    def linked(self, owner: Owner | None) -> Owner | None:
        """Return an owner, with the Slack id that ``links`` has for them, if any."""
        if owner is None or (owner.slack_id and owner.is_linked):
            return owner
        slack_id = self.links.slack_ids.get(owner.id)
        trusted = slack_id is None or self.links.trusted
        return replace(owner, slack_id=slack_id, is_linked=trusted)

    def _priority(self, found: FollowUpPriority | None) -> Priority | None:
        if found is None:
            return None
        priority = Priority(found.id, found.name, found.rank)
        return self._priorities.setdefault(priority, priority)


def _utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC: comparing two of one zone object is six times as fast."""
    return moment and moment.astimezone(UTC)

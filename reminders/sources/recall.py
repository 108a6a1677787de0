"""Finds the present state of items that a message showed, closed ones too."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from incidentio.errors import IncidentioError, NotFound
from reminders.sources.item_factory import ItemFactory
from reminders.sources.snapshot import FOLLOW_UPS, OUTSTANDING, IncidentSummary
from storage.last_actions import ASSIGNED, SNOOZED, LastActions
from storage.snoozes import Snoozes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from incidentio import Incidentio
    from reminders.sources.snapshot import Item, Key, Snapshot
    from storage.database import Database
    from storage.last_actions import LastAction
    from storage.snoozes import Snooze

log = logging.getLogger(__name__)

STILL_OPEN = {OUTSTANDING, ASSIGNED, SNOOZED}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item that a message showed, as it is now.

    ``item`` None: it was deleted. ``case`` None: its incident could not be read. The
    incident has no name if the audience may not read it.
    """

    item: Item | None
    case: IncidentSummary | None = None
    last_action: LastAction | None = None
    """The last action on it through the bot."""
    snooze: Snooze | None = None


class Recall:
    """Reads from incident.io, one by one, only the items that a snapshot lacks."""

    def __init__(self, database: Database, api: Incidentio) -> None:
        self._last_actions = LastActions(database)
        self._snoozes = Snoozes(database)
        self._api = api

    def of(self, keys: Collection[Key], snapshot: Snapshot) -> Mapping[Key, ShownItem]:
        """Return items as they are now, by their keys."""
        actions = self._last_actions.of(keys)
        asleep = self._snoozes.of(keys, snapshot.at)
        return {
            key: replace(
                self._found(key, snapshot, actions.get(key)), snooze=asleep.get(key)
            )
            for key in keys
        }

    def _found(
        self, key: Key, snapshot: Snapshot, last_action: LastAction | None
    ) -> ShownItem:
        item = snapshot.by_key.get(key) or snapshot.finished.get(key)
        if item is None or _doubtful(item, last_action):
            item = self._read(key, item)
        if item is None:
            return ShownItem(None)
        case = snapshot.cases.get(item.incident_id) or self._case(item)
        return ShownItem(item, case and snapshot.as_seen(case), last_action)

    def _read(self, key: Key, before: Item | None) -> Item | None:
        kind, item_id = key
        factory = ItemFactory()
        try:
            if kind == FOLLOW_UPS:
                return factory.follow_up(self._api.follow_ups.show(item_id))
            return factory.action(self._api.actions.show(item_id))
        except NotFound:
            return None
        except IncidentioError as error:
            log.warning("an item of a message could not be read: %s", error)
            return before

    def _case(self, item: Item) -> IncidentSummary | None:
        try:
            return IncidentSummary.of(self._api.incidents.show(item.incident_id))
        except IncidentioError as error:
            log.warning("the incident of an item could not be read: %s", error)
            return None


def _doubtful(item: Item, last_action: LastAction | None) -> bool:
    """Return whether an item contradicts the last action: lists may lag behind."""
    if last_action is None:
        return False
    return (last_action.action in STILL_OPEN) != (item.status == OUTSTANDING)

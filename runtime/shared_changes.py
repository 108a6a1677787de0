"""What processes tell each other of what each remembers, so that none serves it old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.core.context import Services
from incidentio.transport.quota import LONGEST_RESET, Quota
from storage.peers import Hint

LIST, CHANGE, SNAPSHOT, ACCESS, LIMIT = "list", "change", "snapshot", "access", "limit"
"""The kinds of hints. Processes of the next version may tell others."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the other processes; its methods are called where something is noticed."""

    tell: Callable[..., None]
    """``Peers.tell``."""

    def list_outdated(self, how: str, name: str) -> None:
        self.tell(LIST, how, name)

    def changed(self, path: str) -> None:
        self.tell(CHANGE, path)

    def snapshot_outdated(self, *item: str) -> None:
        self.tell(SNAPSHOT, *item)

    def access_changed(self, incident_id: str, user_id: str, withdrawn: bool) -> None:
        self.tell(ACCESS, incident_id, user_id, value=[withdrawn])

    def limited(self, operation: str, quota: Quota) -> None:
        self.tell(LIMIT, operation, value=[quota.limit, quota.remaining, quota.reset])


class SharedChanges:
    """Takes in what the other processes tell."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def hear(self, hint: Hint) -> bool:
        """Act on a hint; return False if it is not understood."""
        kind, *said = hint
        act = {
            LIST: self._list,
            CHANGE: self._change,
            SNAPSHOT: self._snapshot,
            ACCESS: self._access,
            LIMIT: self._limit,
            "everything": self._everything,
        }.get(kind if isinstance(kind, str) else "")
        return act is not None and act(said)

    def outdate(self) -> None:
        """Take all that is remembered for old: hints may have been missed."""
        services = self._services
        services.catalog.outdate_all()
        services.memberships.outdate_all()
        services.outstanding.outdate()
        services.api.schedules_outdated()

    def _everything(self, _: list[Any]) -> bool:
        self.outdate()
        return True

    def _list(self, said: list[Any]) -> bool:
        match said:
            case [str(how), str(name)]:
                return self._services.catalog.outdate(how, name)
        return False

    def _change(self, said: list[Any]) -> bool:
        match said:
            case [str(path)]:
                self._services.api.changed_elsewhere(path)
                return True
        return False

    def _snapshot(self, said: list[Any]) -> bool:
        match said:
            case [] | [str(), str()]:
                self._services.outstanding.outdate(*said)
                return True
        return False

    def _access(self, said: list[Any]) -> bool:
        match said:
            case [str(incident_id), str(user_id), bool(withdrawn)]:
                self._services.memberships.note(incident_id, user_id, withdrawn)
                return True
        return False

    def _limit(self, said: list[Any]) -> bool:
        match said:
            case [str(key), int(limit), int(left), reset] if 0 <= left <= limit > 0:
                if not _is_soon(reset):
                    return False
                self._services.api.limited_elsewhere(key, Quota(limit, left, reset))
                return True
        return False


def _is_soon(reset: object) -> bool:
    """Return whether a value says when a limit is there again, or leaves that open."""
    if isinstance(reset, int | float):
        return 0 < reset <= LONGEST_RESET
    return reset is None

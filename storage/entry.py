"""One entry of the journal."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from storage.lease import Lease
    from storage.tables import JournalRow

ACCEPTED, DONE, REFUSED, UNKNOWN = "accepted", "done", "refused", "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: who asked for it, and its outcome."""

    id: str
    key: str
    operation: str
    actor: str
    channel: str | None
    target: str | None
    request: dict[str, Any]
    state: str
    outcome: str | None
    result: dict[str, Any] | None
    changes: dict[str, Any] | None
    attempt: int
    claimed_by: str
    """The process that makes the write, or made it."""
    accepted_at: datetime
    lease_until: datetime
    finished_at: datetime | None
    request_id: str | None
    account: str | None
    """The actor's id in incident.io."""
    incident_id: str | None
    in_doubt_since: datetime | None
    """When the first attempt was accepted that has an unknown outcome.

    It stays, whatever the outcome of later attempts.
    """
    fresh: bool = False
    """Whether the caller must make the write. Else it was made, or is being made."""
    lease: Lease | None = None
    """The lease of an entry that this process has just made."""

    @property
    def ref(self) -> str:
        """The short form of the id, which messages and logs have."""
        return self.id[:8]


_COLUMNS = [f.name for f in fields(Entry) if f.name not in {"fresh", "lease"}]


def entry_of(row: JournalRow | Row[Any], *, fresh: bool = False) -> Entry:
    return Entry(**{name: getattr(row, name) for name in _COLUMNS}, fresh=fresh)

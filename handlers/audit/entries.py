"""Entries of the journal as somebody may read them: private incidents are veiled.

An incident that cannot be read any more counts as private.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from blocks.audit import AuditLine
from handlers.core.notes import NOT_YET
from incidentio import Incident, Incidentio
from incidentio.errors import IncidentioError
from storage.entry import Entry

AT_ONCE = 8


def named(entries: Iterable[Entry]) -> set[str]:
    """Return the ids of the incidents that entries are about."""
    return {e.incident_id for e in entries if e.incident_id}


def read(api: Incidentio, ids: Iterable[str]) -> list[Incident]:
    """Read incidents anew, each once; leave out those that cannot be read."""

    def show(id_: str) -> Incident | None:
        try:
            return api.incidents.show(id_)
        except IncidentioError:
            return None

    wanted = set(ids) - {NOT_YET}
    if not wanted:
        return []
    with ThreadPoolExecutor(min(AT_ONCE, len(wanted))) as pool:
        return [found for found in pool.map(show, sorted(wanted)) if found]


def line(entry: Entry, seen: Iterable[str]) -> AuditLine:
    """Say an entry; ``seen`` are the incidents that whoever reads it may see."""
    who = (entry.accepted_at, entry.actor, entry.operation, entry.state)
    if entry.incident_id and entry.incident_id not in seen:
        return AuditLine(*who, veiled=True)
    return AuditLine(
        *who,
        target=entry.target,
        changes=entry.changes or {},
        outcome=entry.outcome,
        channel=entry.channel,
        ref=entry.ref,
        request_id=entry.request_id,
    )

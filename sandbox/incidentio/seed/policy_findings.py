"""What a policy found of the follow-ups: some have a due date, past or to come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.incidentio.seed.configuration import CONFIGURED
from sandbox.incidentio.state.ids import seeded_id
from sandbox.incidentio.state.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.store import Store

STATES = {"completed": "resolved", "not_doing": "dismissed"}
EVERY = 6
ALLOWED = timedelta(days=14)


def policy_findings(store: Store) -> Iterator[Finding]:
    for serial, row in enumerate(store.follow_ups, 1):
        if serial % EVERY == 0:
            yield Finding(
                id=seeded_id(6, CONFIGURED, serial),
                follow_up_id=row.id,
                incident_id=row.incident_id,
                created_at=row.created_at,
                due_at=row.created_at + ALLOWED,
                state=STATES.get(row.status, "active"),
            )

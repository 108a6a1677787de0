"""Actions of incidents that are or were worked on."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from sandbox.incidentio.seed.configuration import CONFIGURED
from sandbox.incidentio.state.ids import seeded_id
from sandbox.incidentio.state.records import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.records import Incident
    from sandbox.incidentio.state.store import Store

_TEXTS = (
    "Roll back the last deploy",
    "Post a notice on the status page",
    "Ask the database team for a heap dump",
    "Count the customers who are affected",
    "Restart the workers one by one",
    "Call the payment provider & ask for their logs",
    "Turn the feature flag off for <5% of traffic",
    "Check whether backups are intact",
)
_OVER = {"closed", "learning"}


def actions(store: Store) -> Iterator[Action]:
    serial = 0
    for incident in store.incidents:
        dice = Random(incident.number * 31)
        for text in dice.sample(_TEXTS, _how_many(store, incident)):
            serial += 1
            yield _action(store, incident, serial, text, dice)


def _how_many(store: Store, incident: Incident) -> int:
    many = {"live": 4, "paused": 2, "learning": 2, "closed": 1}
    return many.get(store.category(incident), 0)


def _action(
    store: Store, incident: Incident, serial: int, text: str, dice: Random
) -> Action:
    created = incident.created_at + timedelta(minutes=4 + serial % 7)
    done = store.category(incident) in _OVER or dice.random() < 0.3
    finished = created + timedelta(minutes=20)
    dropped = done and dice.random() < 0.2
    owners = [*incident.members, None] if not done else [*incident.members]
    return Action(
        id=seeded_id(3, CONFIGURED, serial),
        incident_id=incident.id,
        creator=incident.creator,
        created_at=created,
        updated_at=finished if done else created,
        description=text,
        status="not_doing" if dropped else "completed" if done else "outstanding",
        assignee_id=dice.choice(owners),
        completed_at=finished if done and not dropped else None,
    )

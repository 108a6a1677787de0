"""Escalations: acknowledged, expired, cancelled, of a private incident, and active."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.escalations import paging
from sandbox.incidentio.http.views import show_user
from sandbox.incidentio.seed.configuration import CONFIGURED, id_by_name
from sandbox.incidentio.seed.people import playing
from sandbox.incidentio.state.ids import seeded_id
from sandbox.incidentio.state.records import Escalation
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sandbox.incidentio.state.store import Store

_WORKFLOW = {"id": "01HWORKFLOWPAGES0000000000", "name": "Page on critical incidents"}
_ANSWERED = timedelta(minutes=4)


def escalations(store: Store) -> Iterator[Escalation]:
    now = store.now().replace(microsecond=0)
    alert = _alert("Card charges: more than one for an order", now - timedelta(days=9))
    by_alert = {"alert": {"id": alert["id"], "title": alert["title"]}}
    charges = _row(
        store, 1, alert["title"], timedelta(days=9), creator=by_alert, alerts=[alert]
    )
    charges.path_id = id_by_name(store.escalation_paths, "Payments")
    charges.description = "Refund those who paid twice before the next payout."
    _relate(store, charges, "Duplicate card charges for 40 customers")
    yield _acked(store, charges)
    vain = _row(store, 2, "Nightly export is late", timedelta(days=5))
    vain.user_ids = [_id(store, "gus")]
    paging.start(store, vain)
    yield vain
    mistake = _row(store, 3, "Test page, ignore", timedelta(days=2))
    mistake.user_ids = [_id(store, "fay")]
    mistake.creator = {"user": show_user(store.users.resolve(_id(store, "chi")))}
    yield _ended(store, mistake, "cancelled")
    secret = _row(store, 4, "Leaked token: who can revoke it", timedelta(hours=20))
    secret.user_ids = [_id(store, "ana")]
    _relate(store, secret, "Leaked API token in a public repository")
    yield _acked(store, secret)
    ago = timedelta(minutes=2)
    current = _row(
        store, 5, "Refunds stuck in pending", ago, creator={"workflow": _WORKFLOW}
    )
    current.path_id = id_by_name(store.escalation_paths, "Payments")
    current.priority = "P1"
    current.description = "Refunds are *queued*, none was paid out since 09:00."
    _relate(store, current, "Refunds stuck in pending")
    paging.start(store, current)
    yield current


def _row(
    store: Store, serial: int, title: str, ago: timedelta, **facts: Any
) -> Escalation:
    at = store.now().replace(microsecond=0) - ago
    id_ = seeded_id(5, CONFIGURED, serial)
    facts.setdefault("creator", {})
    return Escalation(id=id_, title=title, created_at=at, updated_at=at, **facts)


def _acked(store: Store, row: Escalation) -> Escalation:
    paged = _begun(store, row)
    at = row.created_at + _ANSWERED
    row.status = "acked"
    paging.add_event(store, row, "acked", at, users=paged[:1])
    return row


def _ended(store: Store, row: Escalation, how: str) -> Escalation:
    _begun(store, row)
    paging.end(store, row, how, row.created_at + _ANSWERED)
    return row


def _begun(store: Store, row: Escalation) -> list[str]:
    """Page the users of the first step only, and return their ids."""
    row.steps = paging.plan_steps(store, row.path_id, row.user_ids)[:1]
    targets = row.steps[0]["targets"]
    first = [id_ for t in targets for id_ in paging.users_of(store, t, row.created_at)]
    at = row.created_at
    paging.add_event(store, row, "triggered", at)
    if first:
        paging.add_event(store, row, "notified_users", at, users=first, urgency="high")
    return first


def _relate(store: Store, row: Escalation, name: str) -> None:
    row.incident_ids = [i.id for i in store.incidents if i.name == name]


def _id(store: Store, handle: str) -> str:
    return str(playing(store, handle)["id"])


def _alert(title: str, at: datetime) -> dict[str, Any]:
    return {
        "id": "01HALERT000000000000CHARGES",
        "title": title,
        "status": "resolved",
        "description": "Two charges share one order number.",
        "deduplication_key": "double-charge",
        "alert_source_id": "01HALERTSOURCE0000PAYMENTS",
        "source_url": "https://alerts.acme.example/double-charge",
        "created_at": format_time(at),
        "updated_at": format_time(at + timedelta(hours=1)),
        "resolved_at": format_time(at + timedelta(hours=1)),
    }

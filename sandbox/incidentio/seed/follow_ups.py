"""Follow-ups, and what a policy found of them: due dates, past and to come."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.incidentio.seed.configuration import CONFIGURED
from sandbox.incidentio.state.ids import seeded_id
from sandbox.incidentio.state.records import FollowUp, PolicyFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.records import Incident
    from sandbox.incidentio.state.store import Store

NUMBER = 120

_VERBS = ("Add", "Review", "Document", "Automate", "Test", "Replace")
_THINGS = (
    "an alert on replica lag",
    "the failover of the session store",
    "the run-book for checkout",
    "retries & time-outs of the payment client",
    "the <head> of the status page",
    "who may deploy on Fridays",
    "the backup of the search index",
)
_LONG = (
    "Find every place where a request's idempotency key is thrown away between the "
    "edge and the ledger, write down what each of them would do on a second delivery, "
    "and add a test for those that would charge a customer twice, starting with "
    "refunds, since those were what the people who wrote to us in March were about"
)
_LABELS = ("reliability", "quick-win", "customer-facing", "security", "needs-design")
_STATUSES = ("outstanding",) * 6 + ("completed",) * 3 + ("not_doing",)
_CONTEXT = "Came up when we talked about what happened."


def follow_ups(store: Store) -> Iterator[FollowUp]:
    over = [row for row in store.incidents if store.category(row) != "triage"]
    for serial in range(1, NUMBER + 1):
        dice = Random(serial * 7919)
        incident = over[serial % len(over)]
        yield _follow_up(store, incident, serial, dice.choice(_STATUSES), dice)


def more_follow_ups(store: Store, number: int) -> Iterator[FollowUp]:
    """Yield outstanding follow-ups with further ids, for load."""
    rows = [row for row in store.incidents if row.mode == "standard"]
    first = len(store.follow_ups) + 1
    dice = Random(first)
    for serial in range(first, first + number):
        yield _follow_up(store, rows[serial % len(rows)], serial, "outstanding", dice)


def _follow_up(
    store: Store, incident: Incident, serial: int, status: str, dice: Random
) -> FollowUp:
    created = incident.created_at + _part(store.now() - incident.created_at, dice)
    touched = created + _part(store.now() - created, dice)
    return FollowUp(
        id=seeded_id(4, CONFIGURED, serial),
        incident_id=incident.id,
        creator=incident.creator,
        created_at=created,
        updated_at=created if status == "outstanding" else touched,
        title=_title(serial),
        description=_CONTEXT if serial % 3 else None,
        status=status,
        assignee_id=_owner(store, serial, dice),
        completed_at=touched if status == "completed" else None,
        labels=dice.sample(_LABELS, serial % 3),
        external_issue=_issue(serial),
        **_choices(store, serial, dice),
    )


def _part(span: timedelta, dice: Random) -> timedelta:
    return timedelta(seconds=int(span.total_seconds() * dice.uniform(0, 0.4)))


def _title(serial: int) -> str:
    if serial == 60:
        return _LONG
    return f"{_VERBS[serial % 6]} {_THINGS[serial % 7]}"


def _owner(store: Store, serial: int, dice: Random) -> str | None:
    """Return an assignee; one follow-up in five has none."""
    users = [user["id"] for user in store.users]
    return None if serial % 5 == 0 else str(dice.choice(users))


def _issue(serial: int) -> dict[str, str] | None:
    if serial % 10:
        return None
    return {
        "provider": "jira",
        "issue_name": f"ACME-{serial}",
        "issue_permalink": f"https://jira.acme.example/browse/ACME-{serial}",
    }


def _choices(store: Store, serial: int, dice: Random) -> dict[str, Any]:
    def pick(table: Any, *, rarely_none: int) -> str | None:
        ids = [row["id"] for row in table]
        return None if serial % rarely_none == 0 else dice.choice(ids)

    return {
        "priority_id": pick(store.priorities, rarely_none=7),
        "category_id": pick(store.categories, rarely_none=2),
        "team_id": None if serial % 4 else pick(store.teams, rarely_none=9),
    }


FINDING_STATES = {"completed": "resolved", "not_doing": "dismissed"}
EVERY = 6
ALLOWED = timedelta(days=14)


def policy_findings(store: Store) -> Iterator[PolicyFinding]:
    for serial, row in enumerate(store.follow_ups, 1):
        if serial % EVERY == 0:
            yield PolicyFinding(
                id=seeded_id(6, CONFIGURED, serial),
                follow_up_id=row.id,
                incident_id=row.incident_id,
                created_at=row.created_at,
                due_at=row.created_at + ALLOWED,
                state=FINDING_STATES.get(row.status, "active"),
            )

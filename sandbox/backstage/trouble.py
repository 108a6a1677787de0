"""Trouble that people switch on, and things that happen behind the app's back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.incidentio import IncidentioSandbox
from sandbox.slack.stand_in import SlackSandbox

NEW_BLOCKS = {
    *("alert", "card", "carousel", "container", "data_table", "data_visualization"),
    *("plan", "table", "task_card"),
}
SLOW = 4.0
"""Seconds that a slow incident.io takes to answer."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """Both services."""

    slack: SlackSandbox
    incidentio: IncidentioSandbox


Act = Callable[[StandIns], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that goes wrong for as long as it is switched on."""

    label: str
    begin: Act


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens once."""

    label: str
    happen: Act


def _deliver_twice(both: StandIns) -> None:
    both.slack.courier.copies = 2


def _refuse_new_blocks(both: StandIns) -> None:
    both.slack.workspace.unsupported_blocks = set(NEW_BLOCKS)


TROUBLES: Mapping[str, Trouble] = {
    "incidentio-slow": Trouble(
        f"incident.io takes {SLOW:.0f} s to answer",
        lambda both: both.incidentio.fail("*", "*", delay=SLOW),
    ),
    "incidentio-down": Trouble(
        "incident.io is down", lambda both: both.incidentio.fail("*", "*", status=503)
    ),
    "incidentio-throttles": Trouble(
        "incident.io says: too many requests",
        lambda both: both.incidentio.fail(
            "*", "*", status=429, headers={"Retry-After": "5"}
        ),
    ),
    "slack-throttles": Trouble(
        "Slack says: too many messages",
        lambda both: both.slack.fail("chat.*", retry_after=5),
    ),
    "slack-refuses-blocks": Trouble("Slack refuses new blocks", _refuse_new_blocks),
    "slack-delivers-twice": Trouble("Slack delivers twice", _deliver_twice),
}


def switch(both: StandIns, on: set[str]) -> None:
    """Let exactly these troubles last."""
    both.incidentio.clear_faults()
    both.slack.faults.clear()
    both.slack.courier.copies = 1
    both.slack.workspace.unsupported_blocks = set()
    for name in on:
        TROUBLES[name].begin(both)


def _raise_severity(both: StandIns) -> None:
    """Change the severity of the newest live incident, as on incident.io's own page."""
    store = both.incidentio.store
    live = [row for row in store.incidents if store.category(row) == "live"]
    row = live[-1]
    worst = max(store.severities, key=lambda severity: severity["rank"])
    row.severity_id, row.updated_at = worst["id"], store.now()
    store.record_activity(row.id)


EVENTS: Mapping[str, Event] = {
    "severity": Event("Raise the newest incident's severity there", _raise_severity),
    "drop-sockets": Event("Drop the sockets", lambda both: both.slack.sockets.close()),
}

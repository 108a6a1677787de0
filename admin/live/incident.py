"""Tries an incident in test mode: declared once, closed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial

from admin.live.leftovers import LeftBehind, Leftover
from admin.live.trial import Broken, Skipped, Trial, why
from incidentio import Incident, Status
from incidentio.errors import IncidentioError, NotFound

MODE = "test"
CLOSED = "closed"
OVER = {"closed", "declined", "merged", "canceled"}
UNKNOWN = "01ZZZZZZZZZZZZZZZZZZZZZZZZ"
"""An id of the right form that no incident has."""


@dataclass
class Declaring:
    """An incident that was declared, or may have been; it is closed at the end."""

    trial: Trial
    name: str
    known: Incident | None = None

    def find(self) -> Incident | None:
        """Look for it by its name, as after an answer that did not come."""
        page = self.trial.api.incidents.page(mode=MODE)
        return next((one for one in page.items if one.name == self.name), None)

    def close(self) -> Incident:
        assert self.known is not None
        status = _closed(self.trial)
        return self.trial.api.incidents.edit(
            self.known.id, notify_incident_channel=False, incident_status_id=status.id
        )

    def take_back(self) -> None:
        """Close it; raise ``LeftBehind`` where incident.io does not."""
        try:
            self.known = self.known or self.find()
            if self.known is None:
                raise LeftBehind(
                    f"A test incident “{self.name}” may still appear: incident.io "
                    "did not say whether it declared it."
                )
            self.close()
        except (IncidentioError, Broken) as error:
            one = self.known
            what = f"{one.reference} ({one.permalink})" if one else f"“{self.name}”"
            words = f"The test incident {what} could not be closed."
            raise LeftBehind(f"{words} {why(error)}") from error


class OneIncident:
    """The incident that one promise after the other is tried on."""

    def __init__(self) -> None:
        self._made: tuple[Declaring, Leftover] | None = None

    def declare(self, trial: Trial) -> str:
        """Declare it twice with one key: the second time must change nothing."""
        key = secrets.token_hex(8)
        declaring = Declaring(trial, f"Test by the bot's doctor {key[:6]}")
        severities = trial.api.severities.list()
        create = partial(
            trial.api.incidents.create,
            idempotency_key=f"doctor-{key}",
            visibility="public",
            mode=MODE,
            name=declaring.name,
            severity_id=min(severities, key=lambda s: s.rank).id,
        )
        leftover = trial.left.add(declaring.take_back)
        try:
            declaring.known = create()
        except IncidentioError as error:
            leftover.done = not error.outcome_unknown
            raise
        self._made = declaring, leftover
        again = create()
        if again.id != declaring.known.id:
            second = Declaring(trial, declaring.name, again)
            trial.left.add(second.take_back)
            raise Broken("The same idempotency key declared a second incident.")
        if declaring.known.mode != MODE:
            raise Broken(f"It is an incident of the mode {declaring.known.mode}.")
        return f"{again.reference}, declared once though it was asked for twice."

    def close(self, trial: Trial) -> str:
        if self._made is None:
            raise Skipped("No incident was declared.")
        declaring, leftover = self._made
        declaring.close()
        leftover.done = True
        assert declaring.known is not None
        now = trial.api.incidents.show(declaring.known.id)
        if now.incident_status.category not in OVER:
            leftover.done = False
            raise Broken(f"Its status is {now.incident_status.category}.")
        return f"{now.reference} is closed."


def unknown_is_told(trial: Trial) -> str:
    """Ask for an incident that there is not."""
    try:
        trial.api.incidents.show(UNKNOWN)
    except NotFound:
        return "incident.io says that there is no such incident."
    raise Broken("incident.io shows an incident that nobody declared.")


def _closed(trial: Trial) -> Status:
    for status in trial.api.statuses.list():
        if status.category == CLOSED:
            return status
    raise Broken("The organisation has no status in which an incident is closed.")

"""The time of an incident's next update: computed, chosen and stored."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from itertools import islice

from blocks.kit import text
from blocks.kit.fields import Choosable
from handlers.core.context import Context
from incidentio import Incident
from incidentio.errors import IncidentioError
from reminders.calendar.durations import span, written
from reminders.live import asking
from reminders.live import incidents as live
from reminders.live.incidents import LastUpdate, Live
from storage.update_choices import UpdateChoice

log = logging.getLogger(__name__)

MOST = 1000
CHOICES = ("15m", "30m", "1h", "2h", "4h")
TOMORROW, NEVER = "tomorrow", "never"
MORNING = time(9)
LABELS = {
    "15m": "In 15 minutes",
    "30m": "In 30 minutes",
    "1h": "In 1 hour",
    "2h": "In 2 hours",
    "4h": "In 4 hours",
    TOMORROW: "Tomorrow at 09:00",
    NEVER: "No reminder",
}


def last_update(ctx: Context, incident: Incident) -> LastUpdate | None:
    """Return the newest update of an incident, as reminders see it."""
    return live.latest(islice(ctx.api.updates.list(incident_id=incident.id), MOST))


def live_of(ctx: Context, incident: Incident, last: LastUpdate | None = None) -> Live:
    """Return the incident in the form that reminders use."""
    return live.of(incident, ctx.catalog.severities(), last)


def interval(ctx: Context, incident: Live) -> timedelta | None:
    """Return the time between updates; None if nobody is asked for them."""
    return ctx.services.asking.interval(incident.severity, incident.worse)


def expected(ctx: Context, incident: Live) -> datetime | None:
    """Return when the next update is due; None if it is not asked for."""
    choice = ctx.services.update_choices.get(incident.id)
    due = asking.due(incident.since, interval(ctx, incident), choice)
    if due is None or incident.category != "live":
        return None
    return next((at for at in asking.asks(due) if at > ctx.now), None)


def due(ctx: Context, incident: Incident) -> datetime | None:
    """Return when the next update is due; None if that cannot be read now either."""
    if incident.incident_status.category != "live":
        return None
    try:
        return expected(ctx, live_of(ctx, incident, last_update(ctx, incident)))
    except IncidentioError as error:
        log.info("it is not known when the next update is due: %s", error)
        return None


def choose(ctx: Context, incident: Incident, due: datetime | None) -> UpdateChoice:
    """Store when to ask for the next update; ``due`` None: do not ask."""
    before = ctx.services.update_choices.get(incident.id)
    ctx.notes.on_incident(incident)
    was = before.due_at if before else None
    ctx.notes.change("next update", _stated(was), _stated(due) or NEVER)
    choice = ctx.services.update_choices.put(
        incident.id, due, by=ctx.user, now=ctx.services.now()
    )
    ctx.services.outstanding.touch()
    return choice


def _stated(due: datetime | None) -> str | None:
    return due.isoformat() if due else None


def default_choice(ctx: Context, incident: Incident) -> str:
    """Return the default choice for the next update."""
    choice = ctx.services.update_choices.get(incident.id)
    every = interval(ctx, live_of(ctx, incident))
    off = choice is not None and choice.due_at is None
    return NEVER if off or every is None else written(every)


def choices(chosen: str) -> list[Choosable]:
    """Return the choices for the next update, the default among them."""
    length = span(chosen)
    own = {} if chosen in LABELS or not length else {chosen: f"In {text.exact(length)}"}
    return [Choosable(label, value) for value, label in {**own, **LABELS}.items()]


def chosen_at(ctx: Context, value: str) -> datetime | None:
    """Return the time of a choice; None if nobody is to be asked."""
    if value == TOMORROW:
        zone = ctx.person.zone
        day = ctx.asked_at.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(day, MORNING, zone)
    length = span(value)
    return ctx.asked_at + length if length else None

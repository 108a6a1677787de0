"""``nudge``: put off, end or resume what is asked about an incident in progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blocks.kit import text
from handlers.core.announce import by, ref
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.dates import Span
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from incidentio import Incident
from incidentio.features import READING
from reminders.live.asking import INACTIVE, NO_LEAD, NO_SUMMARY, stored
from reminders.live.nudges import FOREVER, OFF

group = Group("nudge", "Reminders of what is missing", writes=READING, rank=7)


@dataclass(frozen=True, slots=True)
class NudgeKind:
    """A kind of nudge: what people are asked about."""

    id: str
    name: str


NUDGES = (
    NudgeKind(NO_LEAD, "a missing lead"),
    NudgeKind(NO_SUMMARY, "a missing summary"),
    NudgeKind(INACTIVE, "inactivity"),
)
Catalogued("nudge", lambda _: NUDGES).register(NudgeKind)


@group.command("nudge snooze", writes=True, effect=Effect("The reminder", "snoozed"))
def snooze(ctx: Context, what: NudgeKind, incident: Incident, length: Span) -> Reply:
    """Snooze the reminder of a missing lead or summary, or inactivity: `1h`, `1d`."""
    until = ctx.asked_at + length
    _put_off(ctx, what, incident, until)
    words = f"no reminders about {what.name} until {text.when(until)}"
    return Reply(f"{ref(incident)}: {words}, {by(ctx)}.")


@group.command("nudge off", writes=True, effect=Effect("The reminder", "turned off"))
def off(ctx: Context, what: NudgeKind, incident: Incident) -> Reply:
    """Turn off the reminder of a missing lead or summary, or inactivity."""
    _put_off(ctx, what, incident, ctx.asked_at + OFF)
    words = f"no more reminders about {what.name}"
    return Reply(f"{ref(incident)}: {words}, {by(ctx)}.")


@group.command("nudge on", writes=True, effect=Effect("The reminder", "turned on"))
def on(ctx: Context, what: NudgeKind, incident: Incident) -> Reply:
    """Turn on the reminder of a missing lead or summary, or inactivity."""
    record_target(ctx, what, incident, None)
    ctx.services.snoozes.end(stored(what.id), incident.id, ctx.now)
    ctx.services.outstanding.touch()
    return Reply(
        f"{ref(incident)}: reminders about {what.name} are on again, {by(ctx)}."
    )


def record_target(
    ctx: Context, what: NudgeKind, incident: Incident, until: datetime | None
) -> None:
    """Note for the audit the incident, and until when the nudge is snoozed."""
    before = ctx.services.snoozes.get(stored(what.id), incident.id)
    ctx.notes.on_incident(incident)
    ctx.notes.change(
        f"{what.id} snoozed until",
        before.until.isoformat() if before else None,
        until.isoformat() if until else None,
    )


def describe_snoozed(ctx: Context, incident: Incident) -> list[tuple[NudgeKind, str]]:
    """Return the nudges that are snoozed or off, and until when, in mrkdwn."""
    found = []
    for what in NUDGES:
        found_snooze = ctx.services.snoozes.get(stored(what.id), incident.id)
        if found_snooze and found_snooze.until > ctx.now:
            for_good = found_snooze.until - ctx.now > FOREVER
            found.append(
                (what, "" if for_good else f" until {text.when(found_snooze.until)}")
            )
    return found


def _put_off(
    ctx: Context, what: NudgeKind, incident: Incident, until: datetime
) -> None:
    record_target(ctx, what, incident, until)
    kind = stored(what.id)
    store = ctx.services.snoozes
    store.snooze(kind, incident.id, until=until, by=ctx.user, most=None)
    ctx.services.outstanding.touch()

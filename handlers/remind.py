"""``remind`` and ``reminder edit``: the form that sets a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any, cast
from zoneinfo import available_timezones

from blocks import subscriptions as view
from blocks import text
from blocks.fields import MOST_OPTIONS, Choosable, Value
from blocks.form import Form
from handlers.announce import by
from handlers.command import Modal, Reply
from handlers.context import Context
from handlers.postable import check_channel
from handlers.problems import FieldErrors, Refusal
from handlers.reminders import EDITORS, GONE, about, group, named, noted, told, upcoming
from incidentio.lookup import normal
from incidentio.models import Incident
from reminders.schedule import ScheduleError, When, describe, next_times, spaced
from reminders.select import NOBODY
from storage.tables import Subscription


@group.command("remind")
def remind(ctx: Context) -> Modal:
    """Remind this channel of follow-ups and actions until they are done."""
    check_channel(ctx)
    here = ctx.directory.here()
    draft = view.Draft(
        scope=here.id if here else view.ALL, timezone=ctx.person.timezone
    )
    return Modal(_form(ctx, view.NEW, draft, here, {}))


@group.command("reminder edit")
def edit(ctx: Context, reminder: Subscription) -> Modal:
    """Change a reminder, in a form."""
    return EDITORS.get(reminder.kind, form_of)(ctx, reminder)


def form_of(ctx: Context, reminder: Subscription) -> Modal:
    when = When.parse(reminder.when)
    draft = view.Draft(
        name=reminder.name,
        kinds=reminder.kinds,
        scope=reminder.incident_id or view.ALL,
        severities=reminder.severity_ids,
        priorities=reminder.priority_ids,
        owners=[owner for owner in reminder.owner_ids if owner != NOBODY],
        unowned=NOBODY in reminder.owner_ids,
        age=str(reminder.min_age_days) if reminder.min_age_days else None,
        rhythm=when.kind,
        at=when.at or time(9, 30),
        day=str(when.day or 7) if when.kind == "weekly" else "1",
        cron=when.crontab if when.kind == "cron" else None,
        timezone=when.timezone,
    )
    incident = _incident(ctx, reminder.incident_id)
    return Modal(_form(ctx, view.EDIT, draft, incident, {"id": reminder.id}))


@group.submitted(view.NEW, fails="The reminder was not set")
def created(ctx: Context, **values: Value) -> Reply | Modal:
    """Set it once, however often the form arrives."""
    if _outran(values):
        return follow(ctx, **values)
    columns = _columns(values)
    ctx.notes.within(columns["incident_id"])
    ctx.notes.on("reminder", columns["name"] or "of this channel")
    for name, value in columns.items():
        if value:
            ctx.notes.change(_spoken(name), None, _listed(value))
    subscription = ctx.services.reminders.create(
        channel=ctx.channel,
        created_by=ctx.user,
        subscription_id=ctx.idempotency_key.rpartition("-")[2][:32],
        **columns,
    )
    noted(ctx, subscription)
    words = f"{text.mention(ctx.user)} set a reminder for this channel"
    said = f"{words}: {about(ctx, subscription)}. {upcoming(ctx, subscription)}"
    return Reply(said, public=True)


@group.submitted(view.EDIT, fails="The reminder was not changed")
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    """Change what the form shows, from its next time on."""
    if _outran(values):
        return follow(ctx, **values)
    columns = _columns(values)
    before = ctx.services.reminders.get(ctx.memory["id"])
    if before is None:
        raise Refusal(GONE)
    ctx.notes.within(columns["incident_id"])
    noted(ctx, before)
    for name, new in columns.items():
        old = getattr(before, name)
        if old != new:
            ctx.notes.change(_spoken(name), _listed(old), _listed(new))
    changed = ctx.services.reminders.update(before.id, **columns)
    if changed is None:
        raise Refusal(GONE)
    words = f"{named(changed)} was changed {by(ctx)}: {about(ctx, changed)}"
    return told(ctx, changed, f"{words}. {upcoming(ctx, changed)}")


def _spoken(column: str) -> str:
    return column.replace("_", " ")


def _listed(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _outran(values: dict[str, Value]) -> bool:
    """Whether the form lacked a field that goes with what was chosen in it.

    It is redrawn at each change, and somebody may be quicker.
    """
    return not view.TIMES[_draft(values).rhythm] <= values.keys()


@group.options(view.ZONES)
def zones(_: Context, query: str) -> Sequence[Choosable]:
    """Suggest time zones."""
    wanted = normal(query).replace(" ", "_")
    names = sorted(available_timezones())
    found = [name for name in names if wanted in name.casefold() and "/" in name]
    return [Choosable(name, name) for name in ["UTC", *found][:MOST_OPTIONS]]


def follow(ctx: Context, **values: Value) -> Modal:
    """Redraw the form with the fields and the times that go with what was chosen."""
    draft = _draft(values)
    incident = _incident(ctx, None if draft.scope == view.ALL else draft.scope)
    incident = incident or ctx.directory.here()
    memory = {k: v for k, v in ctx.memory.items() if not k.startswith("_")}
    form_id = view.EDIT if "id" in memory else view.NEW
    return Modal(_form(ctx, form_id, draft, incident, memory))


for _form_id in (view.NEW, view.EDIT):
    for _name in ("rhythm", "day", "at", "cron", view.ZONES):
        group.changed(_form_id, _name)(follow)


def _form(
    ctx: Context,
    form_id: str,
    draft: view.Draft,
    incident: Incident | None,
    memory: dict[str, Any],
) -> Form:
    offer = view.Offer(
        incident=Choosable(f"{incident.reference} {incident.name}", incident.id)
        if incident
        else None,
        severities=[Choosable(s.name, s.id) for s in ctx.catalog.severities()],
        priorities=[Choosable(p.name, p.id) for p in ctx.catalog.priorities()],
    )
    return view.form(form_id, draft, offer, coming=_coming(ctx, draft), memory=memory)


def _draft(values: dict[str, Value]) -> view.Draft:
    at = values.get("at")
    return view.Draft(
        name=_text(values, "name"),
        kinds=_many(values, "kinds"),
        scope=_text(values, "scope") or view.ALL,
        severities=_many(values, "severities"),
        priorities=_many(values, "priorities"),
        owners=_many(values, "owners"),
        unowned=bool(values.get("unowned")),
        age=_text(values, "age"),
        rhythm=_text(values, "rhythm") or "weekdays",
        at=at if isinstance(at, time) else time(9, 30),
        day=_text(values, "day") or "1",
        cron=_text(values, "cron"),
        timezone=_text(values, view.ZONES) or "UTC",
    )


def _text(values: dict[str, Value], name: str) -> str | None:
    return cast("str | None", values.get(name))


def _many(values: dict[str, Value], name: str) -> tuple[str, ...]:
    return cast("tuple[str, ...]", values.get(name) or ())


def _columns(values: dict[str, Value]) -> dict[str, Any]:
    """Check what was entered and write it as it is stored."""
    draft = _draft(values)
    if not draft.kinds:
        raise FieldErrors({"kinds": "Choose at least one."})
    owners = [*draft.owners, *([NOBODY] if draft.unowned else [])]
    return {
        "name": draft.name,
        "kinds": list(draft.kinds),
        "incident_id": None if draft.scope == view.ALL else draft.scope,
        "severity_ids": list(draft.severities),
        "priority_ids": list(draft.priorities),
        "owner_ids": owners,
        "min_age_days": int(float(draft.age or 0)),
        "when": str(_when(draft)),
    }


def _when(draft: view.Draft) -> When:
    """Read the schedule; raise ``FieldErrors`` beside what is wrong with it."""
    try:
        match draft.rhythm:
            case "cron":
                return spaced(When(draft.cron or "", draft.timezone))
            case "weekly":
                return When.weekly(int(draft.day), draft.at, draft.timezone)
            case "daily":
                return When.daily(draft.at, draft.timezone)
        return When.weekdays(draft.at, draft.timezone)
    except ScheduleError as error:
        where = "cron" if draft.rhythm == "cron" else view.ZONES
        raise FieldErrors({where: str(error)}) from error


def _coming(ctx: Context, draft: view.Draft) -> str:
    if draft.rhythm == "cron" and not draft.cron:
        return "Enter a cron expression to see when it is due."
    try:
        when = _when(draft)
    except FieldErrors as error:
        return text.escape(str(error))
    return view.coming(describe(when), next_times(when, ctx.now, 3))


def _incident(ctx: Context, incident_id: str | None) -> Incident | None:
    return ctx.directory.incident(incident_id) if incident_id else None

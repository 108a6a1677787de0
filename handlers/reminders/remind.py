"""``remind`` and ``reminder edit``: the form that sets a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from blocks.kit import fields, text
from blocks.kit.fields import MOST_OPTIONS, Choosable, Value, choosable
from blocks.kit.form import MORE, Form
from blocks.reminders import form as view
from blocks.reminders.form import LABELS
from handlers.core.announce import by
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import Raw
from handlers.core.arguments.tokens import as_typed
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.problems import FieldErrors, Refusal
from handlers.core.rules import EDITORS, check_channel, join_channel
from handlers.reminders import drafts, filters
from handlers.reminders import words as remind_words
from handlers.reminders.show import (
    GONE,
    about,
    announce,
    describe_rule,
    group,
    record_target,
    upcoming,
)
from incidentio import Incident, Team
from incidentio.lookup import normal
from reminders.calendar.schedule import (
    Recurrence,
    ScheduleError,
    describe,
    next_times,
    spaced,
)
from reminders.items.filters import DigestOptions
from reminders.sources.snapshot import ACTIONS
from storage.rule import Rule
from storage.rules import RuleChanges

MOST_NOTICES = 5


@group.command(
    "remind",
    says=[
        "set reminder",
        "add reminder",
        "new reminder",
        "create reminder",
        "remind channel",
        "nag",
    ],
)
def remind(ctx: Context, words: Raw | None = None) -> Modal:
    """Remind this channel of follow-ups and actions; words fill in the form."""
    check_channel(ctx)
    here = ctx.directory.here()
    draft = view.ReminderDraft(
        scope=here.id if here else view.ALL, timezone=ctx.person.timezone
    )
    if not words:
        return Modal(_form(ctx, view.NEW, draft, here, {}))
    draft, notices = remind_words.read(ctx, as_typed(ctx.text, words), draft)
    return Modal(_form(ctx, view.NEW, draft, here, {"notices": notices[:MOST_NOTICES]}))


@group.command("reminder edit", aliases=["edit reminder"], says=["change reminder"])
def edit(ctx: Context, reminder: Rule) -> Modal:
    """Change a reminder, in a form."""
    return EDITORS.get(reminder.kind, form_of)(ctx, reminder)


def form_of(ctx: Context, reminder: Rule) -> Modal:
    draft = drafts.stored(reminder)
    incident = _incident(ctx, DigestOptions.of(reminder).incident_id)
    memory = {"id": reminder.id, "notices": filters.lost_filters(ctx, reminder)}
    return Modal(_form(ctx, view.EDIT, draft, incident, memory))


@group.submitted(view.NEW, effect=Effect("The reminder", "set"), of="remind")
def created(ctx: Context, **values: Value) -> Reply | Modal:
    """Set the reminder once, however often the form arrives."""
    if _outran(values):
        return follow(ctx, **values)
    chosen = chosen_in(values, base(ctx))
    ctx.notes.within(incident_of(chosen))
    ctx.notes.on("reminder", chosen["name"] or "of this channel")
    drafts.note(ctx, {}, chosen)
    rule = ctx.services.rules.create(
        channel=ctx.channel,
        created_by=ctx.user,
        rule_id=ctx.idempotency_key.rpartition("-")[2][:32],
        **chosen,
    )
    record_target(ctx, rule)
    words = f"{text.mention(ctx.user)} set a reminder for this channel"
    said = f"{words}: {about(ctx, rule)}. {upcoming(ctx, rule)}"
    return Reply(said + join_channel(ctx, ctx.channel), public=True)


@group.submitted(view.EDIT, effect=Effect("The reminder", "changed"))
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    """Change what the form shows, from its next time on."""
    if _outran(values):
        return follow(ctx, **values)
    before = ctx.services.rules.get(ctx.memory["id"])
    if before is None:
        raise Refusal(GONE)
    chosen = chosen_in(values, drafts.stored(before))
    ctx.notes.within(incident_of(chosen))
    record_target(ctx, before)
    drafts.keep_unknown(before, chosen)
    drafts.note(ctx, drafts.before(before, chosen), chosen)
    changed = ctx.services.rules.update(before.id, **chosen)
    if changed is None:
        raise Refusal(GONE)
    words = f"{describe_rule(changed)} was changed {by(ctx)}: {about(ctx, changed)}"
    return announce(ctx, changed, f"{words}. {upcoming(ctx, changed)}")


def _outran(values: dict[str, Value]) -> bool:
    """Return whether the form lacked a field that the chosen value needs.

    The form is redrawn at each change, but a person may submit it before that.
    """
    return not view.TIMES[drafts.read(values).rhythm] <= values.keys()


@group.options(fields.ZONES)
def zones(_: Context, query: str) -> Sequence[Choosable]:
    """Suggest time zones."""
    wanted = normal(query).replace(" ", "_")
    names = sorted(available_timezones())
    found = [name for name in names if wanted in name.casefold() and "/" in name]
    return [Choosable(name, name) for name in ["UTC", *found][:MOST_OPTIONS]]


Catalogued("team", lambda ctx: ctx.catalog.teams(), source=fields.TEAMS).register(Team)


@group.options(LABELS)
def labels(ctx: Context, query: str) -> Sequence[Choosable]:
    """Suggest labels of outstanding follow-ups, and what is typed."""
    return filters.suggested_labels(ctx, query)


def follow(ctx: Context, **values: Value) -> Modal:
    """Redraw the form with the fields and the times that go with what was chosen."""
    draft = drafts.read(values, base(ctx))
    incident = _incident(ctx, None if draft.scope == view.ALL else draft.scope)
    incident = incident or ctx.directory.here()
    memory = {k: v for k, v in ctx.memory.items() if not k.startswith("_")}
    form_id = view.EDIT if "id" in memory else view.NEW
    return Modal(_form(ctx, form_id, draft, incident, memory))


def base(ctx: Context) -> view.ReminderDraft:
    """Return what the fields hold that the form did not show."""
    edited = ctx.services.rules.get(ctx.memory.get("id", ""))
    if edited:
        return drafts.stored(edited)
    return view.ReminderDraft(timezone=ctx.person.timezone)


for _form_id, _phrase in ((view.NEW, "remind"), (view.EDIT, "reminder edit")):
    for _name in ("rhythm", "day", "at", "cron", fields.ZONES, MORE):
        group.changed(_form_id, _name, of=_phrase)(follow)


def _form(
    ctx: Context,
    form_id: str,
    draft: view.ReminderDraft,
    incident: Incident | None,
    memory: dict[str, Any],
) -> Form:
    offer = view.ReminderOffer(
        incident=Choosable(f"{incident.reference} {incident.name}", incident.id)
        if incident
        else None,
        severities=choosable(ctx.catalog.severities()),
        types=choosable(ctx.catalog.types()),
        priorities=choosable(ctx.catalog.priorities()),
        teams=choosable(ctx.catalog.teams()),
        timezone=ctx.person.timezone,
        notices=memory.get("notices", ()),
    )
    return view.form(form_id, draft, offer, coming=_coming(ctx, draft), memory=memory)


def incident_of(changes: RuleChanges) -> str | None:
    """Return the id of the incident, if a rule is about a single one."""
    options = changes.get("options")
    return options.incident_id if isinstance(options, DigestOptions) else None


def chosen_in(values: dict[str, Value], base: view.ReminderDraft) -> RuleChanges:
    """Check what was entered and return it as it is stored.

    What the form did not show stays as it is in ``base``.
    """
    draft = drafts.read(values, base)
    if not draft.kinds:
        raise FieldErrors({"kinds": "Choose at least one."})
    if list(draft.kinds) == [ACTIONS] and drafts.fit_follow_ups(draft):
        raise FieldErrors({"kinds": drafts.ONLY_FOLLOW_UPS})
    options, recurrence = drafts.options(draft), str(_when(draft))
    return {"name": draft.name, "options": options, "recurrence": recurrence}


def _when(draft: view.ReminderDraft) -> Recurrence:
    """Return when the reminder comes.

    Raises:
        FieldErrors: what was entered is no time.
    """
    try:
        match draft.rhythm:
            case "cron":
                return spaced(Recurrence(draft.cron or "", draft.timezone))
            case "weekly":
                return Recurrence.weekly(int(draft.day), draft.at, draft.timezone)
            case "daily":
                return Recurrence.daily(draft.at, draft.timezone)
        return Recurrence.weekdays(draft.at, draft.timezone)
    except ScheduleError as error:
        where = "cron" if draft.rhythm == "cron" else fields.ZONES
        raise FieldErrors({where: str(error)}) from error


def _coming(ctx: Context, draft: view.ReminderDraft) -> str:
    if draft.rhythm == "cron" and not draft.cron:
        return "Enter a cron expression to see when it is due."
    try:
        when = _when(draft)
    except FieldErrors as error:
        return text.escape(str(error))
    return view.coming(describe(when), next_times(when, ctx.now, 3))


def _incident(ctx: Context, incident_id: str | None) -> Incident | None:
    return ctx.directory.incident(incident_id) if incident_id else None

"""``override``: put somebody else on call for a while."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from blocks.kit import messages, text
from blocks.on_call import overrides as view
from handlers.core.answering import limits
from handlers.core.arguments.people import find_account, require_account
from handlers.core.arguments.resolve import FIRST, Page, Raw
from handlers.core.arguments.resources import SCHEDULES
from handlers.core.command import Effect, Group, Modal, Post, Reply
from handlers.core.context import Context
from handlers.core.pages import paginate
from handlers.core.problems import FieldErrors, Refusal
from handlers.core.shifts import layer_name
from handlers.on_call import override_checks as checks
from handlers.on_call import override_words
from handlers.on_call.override_draft import Entered, draft, rounded_up, window
from incidentio import Entries, Override, Schedule, ScheduleEntry, User
from incidentio.errors import IncidentioError
from incidentio.features import ON_CALL, OVERRIDING
from incidentio.on_call.coverage import Span
from incidentio.on_call.layers import RotationLayer
from incidentio.on_call.shift_events import OFF, ON, OVER, event_key
from storage.errors import DatabaseError

group = Group("override", "Overrides", reads=ON_CALL, writes=OVERRIDING, rank=2)

log = logging.getLogger(__name__)

ON_A_PAGE = 40
SOON = timedelta(hours=1)
"""If the shift begins later than this from now, people are told again before it."""


@group.command(
    "overrides",
    effect=Effect("The overrides", "listed", "were"),
    says=["who covering", "who cover", "current overrides"],
)
def list_(ctx: Context, schedule: Schedule, page: Page = FIRST) -> Reply:
    """List the overrides of a schedule, current and coming."""
    found = ctx.api.overrides.list(schedule.id)
    coming = sorted((o for o in found if o.end_at > ctx.now), key=_start)
    part = paginate(coming, page, ON_A_PAGE)
    rows = [(o, layer_name(schedule, _entry(o), ctx.now)) for o in part.shown]
    line = f"overrides {schedule.id}"
    turner = messages.pager(line, part.number, more=part.more)
    said = text.count(len(coming), "override")
    blocks = view.listing(rows, schedule, now=ctx.now)
    return Reply(f"{text.inline(schedule.name)}: {said}", [*blocks, *turner])


def _start(override: Override) -> datetime:
    return override.start_at


def _entry(override: Override) -> ScheduleEntry:
    return ScheduleEntry(
        start_at=override.start_at,
        end_at=override.end_at,
        rotation_id=override.rotation_id,
        layer_id=override.layer_id,
    )


@group.command(
    "override",
    writes=True,
    effect=Effect("The override", "created"),
    says=[
        "replace oncall",
        "take shift",
        "take oncall",
        "create override",
        "add override",
        "new override",
    ],
)
def override(
    ctx: Context, schedule: Schedule | None = None, words: Raw | None = None
) -> Reply | Modal:
    """Put somebody on call for a while: at once with `@kim 2h`, else in a form."""
    known = ctx.catalog.schedules()
    if not known:
        raise Refusal("incident.io has no schedules, so there is nothing to override.")
    if schedule is None:
        return Modal(view.form(known, None))
    typed = override_words.read(ctx, words or "", rounded_up(ctx.asked_at))
    entered = Entered(None, typed.user or ctx.user, typed.start, typed.end)
    try:
        layer = _only_layer(ctx, schedule, entered)
        if typed.user is None or layer is None:
            return _form(ctx, schedule, entered)
        return _put(ctx, schedule, replace(entered, layer=layer.key))
    except FieldErrors as problem:
        raise Refusal(text.escape(" ".join(problem.errors.values()))) from None


def _only_layer(
    ctx: Context, schedule: Schedule, entered: Entered
) -> RotationLayer | None:
    """Return the layer that is surely meant; None if the form has to ask."""
    if entered.start is None or entered.end is None:
        return None
    return checks.layer(ctx, schedule, None, entered.start)


def _form(ctx: Context, schedule: Schedule, entered: Entered) -> Modal:
    who = find_account(ctx, entered.user) if entered.user else None
    shown = draft(ctx, schedule, entered)
    shown = replace(shown, limits=limits(ctx, [who] if who else []))
    return Modal(view.form(ctx.catalog.schedules(), shown))


@group.changed(view.FORM, "schedule")
@group.changed(view.FORM, "seat")
@group.changed(view.FORM, "user")
@group.changed(view.FORM, "start_at")
@group.changed(view.FORM, "end_at")
def follow(
    ctx: Context,
    *,
    schedule: str | None = None,
    seat: str | None = None,
    user: str | None = None,
    start_at: datetime | None = None,
    end_at: datetime | None = None,
) -> Modal:
    """Show who is on call in the layer and the time that are chosen now."""
    chosen = SCHEDULES.find(ctx, schedule)
    if chosen is None:
        return Modal(view.form(ctx.catalog.schedules(), None))
    return _form(ctx, chosen, Entered(seat, user or ctx.user, start_at, end_at))


@group.submitted(view.FORM, effect=Effect("The override", "created"))
def overridden(
    ctx: Context,
    *,
    schedule: str,
    seat: str | None = None,
    user: str | None = None,
    start_at: datetime | None = None,
    end_at: datetime | None = None,
) -> Reply | Modal:
    """Create the override once, and tell everybody whom it concerns."""
    chosen = checks.schedule(ctx, schedule)
    return _put(ctx, chosen, Entered(seat, user, start_at, end_at))


def _put(ctx: Context, chosen: Schedule, entered: Entered) -> Reply | Modal:
    """Create the override, or draw the form again if it has something new to show.

    Raises:
        FieldErrors: the override is not possible.
    """
    user, start_at, end_at = entered.user, entered.start, entered.end
    layer = checks.layer(ctx, chosen, entered.layer, start_at)
    if layer is None or user is None or start_at is None or end_at is None:
        return _form(ctx, chosen, replace(entered, user=user or ctx.user))
    checks.window(start_at, end_at, ctx.asked_at)
    new = require_account(ctx, user, "user")
    if ctx.memory.get("told") != user and limits(ctx, [new]):
        return _form(ctx, chosen, replace(entered, layer=layer.key))
    return make(ctx, chosen, layer, new, Span(start_at, end_at))


def make(
    ctx: Context,
    chosen: Schedule,
    layer: RotationLayer,
    new: User,
    hours: Span,
    *,
    in_doubt: bool = False,
) -> Reply:
    """Put a person on call in a layer, once, and tell everybody whom it concerns.

    ``in_doubt``: it may have been made before, so look for it first.

    Raises:
        FieldErrors: the override is not possible.
    """
    start_at, end_at = hours
    found = ctx.api.schedules.list_entries(chosen.id, start_at, end_at)
    before = window(found, layer, start_at, end_at)
    _note(ctx, chosen, new, before)
    if (in_doubt or ctx.in_doubt) and checks.is_made(before, new):
        planned = Entries(final=found.scheduled)
        before = window(planned, layer, start_at, end_at)
    else:
        checks.changes_something(before, new)
        checks.require_free(before, ctx.person.zone)
        ctx.api.overrides.create(
            schedule_id=chosen.id,
            rotation_id=layer.rotation_id,
            layer_id=layer.layer_id,
            user_id=new.id,
            start_at=start_at,
            end_at=end_at,
        )
        ctx.catalog.expire("schedules")
    return _announced(ctx, chosen, layer, new, before)


def _note(ctx: Context, schedule: Schedule, new: User, before: view.Window) -> None:
    ctx.notes.on("schedule", schedule.name, schedule.id)
    between = f"{before.start.isoformat()} to {before.end.isoformat()}"
    was = ", ".join(user.name for user in before.people)
    ctx.notes.change(f"on call {between}", was or None, new.name)


def _announced(
    ctx: Context,
    schedule: Schedule,
    layer: RotationLayer,
    new: User,
    before: view.Window,
) -> Reply:
    """Confirm, with the shifts where they differ; tell the people by direct message."""
    where = view.where(schedule, layer)
    displaced = [complete(ctx, user) for user in before.people if user.id != new.id]
    words = view.created(where, new, before, ctx.user)
    told = {
        new.slack_user_id: view.to_new(where, before, displaced, ctx.user),
        **{
            user.slack_user_id: view.to_displaced(where, before, new, ctx.user)
            for user in displaced
        },
    }
    posts = [
        Post(to, said, view.confirmation_blocks(said, schedule), schedule=schedule.id)
        for to, said in told.items()
        if to and to != ctx.user
    ]
    _note_told(ctx, schedule, new, displaced, before.start)
    unknown = view.not_told([u for u in displaced if not u.slack_user_id])
    final = _outcome(ctx, schedule, layer, before)
    after = "" if view.is_as_asked(final, new, before) else view.outcome(final)
    said = "\n".join(filter(None, [words, after, unknown]))
    return Reply(said, view.confirmation(said, schedule), posts=posts)


def _note_told(
    ctx: Context,
    schedule: Schedule,
    new: User,
    displaced: Sequence[User],
    start: datetime,
) -> None:
    """Record that these people know, so that no notice of a shift tells them again."""
    if start > ctx.asked_at + SOON:
        return
    told = [(what, new) for what in (ON, OVER)] + [(OFF, user) for user in displaced]
    keys = [event_key(what, schedule.id, user.id, start) for what, user in told]
    try:
        ctx.services.sent_once.enter(keys, ctx.ref, ctx.now)
    except DatabaseError as error:
        log.warning("a notice may say an override again: %s", error)


def complete(ctx: Context, user: User) -> User:
    """Return the user with their Slack account, which entries may leave out."""
    return user if user.slack_user_id else ctx.catalog.user(user.id) or user


def _outcome(
    ctx: Context, schedule: Schedule, layer: RotationLayer, before: view.Window
) -> Sequence[ScheduleEntry] | None:
    """Read the shifts after the override; None if that fails: it is made anyway."""
    start, end = before.start, before.end
    try:
        found = ctx.api.schedules.list_entries(schedule.id, start, end)
    except IncidentioError:
        return None
    return window(found, layer, start, end).final

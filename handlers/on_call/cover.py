"""``cover``: ask colleagues to be on call in one's place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from blocks.kit import on_call as shifts_view
from blocks.kit import text
from blocks.kit.fields import MOST_OPTIONS, Choosable
from blocks.on_call import cover as view
from blocks.on_call import overrides as overrides_view
from handlers.core.arguments.resolve import Raw
from handlers.core.arguments.resources import SCHEDULES
from handlers.core.arguments.tokens import split
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.permissions import Level
from handlers.core.problems import FieldErrors, Refusal
from handlers.core.shifts import MINE, NO_ACCOUNT, SCHEDULE, shifts_of
from handlers.on_call import colleagues, override_words
from handlers.on_call import cover_requests as requests
from handlers.on_call import override_checks as checks
from incidentio import Schedule
from incidentio.features import ON_CALL, OVERRIDING
from incidentio.lookup import Index
from incidentio.on_call.coverage import Span
from incidentio.on_call.layers import RotationLayer
from reminders.on_call import cover as messages
from storage.covers import OPEN, Colleague, CoverRequest

group = Group(
    "cover",
    "Cover for a shift",
    level=Level.READ,
    reads=ON_CALL,
    writes=OVERRIDING,
    rank=2,
)

ASKED = Effect("Your colleagues", "asked", "were")
FILLERS = {"me", "my", "for", "on", "in", "the", "shift", "please"}
SOON = timedelta(minutes=30)
PATIENCE = timedelta(hours=1)
"""How long colleagues may answer where the shift has begun, or begins soon."""

Shift = shifts_view.PersonShift


@group.command(
    "cover",
    writes=True,
    effect=ASKED,
    says=[
        "cover me",
        "cover shift",
        "someone cover",
        "need cover",
        "swap shift",
        "swap shifts",
        "swap oncall",
        "swap",
    ],
)
def cover(ctx: Context, words: Raw | None = None) -> Reply | Modal:
    """Ask colleagues to take your shift, or hours of it: `until 18:00`, in a form."""
    typed = split(words or "")
    schedule = _schedule(ctx, typed)
    now = requests.to_minute(ctx.asked_at)
    start, end = override_words.times(typed, now, ctx.person.zone)
    found = [s for s in _shifts(ctx) if schedule in (None, s.schedule.id)]
    if not found:
        raise Refusal("You are not on call there, nor in the next 14 days.")
    if start is None or end is None:
        return Modal(view.form(_options(ctx, found), start, end))
    meant = [s for s in found if _hours(ctx, s, start, end)]
    if not meant:
        first = found[0]
        raise Refusal(
            f"You are not on call in that time. Your next shift: "
            f"{shifts_view.title(first.schedule)}, {shifts_view.span(first.entry)}."
        )
    if len(meant) > 1:
        return Modal(view.form(_options(ctx, meant), start, end))
    return _ask(ctx, meant[0], start, end)


def _schedule(ctx: Context, words: list[str]) -> str | None:
    """Take the name of a schedule from the front of the words; return its id."""
    while words and words[0].lower() in FILLERS:
        del words[0]
    found, taken = Index(ctx.catalog.schedules()).longest_run(words)
    if len(found) != 1:
        return None
    del words[:taken]
    return found[0].id


def _shifts(ctx: Context) -> Sequence[Shift]:
    if ctx.account is None:
        raise Refusal(NO_ACCOUNT)
    return shifts_of(ctx, ctx.account, ctx.now + MINE)


def _options(ctx: Context, found: Sequence[Shift]) -> list[Choosable]:
    """Return an option for each shift, with its times in the person's own zone."""
    return [
        Choosable(_label(ctx, shift), _value(shift)) for shift in found[:MOST_OPTIONS]
    ]


def _label(ctx: Context, shift: Shift) -> str:
    names = ", ".join(filter(None, [shift.schedule.name, shift.layer]))
    start, zone = shift.entry.start_at, ctx.person.zone
    since = f"{checks.local(start, zone)} to" if start > ctx.now else "now, until"
    hours = f"{since} {checks.local(shift.entry.end_at, zone)}"
    return f"{text.clip(names, text.OPTION - len(hours) - 2)}: {hours}"


def _value(shift: Shift) -> str:
    """Return a short name of a shift, the same as long as it is not changed."""
    entry = shift.entry
    parts = (shift.schedule.id, entry.rotation_id, entry.layer_id, entry.start_at)
    return uuid5(NAMESPACE_OID, " ".join(map(str, parts))).hex


def _hours(ctx: Context, shift: Shift, start: datetime, end: datetime) -> Span | None:
    """Return the hours of a shift within a time. None: there are none to come."""
    first = max(start, shift.entry.start_at, requests.to_minute(ctx.asked_at))
    last = min(end, shift.entry.end_at)
    return Span(first, last) if first < last else None


@group.submitted(view.ASK, effect=ASKED, of="cover")
def asked(
    ctx: Context,
    *,
    shift: str,
    start_at: datetime | None = None,
    end_at: datetime | None = None,
) -> Reply:
    """Ask for the chosen hours of the chosen shift; without hours, for all of it."""
    chosen = next((s for s in _shifts(ctx) if _value(s) == shift), None)
    if chosen is None:
        raise FieldErrors({"shift": "This shift has changed. Choose again."})
    start, end = start_at or chosen.entry.start_at, end_at or chosen.entry.end_at
    if end <= start:
        raise FieldErrors({"end_at": "The end has to be after the start."})
    if _hours(ctx, chosen, start, end) is None:
        raise FieldErrors({"start_at": "You are not on call in that time."})
    return _ask(ctx, chosen, start, end)


def _ask(ctx: Context, shift: Shift, start: datetime, end: datetime) -> Reply:
    hours = _hours(ctx, shift, start, end)
    assert hours
    entry, schedule = shift.entry, SCHEDULE.read(ctx, shift.schedule.id)
    layer = RotationLayer(entry.rotation_id or "", entry.layer_id or "")
    return _request(ctx, schedule, layer, hours)


def _request(
    ctx: Context, schedule: Schedule, layer: RotationLayer, hours: Span
) -> Reply:
    """Store a request once, with the messages about it, and say who is asked."""
    id_ = uuid5(NAMESPACE_OID, f"{ctx.key} {hours.start}").hex
    named = requests.named_layer(schedule, layer, hours.start)
    where = overrides_view.where(schedule, named)
    period = view.period(hours)
    ctx.notes.on("schedule", schedule.name, schedule.id)
    between = f"{hours.start.isoformat()} to {hours.end.isoformat()}"
    _refuse_second(ctx, id_, layer, hours)
    reach = colleagues.find(ctx, schedule, hours)
    not_asked = ""
    if reach.left_out:
        not_asked = f" Not asked: {text.listed(reach.left_out)}."
    if not reach.asked:
        raise Refusal(
            f"Nobody can be asked to cover {where}.{not_asked} "
            f"`{ctx.slash} override` puts somebody else on call."
        )
    ctx.notes.change(f"cover {between}", None, ", ".join(reach.names))
    request = CoverRequest(
        id=id_,
        asker=ctx.user,
        schedule_id=schedule.id,
        rotation_id=layer.rotation_id,
        layer_id=layer.layer_id,
        start_at=hours.start,
        end_at=hours.end,
        created_at=ctx.asked_at,
        expires_at=_expiry(ctx.asked_at, hours),
        state=OPEN,
        people={
            slack_id: {"user_id": who.user_id, "busy": list(who.busy)}
            for slack_id, who in reach.asked.items()
        },
        takes=[],
        version=1,
    )
    ctx.services.covers.ask(request, [*messages.notices(request)], ctx.now)
    names = text.listed([_named(ctx, *one) for one in reach.asked.items()])
    said = f"Asked {names} to cover {where}, {period}.{not_asked}"
    return Reply(f"{said} A direct message shows you how it goes.")


def _named(ctx: Context, slack_id: str, who: Colleague) -> str:
    """Mention a colleague; say where they are on call meanwhile."""
    known = [SCHEDULES.find(ctx, id_) for id_ in who.busy]
    busy = text.listed([shifts_view.title(one) for one in known if one])
    return f"{text.mention(slack_id)}{f' (on call for {busy} then)' if busy else ''}"


def _refuse_second(ctx: Context, id_: str, layer: RotationLayer, hours: Span) -> None:
    """Refuse hours that this person asks for already."""
    for one in ctx.services.covers.open_of(ctx.user, ctx.now):
        same = (one.rotation_id, one.layer_id) == (layer.rotation_id, layer.layer_id)
        overlaps = one.start_at < hours.end and hours.start < one.end_at
        if same and overlaps and one.id != id_:
            asked_for = view.period(Span(one.start_at, one.end_at))
            raise Refusal(
                f"You asked for cover {asked_for} already. Withdraw that first, in the "
                "direct message about it."
            )


def _expiry(now: datetime, hours: Span) -> datetime:
    """Return until when colleagues may answer: till it begins, or for an hour."""
    if hours.start - now >= SOON:
        return hours.start
    return min(now + PATIENCE, hours.end)


def _mine(ctx: Context, request_id: str) -> CoverRequest:
    """Return a request of this person's own."""
    request = requests.find(ctx, request_id)
    if request.asker != ctx.user:
        raise Refusal("Only the person who asked for cover can do that.")
    return request


@group.command(
    "cover withdraw",
    writes=True,
    hidden=True,
    needs=ON_CALL,
    effect=Effect("Your request", "withdrawn"),
)
def withdraw(ctx: Context, request: str) -> Reply:
    """Withdraw your request; hours that are taken stay taken."""
    found = _mine(ctx, request)
    schedule = SCHEDULE.read(ctx, found.schedule_id)
    ctx.notes.on("schedule", schedule.name, schedule.id)
    ctx.notes.change("cover", "asked for", "withdrawn")
    ctx.services.covers.withdraw(found.id, ctx.now)
    ctx.services.outstanding.touch()
    return Reply("You withdrew your request for cover.")


@group.command("cover again", writes=True, hidden=True, effect=ASKED)
def again(ctx: Context, request: str) -> Reply:
    """Ask once more for the hours that nobody took."""
    found = _mine(ctx, request)
    schedule = SCHEDULE.read(ctx, found.schedule_id)
    layer = RotationLayer(found.rotation_id, found.layer_id)
    rest = requests.open_hours(ctx, found)
    if not rest:
        raise Refusal("All of it is taken, or over.")
    if found.is_open(ctx.now):
        ctx.services.covers.withdraw(found.id, ctx.now)
    done = [_request(ctx, schedule, layer, hours) for hours in rest]
    return Reply("\n".join(reply.text for reply in done))

"""``cover take``: what colleagues answer to a request for cover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from blocks.kit import text
from blocks.on_call import cover as view
from handlers.core.arguments.people import require_account
from handlers.core.command import Effect, Group, Modal, Post, Reply
from handlers.core.context import Context
from handlers.core.permissions import Level
from handlers.core.problems import FieldErrors, Refusal, unchanged
from handlers.core.shifts import SCHEDULE
from handlers.on_call import colleagues, overrides
from handlers.on_call import cover_requests as requests
from handlers.on_call import override_checks as checks
from incidentio.errors import APIError, IncidentioError, ServerError
from incidentio.features import ON_CALL, OVERRIDING
from incidentio.on_call.coverage import Span
from incidentio.on_call.layers import RotationLayer
from reminders.on_call import cover as messages
from storage.covers import OPEN, CoverRequest, Take

group = Group(
    "cover answer",
    "Answering a request for cover",
    reads=ON_CALL,
    writes=OVERRIDING,
    rank=2,
)

TAKEN = Effect("The shift", "taken")


def _to_me(ctx: Context, request_id: str) -> CoverRequest:
    """Return a request that this person was asked to take."""
    request = requests.find(ctx, request_id)
    if ctx.user not in request.people:
        raise Refusal("You were not asked to cover this shift.")
    return request


@group.command(
    "cover take",
    writes=True,
    hidden=True,
    effect=TAKEN,
    also=[colleagues.OVERRIDING],
)
def take(ctx: Context, request: str) -> Reply:
    """Take all hours of a request that nobody has taken."""
    found = _to_me(ctx, request)
    return _take(ctx, found, _takable(ctx, found))


def _takable(ctx: Context, request: CoverRequest) -> list[Span]:
    return [*_taken_before(ctx, request), *requests.open_hours(ctx, request)]


def _taken_before(ctx: Context, request: CoverRequest) -> list[Span]:
    """Return the hours that an earlier attempt at the same press took."""
    if not ctx.in_doubt:
        return []
    own = (take for take in request.taken if take.by == ctx.user)
    return [Span(t.start, t.end) for t in own if t.made and t.at >= ctx.asked_at]


@group.command("cover part", hidden=True, effect=Effect("The form", "opened"))
def part(ctx: Context, request: str) -> Modal:
    """Take some of the hours of a request, in a form."""
    found = _to_me(ctx, request)
    now = requests.to_minute(ctx.now)
    cover = messages.drawn(found, requests.where(ctx, found), now)
    if cover.over:
        raise _over(ctx, found)
    return Modal(view.part(cover))


@group.submitted(view.TAKE, effect=TAKEN, of="cover take", also=[colleagues.OVERRIDING])
def part_taken(
    ctx: Context, *, start_at: datetime | None = None, end_at: datetime | None = None
) -> Reply:
    """Take the hours of the form; the others stay asked for."""
    found = _to_me(ctx, ctx.memory["cover"])
    if start_at is None or end_at is None:
        raise FieldErrors({"start_at": "Say from when until when you can take it."})
    if end_at <= start_at:
        raise FieldErrors({"end_at": "The end has to be after the start."})
    hours = Span(max(start_at, requests.to_minute(ctx.asked_at)), end_at)
    rest = _takable(ctx, found)
    if not any(s.start <= hours.start and hours.end <= s.end for s in rest):
        if not rest:
            raise _over(ctx, found)
        open_ = text.listed([view.period(span) for span in rest])
        raise FieldErrors({"start_at": text.unformatted(f"Open is only {open_}.")})
    return _take(ctx, found, [hours])


def _take(ctx: Context, request: CoverRequest, wanted: Sequence[Span]) -> Reply:
    """Put the person on call in these hours; only the first to come gets them."""
    if not wanted:
        raise _over(ctx, request)
    done = [_take_hours(ctx, request, hours) for hours in wanted]
    said = "\n".join(reply.text for reply in done)
    posts = [post for reply in done for post in reply.posts]
    return Reply(said, posts=posts)


def _take_hours(ctx: Context, request: CoverRequest, hours: Span) -> Reply:
    covers = ctx.services.covers
    wanted = Take(ctx.user, hours.start, hours.end, ctx.now)
    reserved, fresh = covers.reserve(request.id, wanted)
    if reserved is None:
        raise _over(ctx, requests.find(ctx, request.id))
    try:
        reply = _override(ctx, request, reserved, fresh=fresh)
    except FieldErrors as problem:
        covers.settle(request.id, reserved, ctx.now, made=False)
        raise Refusal(text.escape(" ".join(problem.errors.values()))) from None
    except IncidentioError as error:
        if isinstance(error, APIError) and not isinstance(error, ServerError):
            covers.settle(request.id, reserved, ctx.now, made=False)
        raise
    covers.settle(request.id, reserved, ctx.now, made=True)
    return reply


def _override(ctx: Context, request: CoverRequest, take: Take, *, fresh: bool) -> Reply:
    schedule = SCHEDULE.read(ctx, request.schedule_id)
    layer = RotationLayer(request.rotation_id, request.layer_id)
    layer = requests.named_layer(schedule, layer, take.start)
    me, hours = require_account(ctx, ctx.user, "user"), Span(take.start, take.end)
    checks.window(take.start, take.end, ctx.asked_at)
    return overrides.make(ctx, schedule, layer, me, hours, in_doubt=not fresh)


def _over(ctx: Context, request: CoverRequest) -> Refusal:
    """Return why nothing can be taken any more: by whom it was, first."""
    takers = [text.mention(t.by) for t in request.taken if t.by != ctx.user]
    if takers:
        names = text.listed(list(dict.fromkeys(takers)))
        return unchanged(f"{names} took it already.")
    if any(t.by == ctx.user for t in request.taken):
        return Refusal("You took it already.")
    if request.state != OPEN:
        return Refusal(f"{text.mention(request.asker)} no longer asks for it.")
    return unchanged("The time to answer is over.")


@group.command(
    "cover decline",
    writes=True,
    hidden=True,
    level=Level.READ,
    needs=ON_CALL,
    effect=Effect("Your answer", "noted"),
)
def decline(ctx: Context, request: str) -> Reply:
    """Say that you cannot take it; who asked is told once everybody has."""
    found = _to_me(ctx, request)
    schedule = SCHEDULE.read(ctx, found.schedule_id)
    ctx.notes.on("schedule", schedule.name, schedule.id)
    ctx.notes.change("answer", None, "declined")
    now = ctx.services.covers.decline(found.id, ctx.user, ctx.now) or found
    ctx.services.outstanding.touch()
    cover = messages.drawn(now, requests.where(ctx, now), ctx.now)
    posts = []
    if not cover.over and not cover.silent and not cover.taken:
        line = f"Everybody said no: you are still on call for {cover.place}."
        said = view.nobody(cover, [line])
        posts.append(Post(now.asker, said.text, said.blocks))
    return Reply(f"{text.mention(now.asker)} is shown that you cannot.", posts=posts)

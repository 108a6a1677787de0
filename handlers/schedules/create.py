"""``schedule create``: a new schedule with its first rotation.

incident.io previews only schedules that exist. So the rotation is shown in words before
it is created, and who is on call in the first two weeks after that.
"""

from __future__ import annotations

from functools import partial

from blocks.kit import text
from blocks.kit.fields import Value
from blocks.kit.on_call import sections, title
from blocks.schedules import form as view
from blocks.schedules import preview as schedule_preview
from blocks.schedules.card import described
from blocks.schedules.draft import TOP, ScheduleDraft, read
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.made_before import Makes, begun, made_lately, make_watched
from handlers.schedules import body as bodies
from handlers.schedules import saving
from handlers.schedules.listing import group
from incidentio import Schedule
from incidentio.errors import IncidentioError
from incidentio.merging import schedule_parts as parts
from incidentio.merging import schedules as merging
from incidentio.on_call.intervals import compare
from incidentio.transport.operation import Json

EFFECT = Effect("The schedule", "created")
NO_PREVIEW = (
    "incident.io previews only schedules that exist: once it is created you will see "
    "who is on call in the first two weeks."
)


@group.command(
    "schedule create",
    effect=EFFECT,
    aliases=["new schedule", "create schedule"],
    says=["new rotation", "make rotation", "add schedule"],
)
def create(ctx: Context) -> Modal:
    """Create a schedule with its first rotation, in a form."""
    return Modal(view.create(ScheduleDraft(timezone=ctx.person.timezone)))


@group.submitted(view.CREATE, effect=EFFECT)
def created(ctx: Context, **values: Value) -> Reply | Modal:
    """Show the schedule in words first; then create it once."""
    draft = read(values, ScheduleDraft())
    bodies.check(draft, {*TOP, "rotation_name"})
    name = (draft.name or "").strip()
    makes = Makes(
        f"The schedule {text.bold(name)}",
        "schedule delete",
        ctx.api.schedules.list,
        lambda known: known.name == name,
        cached="schedules",
    )
    made = made_lately(ctx, makes.listed, makes.same)
    if made is not None:
        return _announced(ctx, made)
    body = _body(ctx, draft)
    seen = parts.fingerprint([body["name"], body["timezone"], _lasting(body)])
    if ctx.memory.get("seen") != seen:
        above = [schedule_preview.in_words(_in_words(ctx, body))]
        return Modal(view.create(draft, seen=seen, above=above))
    ctx.notes.on("schedule", body["name"])
    ctx.notes.change("name", None, body["name"])
    create = partial(ctx.api.schedules.create, body)
    made = make_watched(ctx, makes, create, begun(ctx))
    ctx.catalog.expire("schedules")
    ctx.notes.on("schedule", made.name, made.id)
    return _announced(ctx, made)


def _body(ctx: Context, draft: ScheduleDraft) -> Json:
    rotation = bodies.new(ctx, draft, ctx.asked_at)
    name, zone = (draft.name or "").strip(), draft.timezone
    return {"name": name, "timezone": zone, "config": {"rotations": [rotation]}}


def _lasting(body: Json) -> list[Json]:
    """Return the rotations without their starts, which are set at creation."""
    return [{**r, "handover_start_at": None} for r in merging.rotations(body)]


def _in_words(ctx: Context, body: Json) -> list[str]:
    schedule = Schedule(id="", name=body["name"], timezone=body["timezone"])
    (version,) = merging.rotations(body)
    rotation = saving.rotation_of(ctx, schedule, version)
    lines = described(rotation, schedule) if rotation else []
    named = f"{text.bold(body['name'])} ({text.inline(body['timezone'])})"
    head = f"{named}, rotation {text.bold(version['name'])}:"
    return [head, *lines, NO_PREVIEW]


def _announced(ctx: Context, made: Schedule) -> Reply:
    """Announce that the schedule was created, and who is on call by it."""
    said = [f"{title(made)} was created {by(ctx)}.", *_first_weeks(ctx, made)]
    return Reply("\n".join(said), [*sections(said), *saving.steps(made)])


def _first_weeks(ctx: Context, made: Schedule) -> list[str]:
    """Return who is on call in the first weeks; say so if that cannot be read."""
    start, end = ctx.now, ctx.now + saving.WINDOW
    try:
        found = ctx.api.schedules.list_entries(made.id, start, end).final
    except IncidentioError:
        return ["incident.io did not say who is on call."]
    bodies_ = [merging.body(made.raw)]
    intervals = compare(found, (), start, end)
    lines = schedule_preview.plain(
        intervals, lambda key: saving.layer_name(key, bodies_)
    )
    if not lines:
        return [f"Nobody is on call in {saving.DAYS}."]
    return [f"On call in {saving.DAYS}:", *lines]

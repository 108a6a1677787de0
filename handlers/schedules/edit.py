"""``schedule edit``: what a schedule is called and how one of its rotations goes.

The form is drawn again with a preview before anything is saved, and once more where
somebody else changed the schedule since. What was not touched in it is sent as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.kit import text
from blocks.kit.fields import Value
from blocks.kit.form import Form, Note
from blocks.kit.on_call import title
from blocks.kit.rotations import zone_of
from blocks.schedules import form as view
from blocks.schedules import preview as schedule_preview
from blocks.schedules.draft import NEW, Draft, current, hidden, read, touched
from handlers.core.arguments.disambiguation import options
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import FieldErrors
from handlers.schedules import body as bodies
from handlers.schedules import saving
from handlers.schedules.body import Base
from handlers.schedules.listing import group
from handlers.schedules.show import read as read_schedule
from incidentio import Rotation, Schedule
from incidentio.merging import schedule_parts as parts
from incidentio.merging import schedules as merging
from incidentio.on_call import seats

EFFECT = Effect("The schedule", "changed")


@group.command("schedule edit", effect=EFFECT)
def edit(ctx: Context, schedule: Schedule) -> Modal:
    """Edit a schedule and its rotations in a form, with a preview before it counts."""
    found = read_schedule(ctx, schedule.id)
    rotations = seats.in_force(found, ctx.now)
    base = Base(found, rotations[0] if rotations else None, ctx.now)
    return Modal(_form(base, _current(base)))


def _current(base: Base) -> Draft:
    return current(base.schedule, base.rotation)


def _base(ctx: Context, schedule: Schedule, rotation_id: str) -> Base:
    """Find the rotation that is meant; none where one is to be added."""
    found = seats.in_force(schedule, ctx.now)
    rotation = next((r for r in found if r.id == rotation_id), None)
    return Base(schedule, rotation, ctx.now)


@group.changed(view.EDIT, "rotation")
def follow(ctx: Context, **values: Value) -> Modal:
    """Show the rotation that is chosen now."""
    schedule = read_schedule(ctx, ctx.memory["schedule"])
    chosen = str(values.get("rotation") or NEW)
    base = _base(ctx, schedule, chosen)
    was = _current(base)
    typed = read({k: v for k, v in values.items() if k in {"name", "timezone"}}, was)
    return Modal(_form(base, typed))


@group.submitted(view.EDIT, effect=EFFECT)
def submitted(ctx: Context, **values: Value) -> Reply | Modal:
    with lock_for(ctx.memory["schedule"]):
        return _edited(ctx, values)


def _edited(ctx: Context, values: Mapping[str, Value]) -> Reply | Modal:
    if values.get("rotation") != ctx.memory["rotation"]:
        return follow(ctx, **values)
    schedule = read_schedule(ctx, ctx.memory["schedule"])
    base = _base(ctx, schedule, ctx.memory["rotation"])
    draft, changes = _entered(ctx, base, values)
    body = bodies.replaced(ctx, base, draft, changes)
    if body == merging.body(schedule.raw):
        said = "is as the form says" if ctx.attempt > 1 else "was not changed"
        return Reply(f"{title(schedule)} {said}.")
    if ctx.memory.get("seen") == parts.digest(body):
        return saving.save(ctx, schedule, body)
    return Modal(_tried(ctx, base, draft, body))


def _entered(
    ctx: Context, base: Base, values: Mapping[str, Value]
) -> tuple[Draft, set[str]]:
    """Keep what was changed in the form; the rest is as it is now."""
    gone = base.rotation is None and ctx.memory["rotation"] != NEW
    if gone and not values.get("remove"):
        raise FieldErrors({"rotation": bodies.GONE})
    now = _current(base)
    entered = read(values, now)
    changes = touched(entered, ctx.memory["was"]) & values.keys()
    kept = {name: values[name] for name in changes}
    always = {"takes_effect", "remove", "rotation"}
    kept |= {name: values[name] for name in always if name in values}
    draft = read(kept, now)
    bodies.check(draft, changes)
    return draft, changes


def _tried(ctx: Context, base: Base, draft: Draft, body: Mapping[str, Any]) -> Form:
    """Draw the form again, with what saving it would do."""
    sent = dict(body)
    above = [saving.preview(ctx, base.schedule, sent)]
    others = saving.meanwhile(ctx, base.schedule, ctx.memory["parts"])
    if others:
        above.insert(0, schedule_preview.meanwhile(others))
    return _form(base, draft, seen=parts.digest(sent), above=above)


def _form(
    base: Base, draft: Draft, *, seen: str | None = None, above: Sequence[Note] = ()
) -> Form:
    schedule = base.schedule
    body = merging.body(schedule.raw)
    memory: dict[str, Any] = {"schedule": schedule.id}
    memory["parts"] = parts.remembered(body)
    if seen:
        memory["seen"] = seen
    return view.edit(draft, _current(base), _offer(base), memory=memory, above=above)


def _offer(base: Base) -> view.Offer:
    schedule, handover = base.schedule, base.handover
    rotations = seats.in_force(schedule, base.now)
    zone = zone_of(schedule.timezone)
    there = handover.astimezone(zone) if handover and zone else None
    return view.Offer(
        rotations=options(rotations),
        hidden=hidden(base.rotation, schedule),
        handover=f"{there:%a} {there.day} {there:%b %H:%M}" if there else None,
        notes=_notes(base, rotations),
    )


def _notes(base: Base, rotations: Sequence[Rotation]) -> list[str]:
    notes = []
    if base.following:
        until = text.when(base.following)
        notes.append(
            f"Another version of this rotation takes over {until}. It is left as it "
            "is, so what you change here counts until then."
        )
    later = {r.id: r.name for r in base.schedule.rotations}
    waiting = later.keys() - {r.id for r in rotations}
    if waiting:
        names = text.listed([text.inline(later[id_], 60) for id_ in sorted(waiting)])
        notes.append(f"Not in force yet, and left as they are: {names}.")
    return notes

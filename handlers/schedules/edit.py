"""``schedule edit``: changes a schedule and one of its rotations.

The form is drawn again with a preview before anything is saved. What was not changed in
it is sent back as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks.kit import text
from blocks.kit.edit import Edit, Input
from blocks.kit.fields import Value
from blocks.kit.form import MORE, Form, filled
from blocks.kit.on_call import title
from blocks.kit.rotations import zone_of
from blocks.schedules import form as view
from blocks.schedules.draft import (
    NEW,
    REPLACED,
    TOP,
    ScheduleDraft,
    current,
    hidden,
    read,
)
from handlers.core.arguments.disambiguation import options
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import Editor, unchanged
from handlers.core.problems import FieldErrors
from handlers.schedules import body as bodies
from handlers.schedules import saving
from handlers.schedules.body import ScheduleBase
from handlers.schedules.listing import group
from handlers.schedules.show import read as read_schedule
from incidentio import Rotation, Schedule
from incidentio.merging import schedule_parts as parts
from incidentio.merging import schedules as merging
from incidentio.on_call import layers
from incidentio.transport.operation import Json

EFFECT = Effect("The schedule", "changed")


class ScheduleEditor(Editor[ScheduleBase]):
    key = "schedule"
    seen: str | None = None
    """The fingerprint of the body that the form has a preview of."""

    def read(self) -> ScheduleBase:
        schedule = read_schedule(self.ctx, self.ctx.memory[self.key])
        return _base(self.ctx, schedule, self.ctx.memory["rotation"])

    def inputs(self, current: ScheduleBase) -> Sequence[Input]:
        return view.inputs(_draft(current), _offer(current))

    def form(self, current: ScheduleBase, inputs: Sequence[Input]) -> Form:
        memory: dict[str, Any] = {
            "schedule": current.schedule.id,
            "parts": parts.remembered(merging.body(current.schedule.raw)),
            "rotation": _draft(current).rotation,
            "seen": self.seen,
        }
        return view.edit(inputs, memory, _draft(current))

    def typed(
        self, current: ScheduleBase, values: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        if not self._is_gone(current):
            return values
        if not values.get("remove"):
            raise FieldErrors({"rotation": bodies.GONE})
        return {name: value for name, value in values.items() if name in TOP}

    def _is_gone(self, current: ScheduleBase) -> bool:
        """Return whether the form's rotation was removed since it was opened."""
        return current.rotation is None and self.ctx.memory["rotation"] != NEW

    def check(self, current: ScheduleBase, edit: Edit) -> None:
        bodies.check(read(edit.changed, _draft(current)), _replaced(edit.changed))
        super().check(current, edit)

    def conclude(self, current: ScheduleBase, edit: Edit) -> Reply | Modal:
        """Show who would be on call before anything is written."""
        body = self._body(current, edit)
        if body == merging.body(current.schedule.raw):
            done = bool(_replaced(edit.changed))
            return unchanged(self.ctx, self.describe(current), done=done)
        if self.ctx.memory.get("seen") != parts.fingerprint(body):
            return self.again(current, edit)
        self.check_unseen(current, edit)
        kept = self.elsewhere(current, edit)
        return saving.save(self.ctx, current.schedule, body, kept)

    def again(self, current: ScheduleBase, edit: Edit) -> Modal:
        body = self._body(current, edit)
        self.seen = parts.fingerprint(body)
        modal = super().again(current, edit)
        preview = saving.preview(self.ctx, current.schedule, body)
        form = replace(modal.form, fields=[preview, *modal.form.fields])
        return replace(modal, form=form)

    def _body(self, current: ScheduleBase, edit: Edit) -> Json:
        draft = read(edit.due, _draft(current))
        return bodies.replaced(self.ctx, current, draft, _replaced(edit.due))

    def describe(self, current: ScheduleBase) -> str:
        return title(current.schedule)

    def managed(self, current: ScheduleBase) -> object:
        return current.schedule

    def elsewhere(self, current: ScheduleBase, edit: Edit) -> Sequence[str]:
        """Return labels of fields, and of parts that the form does not show."""
        found = saving.elsewhere(current.schedule, self.ctx.memory["parts"])
        own = {*TOP}
        rotation = current.rotation
        if rotation and {*edit.kept, *edit.overtaken} - {*TOP}:
            body = merging.body(current.schedule.raw)
            version = merging.in_force(body, current.now).get(rotation.id)
            own |= {n for n in found if parts.version_of(body, n) == version}
        more = [label for name, label in found.items() if name not in own]
        fields = [] if self._is_gone(current) else super().elsewhere(current, edit)
        return [*fields, *more]


def _replaced(names: Iterable[str]) -> set[str]:
    """Return those names of fields that are parts of a schedule."""
    return {name for name in names if name in REPLACED}


def _draft(base: ScheduleBase) -> ScheduleDraft:
    return current(base.schedule, base.rotation)


def _base(ctx: Context, schedule: Schedule, rotation_id: str) -> ScheduleBase:
    """Return the schedule with the chosen rotation; with none if one is to be added."""
    found = layers.in_force(schedule, ctx.now)
    rotation = next((r for r in found if r.id == rotation_id), None)
    return ScheduleBase(schedule, rotation, ctx.now)


@group.command(
    "schedule edit",
    effect=EFFECT,
    aliases=["edit schedule"],
    says=["change schedule", "edit rotation", "change rotation"],
)
def edit(ctx: Context, schedule: Schedule) -> Modal:
    """Edit a schedule and its rotations in a form, with a preview."""
    found = read_schedule(ctx, schedule.id)
    rotations = layers.in_force(found, ctx.now)
    first = rotations[0] if rotations else None
    return ScheduleEditor(ctx).open(ScheduleBase(found, first, ctx.now))


@group.changed(view.EDIT, "rotation")
def follow(ctx: Context, **values: Value) -> Modal:
    """Show the rotation that is chosen now; what was typed of the schedule stays."""
    schedule = read_schedule(ctx, ctx.memory["schedule"])
    base = _base(ctx, schedule, str(values.get("rotation") or NEW))
    editor = ScheduleEditor(ctx)
    typed = {name: value for name, value in values.items() if name in TOP}
    modal = editor.drawn(base, filled(editor.inputs(base), typed))
    top = {name: said for name, said in editor.shown().items() if name in TOP}
    memory = dict(modal.form.memory)
    memory |= {"shown": memory["shown"] | top, "parts": ctx.memory["parts"]}
    return replace(modal, form=replace(modal.form, memory=memory))


@group.changed(view.EDIT, MORE)
def more(ctx: Context, **values: Value) -> Modal:
    """Show all that can be edited, with what was typed."""
    editor = ScheduleEditor(ctx)
    editor.seen = ctx.memory.get("seen")
    return editor.more(values)


@group.submitted(view.EDIT, effect=EFFECT)
def submitted(ctx: Context, **values: Value) -> Reply | Modal:
    if values.get("rotation") != ctx.memory["rotation"]:
        return follow(ctx, **values)
    return ScheduleEditor(ctx).submit(values)


def _offer(base: ScheduleBase) -> view.ScheduleOffer:
    schedule, handover = base.schedule, base.handover
    rotations = layers.in_force(schedule, base.now)
    zone = zone_of(schedule.timezone)
    there = handover.astimezone(zone) if handover and zone else None
    return view.ScheduleOffer(
        rotations=options(rotations),
        hidden=hidden(base.rotation, schedule),
        handover=f"{there:%a} {there.day} {there:%b %H:%M}" if there else None,
        notes=_notes(base, rotations),
    )


def _notes(base: ScheduleBase, rotations: Sequence[Rotation]) -> list[str]:
    notes = []
    if base.following:
        until = text.when(base.following)
        notes.append(
            f"Another version of this rotation takes over {until} and is not changed: "
            "what you change here applies until then."
        )
    later = {r.id: r.name for r in base.schedule.rotations}
    waiting = later.keys() - {r.id for r in rotations}
    if waiting:
        names = text.listed([text.inline(later[id_], 60) for id_ in sorted(waiting)])
        notes.append(f"Not in force yet, and not changed: {names}.")
    return notes

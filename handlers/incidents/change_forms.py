"""The forms of ``severity``, ``status`` and ``update``.

``changes`` carries out what is chosen in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from blocks.incidents import change_forms as view
from blocks.kit import text
from blocks.kit.edit import Edit, Input
from blocks.kit.fields import Value, choosable, short_hash
from blocks.kit.form import Form, Note, filled
from handlers.core.announce import announcement, by, ref
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import Editor
from handlers.core.effect import Effect
from handlers.core.problems import Ambiguous, FieldErrors
from handlers.incidents.changes import (
    LISTS,
    Deleted,
    IncidentChange,
    apply,
    apply_locked,
    names,
)
from handlers.incidents.next_update import choices, choose, chosen_at, default_choice
from incidentio import Incident, Severity, Status

NEXT = "next_update"

L = TypeVar("L", Severity, Status)


class ChangeEditor(Editor[Incident]):
    """Changes severity and status, with a message; asks before it ends an incident."""

    key = "incident"

    def __init__(self, ctx: Context, id_: str, closing: Status | None = None) -> None:
        super().__init__(ctx)
        self.id = id_
        self.closing = closing

    def read(self) -> Incident:
        return self.ctx.directory.incident(self.ctx.memory[self.key])

    def inputs(self, current: Incident) -> Sequence[Input]:
        catalog = self.ctx.catalog
        usually = default_choice(self.ctx, current) if self.id == view.UPDATE else ""
        return view.inputs(
            self.id,
            current,
            catalog.severities(),
            catalog.statuses(),
            (usually, choices(usually)),
        )

    def form(self, current: Incident, inputs: Sequence[Input]) -> Form:
        return view.form(self.id, current, inputs, self.closing)

    def shown(self) -> Mapping[str, str]:
        """Return fingerprints, also if an earlier version's form remembered values."""
        memory = self.ctx.memory
        if "shown" in memory:
            return super().shown()
        before = {
            **{name: memory.get(name) for name in LISTS},
            NEXT: memory.get("next"),
        }
        return {name: short_hash(value or "") for name, value in before.items()}

    def check(self, current: Incident, edit: Edit) -> None:
        _check(self.id, current, self._change(edit), edit)
        super().check(current, edit)

    def _change(self, edit: Edit) -> IncidentChange:
        """Return the change of what was changed in the form."""
        typed = {n: str(v) for n, v in edit.changed.items() if isinstance(v, str)}
        catalog = self.ctx.catalog
        return IncidentChange(
            severity=_chosen(
                self.ctx, "severity", typed.get("severity"), catalog.severities
            ),
            status=_chosen(self.ctx, "status", typed.get("status"), catalog.statuses),
            message=typed.get("message"),
            notify=bool(edit.changed.get("notify", True)),
        )

    def again(self, current: Incident, edit: Edit) -> Modal:
        self.closing = _closing(self._change(edit))
        modal = super().again(current, edit)
        if self.closing is None or self._confirmed(self.closing):
            return modal
        asked = Note(closes(current, self.closing))
        form = replace(modal.form, fields=[asked, *modal.form.fields])
        return replace(modal, form=form)

    def conclude(self, current: Incident, edit: Edit) -> Reply | Modal:
        change = self._change(edit)
        closing = _closing(change)
        if closing and not self._confirmed(closing):
            return self.again(current, edit)
        self.check_unseen(current, edit)
        next_update = edit.changed.get(NEXT)
        chosen = str(next_update) if next_update else None
        return _applied(self.ctx, current, change, chosen)

    def _confirmed(self, closing: Status) -> bool:
        return bool(self.ctx.memory.get("confirmed") == closing.id)

    def describe(self, current: Incident) -> str:
        return ref(current)


def _closing(change: IncidentChange) -> Status | None:
    """Return the status that would end the incident."""
    ends = change.status is not None and change.status.category in view.CLOSING
    return change.status if ends else None


def ask(
    ctx: Context,
    id_: str,
    incident: Incident,
    *,
    message: str | None = None,
    status: Status | None = None,
) -> Modal:
    """Open the form ``id_`` with the current levels, and with a message or a status."""
    closing = status if status and status.category in view.CLOSING else None
    editor = ChangeEditor(ctx, id_, closing)
    drafted: dict[str, Value] = {"message": message} if message else {}
    above: list[Input] = []
    if status:
        drafted["status"] = status.id
    if closing:
        above.append(Note(closes(incident, closing)))
    inputs = filled(editor.inputs(incident), drafted)
    return editor.drawn(incident, [*above, *inputs])


def submitted(ctx: Context, *, id_: str, **values: Value) -> Reply | Modal:
    """Do what the form ``id_`` says."""
    return ChangeEditor(ctx, id_).submit(values)


def change(
    ctx: Context,
    incident: Incident,
    change: IncidentChange,
    effect: Effect,
    known: Sequence[Severity | Status],
) -> Reply:
    """Carry out a change of one level.

    Raises:
        Ambiguous: the level was deleted; it asks for another of those ``known``.
    """
    try:
        return apply(ctx, incident, change)
    except Deleted as error:
        ((noun, level),) = change.levels.items()
        question = Ambiguous(
            f"{effect.not_done}: “{text.plain(level.name)}” was deleted. Which {noun}?",
            choosable(known),
        )
        question.line = f"{noun} {incident.reference} {text.BLANK}"
        raise question from error


def _applied(
    ctx: Context, incident: Incident, change: IncidentChange, chosen: str | None
) -> Reply:
    """Carry the change out, and remember when the next update is to be asked for."""
    if chosen is None:
        return apply_locked(ctx, incident, change)
    at = chosen_at(ctx, chosen)
    words = "there is no reminder for the next update"
    if at:
        words = f"the next update is due {text.when(at)}"
    if change.levels or change.message:
        then = f"{words[0].upper()}{words[1:]}."
        reply = apply_locked(ctx, incident, replace(change, then=then))
    else:
        said = f"{ref(incident)}: {words}, {by(ctx)}."
        reply = announcement(ctx, incident, said, notify=True)
    choose(ctx, incident, at)
    return reply


def _chosen(
    ctx: Context, name: str, id_: str | None, levels: Callable[[], Sequence[L]]
) -> L | None:
    """Return the chosen level, even if it is newer than the catalog."""
    if id_ is None:
        return None
    for _ in range(2):
        if found := next((level for level in levels() if level.id == id_), None):
            return found
        ctx.catalog.reread(LISTS[name])
    raise Deleted({name: f"That {name} was deleted. Choose another."})


def _check(id_: str, incident: Incident, change: IncidentChange, edit: Edit) -> None:
    """Check that the form changes what it is for, such as the severity."""
    if id_ == view.UPDATE:
        if not (change.levels or change.message or edit.changed.get(NEXT)):
            need = "Write a message, or change the severity or the status."
            raise FieldErrors({"message": need})
    elif id_ not in change.levels:
        now = incident.severity if id_ == view.SEVERITY else incident.incident_status
        so = f"{incident.reference} is already {now.name}" if now else "Nothing chosen"
        raise FieldErrors({id_: f"{so}. Choose another, or cancel."})
    if change.message and not change.notify:
        need = "A message is shared in the incident's channel: tick it, or write none."
        raise FieldErrors({"notify": need})


def closes(incident: Incident, status: Status) -> str:
    return (
        f"This ends {ref(incident)}: its status becomes {names([status])}. "
        f"Press *{view.CLOSING[status.category]}* to confirm."
    )

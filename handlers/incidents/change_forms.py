"""The forms of ``severity``, ``status`` and ``update``: opened, read, asked again.

What the forms decide is carried out by ``moves``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from blocks.incidents import change_forms as view
from blocks.kit import text
from blocks.kit.fields import Choosable
from handlers.core.announce import announced, by, ref
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.effect import Effect
from handlers.core.problems import Ambiguous, FieldErrors
from handlers.incidents.changes import LISTS, Deleted, Move, levels_of, make, names
from handlers.incidents.next_update import choices, chosen_at, promised, usual
from incidentio import Incident, Severity, Status

L = TypeVar("L", Severity, Status)


def ask(ctx: Context, id_: str, incident: Incident, draft: view.Draft) -> Modal:
    """Open the form ``id_`` with what is the case now, and what is drafted."""
    now = view.shown(incident)
    filled = replace(
        draft,
        severity=draft.severity or now["severity"],
        status=draft.status or now["status"],
    )
    if id_ == view.UPDATE:
        filled = _with_next(ctx, incident, filled)
    catalog = ctx.catalog
    form = view.form(id_, incident, catalog.severities(), catalog.statuses(), filled)
    return Modal(form)


def _with_next(ctx: Context, incident: Incident, draft: view.Draft) -> view.Draft:
    shown = draft.next_shown or usual(ctx, incident)
    return replace(
        draft,
        next_update=draft.next_update or shown,
        next_choices=choices(shown),
        next_shown=shown,
    )


def change(
    ctx: Context,
    incident: Incident,
    move: Move,
    effect: Effect,
    known: Sequence[Severity | Status],
) -> Reply:
    """Make a move to a level; ask for another of those ``known`` if it is gone.

    Raises:
        Ambiguous: the level was deleted.
    """
    try:
        return make(ctx, incident, move)
    except Deleted as error:
        ((noun, level),) = move.levels.items()
        question = Ambiguous(
            f"{effect.not_done}: “{text.plain(level.name)}” was deleted. Which {noun}?",
            [Choosable(one.name, one.id) for one in known],
        )
        question.line = f"{noun} {incident.reference} {text.BLANK}"
        raise question from error


def decided(
    ctx: Context,
    *,
    id_: str,
    severity: str | None = None,
    status: str | None = None,
    message: str | None = None,
    notify: tuple[str, ...] | None = None,
    next_update: str | None = None,
) -> Reply | Modal:
    """Do what the form says; what needs a second look is asked in the form itself.

    Only what was changed in the form is asked for. What it showed and was left alone
    stays as somebody else may have set it meanwhile.
    """
    incident = ctx.directory.incident(ctx.memory["incident"])
    move = Move(
        severity=_chosen(ctx, "severity", severity, ctx.catalog.severities),
        status=_chosen(ctx, "status", status, ctx.catalog.statuses),
        message=message,
        notify=notify is None or bool(notify),
    )
    chosen = next_update if next_update != ctx.memory.get("next") else None
    _check(id_, incident, move, chosen)
    overtaken = _overtaken(ctx, incident, move)
    confirm = _unconfirmed(ctx, move)
    if not overtaken and not confirm:
        return _made(ctx, incident, move, chosen)
    draft = view.Draft(
        severity=severity,
        status=status,
        message=message,
        notices=[*_meanwhile(incident, overtaken), *_sure(incident, confirm)],
        shown={name: ctx.memory.get(name) for name in LISTS} | overtaken,
        confirmed=confirm or _confirmed(ctx, move),
        next_update=next_update,
        next_shown=ctx.memory.get("next"),
    )
    return ask(ctx, id_, incident, draft)


def _made(ctx: Context, incident: Incident, move: Move, chosen: str | None) -> Reply:
    """Make the move, and remember when the next update is to be asked for."""
    if chosen is None:
        return make(ctx, incident, move)
    at = chosen_at(ctx, chosen)
    words = "nobody is asked for the next update"
    if at:
        words = f"the next update is due {text.when(at)}"
    if move.levels or move.message:
        then = f"{words[0].upper()}{words[1:]}."
        reply = make(ctx, incident, replace(move, then=then))
    else:
        said = f"{ref(incident)}: {words}, {by(ctx)}."
        reply = announced(ctx, incident, said, notify=True)
    promised(ctx, incident, at)
    return reply


def _chosen(
    ctx: Context, name: str, id_: str | None, levels: Callable[[], Sequence[L]]
) -> L | None:
    """Find what was chosen, if it is another than the form showed."""
    if id_ is None or id_ == ctx.memory.get(name):
        return None
    for _ in range(2):
        if found := next((level for level in levels() if level.id == id_), None):
            return found
        ctx.catalog.forget(LISTS[name])
    raise Deleted({name: f"That {name} was deleted. Choose another."})


def _check(id_: str, incident: Incident, move: Move, chosen: str | None) -> None:
    """Each form has something that must change."""
    if id_ == view.UPDATE:
        if not (move.levels or move.message or chosen):
            need = "Write a message, or change the severity or the status."
            raise FieldErrors({"message": need})
    elif id_ not in move.levels:
        now = incident.severity if id_ == view.SEVERITY else incident.incident_status
        so = f"{incident.reference} is {now.name} already" if now else "Nothing chosen"
        raise FieldErrors({id_: f"{so}. Choose another, or cancel."})
    if move.message and not move.notify:
        need = "A message is shared in the incident's channel: tick it, or write none."
        raise FieldErrors({"notify": need})


def _overtaken(ctx: Context, incident: Incident, move: Move) -> dict[str, str | None]:
    """What else somebody set meanwhile that this would undo, by field name."""
    now = view.shown(incident)
    return {
        name: now[name]
        for name, level in move.levels.items()
        if now[name] not in (ctx.memory.get(name), level.id)
    }


def _meanwhile(incident: Incident, overtaken: Iterable[str]) -> list[str]:
    now = levels_of(incident)
    return [
        f"Somebody changed the {name} meanwhile: it is {names([now[name]])} now. "
        "Save again to replace that."
        for name in overtaken
    ]


def _unconfirmed(ctx: Context, move: Move) -> Status | None:
    status = move.status
    if status is None or status.category not in view.CLOSING:
        return None
    return None if ctx.memory.get("confirmed") == status.id else status


def _confirmed(ctx: Context, move: Move) -> Status | None:
    status = move.status
    return status if status and ctx.memory.get("confirmed") == status.id else None


def _sure(incident: Incident, status: Status | None) -> list[str]:
    return [closes(incident, status)] if status else []


def closes(incident: Incident, status: Status) -> str:
    return (
        f"This moves {ref(incident)} to {names([status])} and ends it. "
        f"Press *{view.CLOSING[status.category]}* if that is meant."
    )

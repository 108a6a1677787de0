"""Moving an incident on: what ``severity``, ``status`` and ``update`` have in common.

While people watch, one idempotent call shares the message and moves severity and
status (``updates.create``); only that one tells the incident's channel. Without telling
it the same is an edit. Who hears of it from the bot: see ``announce``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from blocks import text
from blocks import transitions as view
from handlers.announce import announced, by, ref
from handlers.command import Modal, Reply
from handlers.context import Context
from handlers.problems import FieldErrors, Refusal
from incidentio.errors import Invalid
from incidentio.models import Incident, Severity, Status

Level = Severity | Status
LISTS = {"severity": "severities", "status": "statuses"}


@dataclass(frozen=True, slots=True)
class Move:
    """What is asked for; None leaves a thing as it is."""

    severity: Severity | None = None
    status: Status | None = None
    message: str | None = None
    notify: bool = True

    @property
    def levels(self) -> dict[str, Level]:
        both: dict[str, Level | None] = {
            "severity": self.severity,
            "status": self.status,
        }
        return {name: level for name, level in both.items() if level}


class Deleted(FieldErrors):
    """What was chosen is no longer there."""


def ask(ctx: Context, id_: str, incident: Incident, draft: view.Draft) -> Modal:
    """Open the form ``id_`` with what is the case now, and what is drafted."""
    now = view.shown(incident)
    filled = replace(
        draft,
        severity=draft.severity or now["severity"],
        status=draft.status or now["status"],
    )
    catalog = ctx.catalog
    form = view.form(id_, incident, catalog.severities(), catalog.statuses(), filled)
    return Modal(form)


def decided(
    ctx: Context,
    id_: str,
    *,
    severity: str | None = None,
    status: str | None = None,
    message: str | None = None,
    notify: tuple[str, ...] | None = None,
) -> Reply | Modal:
    """Do what the form says; what needs a second look is asked in the form itself.

    Only what was changed in the form is asked for. What it showed and was left alone
    stays as somebody else may have set it meanwhile.
    """
    incident = ctx.directory.incident(ctx.memory["incident"])
    move = Move(
        severity=_chosen(ctx, "severity", severity),
        status=_chosen(ctx, "status", status),
        message=message,
        notify=notify is None or bool(notify),
    )
    _check(id_, incident, move)
    overtaken = _overtaken(ctx, incident, move)
    confirm = _unconfirmed(ctx, move)
    if not overtaken and not confirm:
        return make(ctx, incident, move)
    draft = view.Draft(
        severity=severity,
        status=status,
        message=message,
        notices=[*_meanwhile(incident, overtaken), *_sure(incident, confirm)],
        shown={name: ctx.memory.get(name) for name in LISTS} | overtaken,
        confirmed=confirm or _confirmed(ctx, move),
    )
    return ask(ctx, id_, incident, draft)


def make(ctx: Context, incident: Incident, move: Move) -> Reply:
    """Change what is not so already, and say what came of it.

    Begun before and perhaps done, it is asked for again under the same key.
    """
    due = move if ctx.attempt > 1 else _outstanding(incident, move)
    if not due.levels and not due.message:
        raise Refusal(
            f"{ref(incident)} is {_names(move.levels.values())} already. "
            "Nothing was changed."
        )
    try:
        reached = _apply(ctx, incident, due)
    except Invalid as error:
        if gone := _gone(ctx, error, due):
            raise Deleted(gone) from error
        raise
    ctx.catalog.forget("live_incidents")
    words = _said(ctx, incident, due, reached)
    return announced(ctx, incident, words, notify=due.notify)


def _chosen(ctx: Context, name: str, id_: str | None) -> Level | None:
    """Find what was chosen, if it is another than the form showed."""
    if id_ is None or id_ == ctx.memory.get(name):
        return None
    for _ in range(2):
        levels: Iterable[Level] = getattr(ctx.catalog, LISTS[name])()
        if found := next((level for level in levels if level.id == id_), None):
            return found
        ctx.catalog.forget(LISTS[name])
    raise Deleted({name: f"That {name} was deleted. Choose another."})


def _check(id_: str, incident: Incident, move: Move) -> None:
    """Each form has something that must change."""
    if id_ == view.UPDATE:
        if not move.levels and not move.message:
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
    names = {"severity": incident.severity, "status": incident.incident_status}
    return [
        f"Somebody changed the {name} meanwhile: it is {_names([now])} now. "
        "Save again to replace that."
        for name in overtaken
        if (now := names[name])
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
        f"This moves {ref(incident)} to {_names([status])} and ends it. "
        f"Press *{view.CLOSING[status.category]}* if that is meant."
    )


def _outstanding(incident: Incident, move: Move) -> Move:
    now = view.shown(incident)
    severity, status = move.severity, move.status
    return replace(
        move,
        severity=severity if severity and severity.id != now["severity"] else None,
        status=status if status and status.id != now["status"] else None,
    )


Reached = dict[str, Level | None]


def _apply(ctx: Context, incident: Incident, due: Move) -> Reached:
    """Ask incident.io for it; return where that left the incident."""
    ids = {name: level.id for name, level in due.levels.items()}
    if not due.notify:
        changes = {"severity": "severity_id", "status": "incident_status_id"}
        edited = ctx.api.incidents.edit(
            incident.id,
            notify_incident_channel=False,
            **{changes[name]: id_ for name, id_ in ids.items()},  # type: ignore[arg-type]
        )
        return _levels(edited)
    update = ctx.api.updates.create(
        idempotency_key=ctx.idempotency_key,
        incident_id=incident.id,
        message=due.message,
        to_severity_id=ids.get("severity"),
        to_incident_status_id=ids.get("status"),
    )
    reached: Reached = {
        "severity": update.new_severity,
        "status": update.new_incident_status,
    }
    if _missed(due, reached):
        return _levels(ctx.api.incidents.show(incident.id))
    return reached


def _levels(incident: Incident) -> Reached:
    return {"severity": incident.severity, "status": incident.incident_status}


def _missed(due: Move, reached: Reached) -> list[str]:
    """Name what was asked for and yet is not so."""
    return [
        name
        for name, level in due.levels.items()
        if getattr(reached[name], "id", None) != level.id
    ]


def _said(ctx: Context, incident: Incident, due: Move, reached: Reached) -> str:
    missed = _missed(due, reached)
    before = _levels(incident)
    left = [
        f"The {name} was not applied: incident.io answered, but it is still "
        f"{_names([reached[name]])}."
        for name in missed
    ]
    done = [
        _change(level, before[name])
        for name, level in due.levels.items()
        if name not in missed
    ]
    if done:
        first = f"{ref(incident)} is now {text.listed(done)}, {by(ctx)}."
    elif due.message:
        first = f"An update on {ref(incident)} was shared {by(ctx)}."
    else:
        raise Refusal(f"{ref(incident)} was not changed. {' '.join(left)}")
    return " ".join([first, *left])


def _change(new: Level, old: Level | None) -> str:
    if old and old.id == new.id:
        return _names([new])
    return f"{_names([new])} (was {text.inline(old.name) if old else 'not set'})"


def _names(levels: Iterable[Level | None]) -> str:
    return text.listed([text.bold(v.name) if v else "*not set*" for v in levels])


def _gone(ctx: Context, error: Invalid, due: Move) -> dict[str, str]:
    """Find out whether it was refused because what was chosen has been deleted."""
    blamed = " ".join(problem.field or "" for problem in error.problems)
    errors = {}
    for name, level in due.levels.items():
        if name not in blamed:
            continue
        ctx.catalog.forget(LISTS[name])
        if all(v.id != level.id for v in getattr(ctx.catalog, LISTS[name])()):
            errors[name] = f"That {name} was deleted. Choose another."
    return errors

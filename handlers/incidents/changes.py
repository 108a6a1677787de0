"""Changes severity and status: asks incident.io, checks the answer, says what changed.

If people are to be notified, one idempotent call (``updates.create``) shares the
message and changes severity and status, and incident.io tells the incident's channel.
Otherwise the incident is edited, which tells nobody. ``core.announce`` decides whom the
bot tells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from blocks.kit import text
from handlers.core.announce import announced_by_incidentio, by, ref
from handlers.core.command import Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import FieldErrors, Refusal, unchanged
from incidentio import Incident, Severity, Status
from incidentio.errors import Invalid

Ranked = Severity | Status
Reached = dict[str, Ranked | None]
LISTS = {"severity": "severities", "status": "statuses"}
EDITED = {"severity": "severity_id", "status": "incident_status_id"}


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """A requested change; None leaves a property as it is."""

    severity: Severity | None = None
    status: Status | None = None
    message: str | None = None
    notify: bool = True
    then: str = ""
    """Words to add to the answer once the change is made."""

    @property
    def levels(self) -> dict[str, Ranked]:
        both: dict[str, Ranked | None] = {
            "severity": self.severity,
            "status": self.status,
        }
        return {name: level for name, level in both.items() if level}

    @property
    def fingerprint(self) -> str:
        """A key of the whole change, even if part of it was carried out already."""
        ids = [level.id for level in self.levels.values()]
        words = "\n".join([*ids, self.message or ""])
        return hashlib.sha256(words.encode()).hexdigest()[:8]


class Deleted(FieldErrors):
    """The chosen severity or status was deleted."""


def apply(ctx: Context, incident: Incident, change: IncidentChange) -> Reply:
    """Read the incident under its lock, and carry the change out."""
    with lock_for(incident.id):
        return apply_locked(ctx, ctx.directory.incident(incident.id), change)


def apply_locked(ctx: Context, before: Incident, change: IncidentChange) -> Reply:
    """Make the part of the change that is not made yet; the caller holds the lock.

    If an earlier attempt may have made it, incident.io is asked again under the same
    idempotency key.
    """
    due = change if ctx.in_doubt else _outstanding(before, change)
    if not due.levels and not due.message:
        already = f"{ref(before)} is {names(change.levels.values())} already."
        raise unchanged(already)
    _note(ctx, before, due)
    reached = _request(ctx, before, due, change.fingerprint)
    ctx.catalog.expire("live_incidents")
    words = _describe(ctx, before, due, reached)
    whole = not (_missed(due, reached) or due.then or ctx.in_doubt)
    return announced_by_incidentio(ctx, before, words, notify=due.notify, whole=whole)


def _note(ctx: Context, before: Incident, due: IncidentChange) -> None:
    ctx.notes.on_incident(before)
    for name, level in due.levels.items():
        old = levels_of(before)[name]
        ctx.notes.change(name, old.name if old else None, level.name)
    if due.message:
        ctx.notes.rewrite("message", None, due.message)


def _outstanding(incident: Incident, change: IncidentChange) -> IncidentChange:
    """Return the part of the change that is not made yet."""
    now = {level.id for level in levels_of(incident).values() if level}
    severity, status = change.severity, change.status
    return replace(
        change,
        severity=severity if severity and severity.id not in now else None,
        status=status if status and status.id not in now else None,
    )


def _request(
    ctx: Context, incident: Incident, due: IncidentChange, fingerprint: str
) -> Reached:
    """Ask incident.io for the change; return the levels that the incident has then.

    Raises:
        Deleted: a chosen level does not exist any more.
    """
    try:
        if due.notify:
            return _share(ctx, incident, due, fingerprint)
        return levels_of(_edit(ctx, incident, due))
    except Invalid as error:
        if gone := _gone(ctx, error, due):
            raise Deleted(gone) from error
        raise


def _edit(ctx: Context, incident: Incident, due: IncidentChange) -> Incident:
    return ctx.api.incidents.edit(
        incident.id,
        notify_incident_channel=False,
        **{EDITED[name]: level.id for name, level in due.levels.items()},  # type: ignore[arg-type]
    )


def _share(
    ctx: Context, incident: Incident, due: IncidentChange, fingerprint: str
) -> Reached:
    """Share an update; its idempotency key contains the fingerprint of the change."""
    ids = {name: level.id for name, level in due.levels.items()}
    update = ctx.api.updates.create(
        idempotency_key=f"{ctx.idempotency_key}-{fingerprint}",
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
        return levels_of(ctx.directory.incident(incident.id))
    return reached


def levels_of(incident: Incident) -> Reached:
    """Return the severity and the status that an incident has now."""
    return {"severity": incident.severity, "status": incident.incident_status}


def _missed(due: IncidentChange, reached: Reached) -> list[str]:
    """Name the requested levels that incident.io did not apply."""
    return [
        name
        for name, level in due.levels.items()
        if getattr(reached[name], "id", None) != level.id
    ]


def _describe(
    ctx: Context, incident: Incident, due: IncidentChange, reached: Reached
) -> str:
    missed = _missed(due, reached)
    before = levels_of(incident)
    left = [
        f"The {name} was not applied: incident.io answered, but it is still "
        f"{names([reached[name]])}."
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
        why = " ".join(left)
        raise Refusal(f"{ref(incident)} was not changed. {why}", in_doubt=why)
    return " ".join([first, *left, *filter(None, [due.then])])


def _change(new: Ranked, old: Ranked | None) -> str:
    if old and old.id == new.id:
        return names([new])
    return f"{names([new])} (was {text.inline(old.name) if old else 'not set'})"


def names(levels: Iterable[Ranked | None]) -> str:
    """Return the names of levels in mrkdwn, as part of a sentence."""
    return text.listed([text.bold(v.name) if v else "*not set*" for v in levels])


def _gone(ctx: Context, error: Invalid, due: IncidentChange) -> dict[str, str]:
    """Return messages by field, if the error is about a level that was deleted."""
    blamed = " ".join(problem.field or "" for problem in error.problems)
    errors = {}
    for name, level in due.levels.items():
        if name not in blamed:
            continue
        ctx.catalog.reread(LISTS[name])
        if all(v.id != level.id for v in getattr(ctx.catalog, LISTS[name])()):
            errors[name] = f"That {name} was deleted. Choose another."
    return errors

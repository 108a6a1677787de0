"""``schedule delete``: only after its name was typed, knowing what depends on it."""

from __future__ import annotations

from blocks.kit import text
from blocks.kit.on_call import title
from blocks.schedules import delete as view
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import FieldErrors, Refusal
from handlers.schedules.listing import group
from handlers.schedules.show import read
from incidentio.dependents import schedule_ids
from incidentio.errors import IncidentioError, NotFound
from incidentio.models import Schedule

EFFECT = Effect("The schedule", "deleted")


@group.command("schedule delete", effect=EFFECT)
def delete(ctx: Context, schedule: Schedule) -> Modal:
    """Delete a schedule, in a form that says what depends on it."""
    return Modal(view.form(read(ctx, schedule.id), _paths(ctx, schedule.id)))


@group.submitted(view.DELETE, effect=EFFECT)
def deleted(ctx: Context, *, typed: str | None = None) -> Reply | Modal:
    with lock_for(ctx.memory["schedule"]):
        return _deleted(ctx, (typed or "").strip())


def _deleted(ctx: Context, typed: str) -> Reply | Modal:
    id_ = ctx.memory["schedule"]
    try:
        schedule = ctx.api.schedules.show(id_)
    except NotFound:
        ctx.catalog.forget("schedules")
        if ctx.attempt > 1:
            return Reply(f"{text.bold(typed)} was deleted {by(ctx)}.")
        raise Refusal("That schedule was deleted already.") from None
    if " ".join(typed.split()) != " ".join(schedule.name.split()):
        name = text.plain(schedule.name, 100)
        raise FieldErrors({"typed": f"That is not its name. It is called “{name}”."})
    paths = _paths(ctx, id_)
    if view.remembered(paths) != ctx.memory["paths"]:
        return Modal(view.form(schedule, paths, again=True))
    ctx.notes.on("schedule", schedule.name, schedule.id)
    ctx.notes.change("name", schedule.name, None)
    ctx.api.schedules.delete(id_)
    ctx.catalog.forget("schedules")
    left = f" {view.depending(paths)}" if paths else ""
    return Reply(f"{title(schedule)} was deleted {by(ctx)}.{left}")


def _paths(ctx: Context, schedule_id: str) -> view.Paths:
    """Find the escalation paths that use it, read anew."""
    try:
        found = list(ctx.api.escalation_paths.list())
    except IncidentioError:
        return None
    return [path for path in found if schedule_id in schedule_ids(path.raw)]

"""``schedule json``: the config of a schedule as text, for experts.

Before the text is sent, it is checked that it is JSON and has the shape of a config.
What the API refuses is shown beside the input that it is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blocks.kit import json_text, text
from blocks.kit.fields import Value
from blocks.kit.form import Form, Note
from blocks.kit.on_call import title
from blocks.schedules import as_json as view
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import unchanged
from handlers.core.json_input import refused, typed
from handlers.core.locks import lock_for
from handlers.core.operations import SCHEDULE
from handlers.core.problems import Refusal
from handlers.schedules import saving
from handlers.schedules.listing import group
from handlers.schedules.show import read
from incidentio import Schedule, User
from incidentio.errors import Invalid
from incidentio.merging import schedule_parts as parts
from incidentio.merging import schedules as merging
from incidentio.merging.schedule_config import faults
from incidentio.transport.operation import Json

EFFECT = Effect("The schedule", "changed")
ABOVE_CONFIG = ("schedule", "config")


@group.command("schedule json", effect=EFFECT, also=[SCHEDULE])
def json_(ctx: Context, schedule: Schedule) -> Modal:
    """Edit a schedule's config as JSON, in a form, with a preview."""
    found = read(ctx, schedule.id)
    config = merging.body(found.raw).get("config", {})
    written = json_text.to_text(config)
    boxes = json_text.pieces(written)
    if boxes is None or len(boxes) >= json_text.MOST:
        raise Refusal(_too_long(found, len(written)))
    return Modal(_form(found, [*boxes, ""]))


def _too_long(schedule: Schedule, length: int) -> str:
    where = "incident.io"
    if schedule.permalink:
        where = text.link(schedule.permalink, where)
    return (
        f"The config of {title(schedule)} has {length:,} characters, which is more "
        f"than a form in Slack holds. Edit it in {where}, or with its API."
    )


def _form(
    schedule: Schedule,
    boxes: Sequence[str],
    *,
    seen: str | None = None,
    above: Sequence[Note] = (),
) -> Form:
    body = merging.body(schedule.raw)
    memory = {"schedule": schedule.id, "parts": parts.remembered(body)}
    if seen:
        memory["seen"] = seen
    return view.form(schedule, boxes, _people(schedule), memory=memory, above=above)


def _people(schedule: Schedule) -> list[User]:
    users = {user.id: user for r in schedule.rotations for user in r.users}
    return list(users.values())


@group.submitted(view.JSON, effect=EFFECT, also=[SCHEDULE])
def submitted(ctx: Context, **values: Value) -> Reply | Modal:
    with lock_for(ctx.memory["schedule"]):
        return _edited(ctx, json_text.boxes_of(values))


def _edited(ctx: Context, boxes: list[str]) -> Reply | Modal:
    schedule = read(ctx, ctx.memory["schedule"])
    before = merging.body(schedule.raw)
    body = {**before, "config": _config(boxes, before.get("config"))}
    if body == before:
        return unchanged(ctx, title(schedule))
    try:
        if ctx.memory.get("seen") == _seen(before, body):
            return saving.save(ctx, schedule, body)
        return Modal(_tried(ctx, schedule, body, boxes))
    except Invalid as error:
        raise refused(error, boxes, ABOVE_CONFIG) from error


def _seen(before: Json, body: Json) -> str:
    """Return one fingerprint of the config and of the body that will replace it."""
    return parts.fingerprint([before, body])


def _tried(ctx: Context, schedule: Schedule, body: Json, boxes: Sequence[str]) -> Form:
    conflict = saving.conflict(ctx, schedule, ctx.memory["parts"])
    above = [*conflict, saving.preview(ctx, schedule, body)]
    seen = _seen(merging.body(schedule.raw), body)
    return _form(schedule, boxes, seen=seen, above=above)


def _config(boxes: Sequence[str], before: Any) -> Any:
    """Return the typed config.

    Raises:
        FieldErrors: it is not JSON or has another shape.
    """
    return typed(boxes, lambda config: faults(config, before))

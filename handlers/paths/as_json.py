"""``path json``: the whole of an escalation path as text, for experts.

Before the text is sent, it is checked that it is JSON and has the shape of a path. What
incident.io refuses is shown beside the input that it is in.
"""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import json_text, text
from blocks.kit.fields import Value
from blocks.kit.form import Form
from blocks.kit.people import named
from blocks.paths import as_json as view
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.json_input import refused, typed
from handlers.core.locks import lock_for
from handlers.core.operations import PATH
from handlers.core.problems import Refusal
from handlers.paths.saving import conflict, save
from handlers.paths.show import group, read
from incidentio import EscalationPath
from incidentio.errors import Invalid
from incidentio.merging import escalation_paths as merging
from incidentio.merging.path_shape import faults

EFFECT = Effect("The escalation path", "changed")


@group.command("path json", also=[PATH])
def json_(ctx: Context, path: EscalationPath) -> Modal:
    """Edit an escalation path as JSON, in a form: every step and condition."""
    found = read(ctx, path.id)
    written = json_text.to_text(merging.body(found.raw))
    boxes = json_text.pieces(written)
    if boxes is None or len(boxes) >= json_text.MOST:
        raise Refusal(
            f"The escalation path {text.bold(found.name)} has {len(written):,} "
            "characters, which is more than a form in Slack holds. Edit it in "
            "incident.io, or with its API."
        )
    return Modal(_form(ctx, found, [*boxes, ""]))


def _form(
    ctx: Context, path: EscalationPath, boxes: Sequence[str], above: str | None = None
) -> Form:
    parts = merging.remembered(merging.body(path.raw))
    memory = {"path": path.id, "parts": parts}
    return view.form(path, boxes, _names(ctx, path), memory, above)


def _names(ctx: Context, path: EscalationPath) -> dict[str, str]:
    """Return the names of the people and schedules of a path, by id."""
    written = json_text.to_text(path.raw.get("path"))
    users = {user.id: named(user) for user in ctx.catalog.everybody()}
    known = users | {schedule.id: schedule.name for schedule in ctx.catalog.schedules()}
    return {id_: name for id_, name in known.items() if id_ in written}


@group.submitted(view.JSON, effect=EFFECT, also=[PATH])
def submitted(ctx: Context, **values: Value) -> Reply | Modal:
    with lock_for(ctx.memory["path"]):
        return _edited(ctx, read(ctx, ctx.memory["path"]), json_text.boxes_of(values))


def _edited(ctx: Context, path: EscalationPath, boxes: list[str]) -> Reply | Modal:
    body = typed(boxes, faults)
    if not ctx.in_doubt and body != merging.body(path.raw):
        others = conflict(ctx, path, ctx.memory["parts"])
        if others:
            return Modal(_form(ctx, path, boxes, others))
    try:
        return save(ctx, path, body)
    except Invalid as error:
        raise refused(error, boxes) from error

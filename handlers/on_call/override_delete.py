"""``override delete``: the rotations decide again who is on call."""

from __future__ import annotations

from blocks.kit.people import named
from blocks.on_call import overrides
from blocks.on_call import overrides as overrides_view
from handlers.core.command import Effect, Post, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.problems import Refusal
from handlers.on_call.override_draft import window
from handlers.on_call.overrides import complete, group
from incidentio import Override, Schedule
from incidentio.errors import IncidentioError, NotFound
from incidentio.on_call.layers import RotationLayer, layers_at

EFFECT = Effect("The override", "deleted")
GONE = "That override no longer exists: it was deleted, or replaced by an edit."


@group.command(
    "override delete",
    writes=True,
    effect=EFFECT,
    aliases=["delete override"],
    says=["remove my override", "remove override", "cancel override"],
)
def delete(ctx: Context, override: str) -> Reply:
    """Delete an override, by its id: the rotation applies again."""
    with lock_for(override):
        return _deleted(ctx, override)


def _deleted(ctx: Context, override_id: str) -> Reply:
    try:
        override = ctx.api.overrides.show(override_id)
    except NotFound:
        if ctx.in_doubt:
            return Reply("The override was deleted.")
        raise Refusal(GONE) from None
    schedule = ctx.api.schedules.show(override.schedule_id)
    who = named(override.user) if override.user else "nobody"
    ctx.notes.on("override", f"{schedule.name}, {who}", override.id)
    ctx.notes.change("end_at", override.end_at, None)
    ctx.api.overrides.delete(override.id)
    ctx.catalog.expire("schedules")
    return _announced(ctx, schedule, override)


def _announced(ctx: Context, schedule: Schedule, override: Override) -> Reply:
    """Confirm with the shifts as they are now; tell the people by direct message."""
    where = overrides_view.where(schedule, _layer(ctx, schedule, override))
    after = _after(ctx, schedule, override)
    gone = complete(ctx, override.user) if override.user else None
    back = [complete(ctx, user) for user in after.people] if after else []
    words = overrides.deleted(where, override, gone, ctx.user)
    told = {u.slack_user_id: overrides.to_back(where, override, ctx.user) for u in back}
    if gone:
        told[gone.slack_user_id] = overrides.to_gone(where, override, back, ctx.user)
    posts = [
        Post(
            to,
            said,
            overrides_view.confirmation_blocks(said, schedule),
            schedule=schedule.id,
        )
        for to, said in told.items()
        if to and to != ctx.user
    ]
    over = override.end_at <= ctx.now
    outcome = "" if over else overrides_view.outcome(after.final if after else None)
    concerned = [*back, *([gone] if gone else [])]
    unknown = overrides_view.not_told([u for u in concerned if not u.slack_user_id])
    said = "\n".join(filter(None, [words, outcome, unknown]))
    return Reply(said, overrides_view.confirmation(said, schedule), posts=posts)


def _layer(ctx: Context, schedule: Schedule, override: Override) -> RotationLayer:
    """Return the layer of the override, even if the schedule has it no more."""
    plain = RotationLayer(override.rotation_id, override.layer_id)
    layers = layers_at(schedule, max(override.start_at, ctx.now))
    return next((layer for layer in layers if layer.key == plain.key), plain)


def _after(
    ctx: Context, schedule: Schedule, override: Override
) -> overrides_view.Window | None:
    """Read who is on call for the rest of the override's time, now that it is gone."""
    start, end = max(override.start_at, ctx.now), override.end_at
    if end <= start:
        return None
    try:
        found = ctx.api.schedules.list_entries(schedule.id, start, end)
    except IncidentioError:
        return None
    return window(found, _layer(ctx, schedule, override), start, end)

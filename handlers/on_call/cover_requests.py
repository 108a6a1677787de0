"""Requests for cover, as the commands about them read them."""

from __future__ import annotations

from datetime import datetime

from blocks.on_call import overrides as view
from handlers.core.context import Context
from handlers.core.problems import Refusal
from handlers.core.shifts import SCHEDULE
from incidentio import Schedule
from incidentio.on_call.coverage import Span
from incidentio.on_call.layers import RotationLayer, layers_at
from reminders.on_call import cover
from storage.covers import CoverRequest

GONE = "This request for cover no longer exists."


def to_minute(moment: datetime) -> datetime:
    """Return the beginning of the minute: overrides begin and end with one."""
    return moment.replace(second=0, microsecond=0)


def find(ctx: Context, request_id: str) -> CoverRequest:
    """Return a request. Raises: ``Refusal`` if it was forgotten."""
    request = ctx.services.covers.get(request_id)
    if request is None:
        raise Refusal(GONE)
    return request


def open_hours(ctx: Context, request: CoverRequest) -> list[Span]:
    """Return the hours that nobody has taken, from when the person pressed."""
    return cover.left(request, to_minute(ctx.asked_at))


def named_layer(
    schedule: Schedule, layer: RotationLayer, at: datetime
) -> RotationLayer:
    """Return the layer with its name, which only the schedule knows."""
    layers = layers_at(schedule, at)
    return next((one for one in layers if one.key == layer.key), layer)


def where(ctx: Context, request: CoverRequest) -> str:
    """Return the schedule and the layer of a request, in mrkdwn."""
    schedule = SCHEDULE.read(ctx, request.schedule_id)
    layer = RotationLayer(request.rotation_id, request.layer_id)
    return view.where(schedule, named_layer(schedule, layer, request.start_at))

"""``schedule delete``: shows what depends on a schedule, and asks for its name."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit.fields import Value
from blocks.kit.on_call import title
from blocks.schedules import card
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.deleting import Deletion
from handlers.core.shifts import SCHEDULE
from handlers.schedules.listing import group
from incidentio import Schedule
from incidentio.errors import IncidentioError
from incidentio.escalation_paths import schedule_ids

EFFECT = Effect("The schedule", "deleted")


class ScheduleDeletion(Deletion[Schedule]):
    form_id = card.DELETE
    resource = SCHEDULE
    key = "schedule"

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.paths: card.Paths = ()

    def losses(self, current: Schedule) -> Sequence[str]:
        self.paths = _paths(self.ctx, current.id)
        return [card.lost(current), card.depending(self.paths)]

    def context(self, current: Schedule) -> Sequence[str]:
        return [card.on_call_now(current)]

    def describe(self, current: Schedule) -> str:
        return f"the schedule {title(current)}"

    def warnings(self) -> Sequence[str]:
        return [card.depending(self.paths)] if self.paths else []


@group.command(
    "schedule delete",
    effect=EFFECT,
    aliases=["delete schedule"],
    says=["remove schedule"],
)
def delete(ctx: Context, schedule: Schedule) -> Modal:
    """Delete a schedule, in a form that says what depends on it."""
    return ScheduleDeletion(ctx).open(schedule.id)


@group.submitted(card.DELETE, effect=EFFECT)
def deleted(ctx: Context, **values: Value) -> Reply | Modal:
    return ScheduleDeletion(ctx).submit(values)


def _paths(ctx: Context, schedule_id: str) -> card.Paths:
    """Read the escalation paths that use a schedule; None if they cannot be read."""
    try:
        found = list(ctx.api.escalation_paths.list())
    except IncidentioError:
        return None
    return [path for path in found if schedule_id in schedule_ids(path.raw)]

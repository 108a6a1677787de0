"""``status`` and ``statuses``: how far an incident has come."""

from __future__ import annotations

from functools import partial

from blocks.incidents import change_forms as view
from blocks.incidents import levels as listing
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.operations import UPDATE
from handlers.core.pages import listed
from handlers.incidents import change_forms
from handlers.incidents.changes import IncidentChange
from incidentio import Incident, Status

group = Group("status", "Status of an incident", rank=4)
EFFECT = Effect("The status", "changed")


@group.command(
    "status",
    writes=True,
    effect=EFFECT,
    says=[
        "move incident",
        "change status",
        "set status",
        "move status",
    ],
)
def status(
    ctx: Context, incident: Incident, status: Status | None = None
) -> Reply | Modal:
    """Change the status of an incident: at once with a status, else in a form.

    What ends an incident is shown in a form first, as with `close`.
    """
    if status is None:
        return change_forms.ask(ctx, view.STATUS, incident)
    if status.category in view.CLOSING and status.id != incident.incident_status.id:
        return change_forms.ask(ctx, view.STATUS, incident, status=status)
    change = IncidentChange(status=status)
    return change_forms.change(ctx, incident, change, EFFECT, _ordered(ctx))


group.submitted(view.STATUS, effect=EFFECT, fields={"message": [UPDATE]})(
    partial(change_forms.submitted, id_=view.STATUS)
)


@group.command(
    "statuses",
    effect=Effect("The statuses", "listed", "were"),
    says=["status list"],
)
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the statuses, in the order an incident goes through them."""
    here = ctx.directory.here()
    return listed(
        "Statuses",
        "statuses",
        _ordered(ctx),
        page,
        lambda shown: listing.statuses(shown, here),
    )


def _ordered(ctx: Context) -> list[Status]:
    return view.in_order(ctx.catalog.statuses())


Catalogued("status", _ordered, source="status").register(Status)

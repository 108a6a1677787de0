"""``update`` and ``updates``: what the people who follow an incident are told."""

from __future__ import annotations

from functools import partial
from itertools import islice

from blocks.incidents import change_forms as form
from blocks.incidents import updates as view
from blocks.kit import messages, text
from handlers.core.arguments.resolve import FIRST, Page, Prose
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.operations import LATER, NO_MORE, SEVERITY, STATUS, UPDATE
from handlers.core.pages import paginate
from handlers.incidents import change_forms
from handlers.incidents.changes import IncidentChange, apply
from incidentio import Incident

group = Group("update", "Updates of an incident", rank=5)

ON_A_PAGE = 6
SHARED = Effect("The update", "shared")
MOST = 1000


@group.command(
    "update",
    aliases=["post update", "share update", "send update"],
    says=["incident update", "tell everyone"],
)
def update(ctx: Context, incident: Incident, message: Prose | None = None) -> Modal:
    """Share an update on an incident: opens a form to check the text."""
    return change_forms.ask(ctx, form.UPDATE, incident, message=message)


@group.command("update:", writes=True, effect=SHARED, also=[UPDATE])
def share(ctx: Context, incident: Incident, message: Prose) -> Reply:
    """Share an update at once: `update: We found it`."""
    return apply(ctx, incident, IncidentChange(message=message))


group.submitted(
    form.UPDATE,
    effect=SHARED,
    fields={
        "severity": [SEVERITY],
        "status": [STATUS],
        "next_update": [LATER, NO_MORE],
    },
)(partial(change_forms.submitted, id_=form.UPDATE))


@group.command(
    "updates",
    effect=Effect("The updates", "listed", "were"),
    says=["latest update", "last update", "past updates"],
)
def list_(ctx: Context, incident: Incident, page: Page = FIRST) -> Reply:
    """List the updates of an incident, the newest first."""
    updates = islice(ctx.api.updates.list(incident_id=incident.id), MOST)
    steps = view.steps(updates)
    part = paginate(steps, page, ON_A_PAGE)
    line = f"updates {incident.reference}"
    turner = messages.pager(line, part.number, more=part.more)
    words = f"{incident.reference}: {text.count(len(steps), 'update')}"
    latest = next((s.update.message for s in part.shown if s.update.message), None)
    if latest:
        words = f"{words}. The latest here: {text.plain(latest)}"
    return Reply(
        text.escape(words), [*view.listing(incident, part.shown, ctx.now), *turner]
    )

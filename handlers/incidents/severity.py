"""``severity`` and ``severities``: how bad an incident is."""

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
from incidentio import Incident, Severity

group = Group("severity", "Severity of an incident", rank=3)
EFFECT = Effect("The severity", "changed")


@group.command(
    "severity",
    writes=True,
    effect=EFFECT,
    aliases=["sev"],
    says=[
        "bump incident",
        "downgrade",
        "upgrade",
        "change severity",
        "set severity",
        "raise severity",
        "lower severity",
        "upgrade severity",
        "downgrade severity",
        "upgrade incident",
        "downgrade incident",
    ],
)
def severity(
    ctx: Context, incident: Incident, level: Severity | None = None
) -> Reply | Modal:
    """Change the severity of an incident: at once with a level, else in a form."""
    if level is None:
        return change_forms.ask(ctx, view.SEVERITY, incident)
    change = IncidentChange(severity=level)
    return change_forms.change(ctx, incident, change, EFFECT, _ranked(ctx))


group.submitted(view.SEVERITY, effect=EFFECT, fields={"message": [UPDATE]})(
    partial(change_forms.submitted, id_=view.SEVERITY)
)


@group.command(
    "severities",
    effect=Effect("The severities", "listed", "were"),
    says=["severity levels", "severity list"],
)
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the severities, the least severe first."""
    here = ctx.directory.here()
    return listed(
        "Severities",
        "severities",
        _ranked(ctx),
        page,
        lambda shown: listing.severities(shown, here),
    )


def _ranked(ctx: Context) -> list[Severity]:
    return sorted(ctx.catalog.severities(), key=lambda s: s.rank)


Catalogued("severity", _ranked, source="severity").register(Severity)

"""``severity`` and ``severities``: how bad an incident is."""

from __future__ import annotations

from blocks.incidents import change_forms as view
from blocks.incidents import levels as listing
from blocks.kit import messages, text
from blocks.kit.fields import Choosable
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.pages import ON_A_PAGE, paginate
from handlers.core.problems import Ambiguous
from handlers.incidents import change_forms as transitions
from handlers.incidents import changes as moves
from incidentio import Incident, Severity

group = Group("severity", "Severity of an incident", rank=3)
EFFECT = Effect("The severity", "changed")


@group.command("severity", writes=True, effect=EFFECT)
def severity(
    ctx: Context, incident: Incident, level: Severity | None = None
) -> Reply | Modal:
    """Change the severity of an incident: at once with a level, else in a form."""
    if level is None:
        return transitions.ask(ctx, view.SEVERITY, incident, view.Draft())
    try:
        return moves.make(ctx, incident, moves.Move(severity=level))
    except moves.Deleted as error:
        question = Ambiguous(
            f"{EFFECT.not_done}: “{text.plain(level.name)}” was deleted. "
            "Which severity?",
            [Choosable(s.name, s.id) for s in _ranked(ctx)],
        )
        question.line = f"severity {incident.reference} {text.BLANK}"
        raise question from error


@group.submitted(view.SEVERITY, effect=EFFECT)
def submitted(
    ctx: Context,
    *,
    severity: str | None = None,
    message: str | None = None,
    notify: tuple[str, ...] | None = None,
) -> Reply | Modal:
    return transitions.decided(
        ctx, view.SEVERITY, severity=severity, message=message, notify=notify
    )


@group.command("severities", effect=Effect("The severities", "listed", "were"))
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the severities, the least severe first."""
    part = paginate(_ranked(ctx), page, ON_A_PAGE)
    blocks = listing.severities(part.shown, ctx.directory.here())
    turner = messages.pager("severities", part.number, more=part.more)
    names = ", ".join(level.name for level in part.shown) or "none"
    return Reply(text.escape(f"Severities: {names}"), [*blocks, *turner])


def _ranked(ctx: Context) -> list[Severity]:
    return sorted(ctx.catalog.severities(), key=lambda s: s.rank)


Catalogued("severity", _ranked, source="severity").register(Severity)

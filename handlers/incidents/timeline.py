"""``timeline``: what happened in an incident, and what people add to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from blocks.incidents import timeline as view
from blocks.kit import messages, text
from blocks.kit.boxes import headline
from handlers.core.announce import announcement, by, ref
from handlers.core.arguments.quoted import quotation
from handlers.core.arguments.resolve import FIRST, Message, Page, Prose
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.pages import FURTHEST_READ, paginate
from handlers.core.problems import FieldErrors, Refusal, required
from incidentio import Incident
from incidentio.timeline_items import TimelineItems

group = Group("timeline", "Timeline of an incident", rank=6)

ON_A_PAGE = 10
ADDED = Effect("The entry", "added")
NEEDED = "Say in a few words what happened."


@group.command(
    "timeline [show]",
    effect=Effect("The timeline", "shown"),
    says=["incident timeline", "incident history", "incident log"],
)
def show(ctx: Context, incident: Incident, page: Page = FIRST) -> Reply:
    """Show the timeline of an incident, the newest first."""
    every = TimelineItems(ctx.api).list(incident_id=incident.id)
    found = [*islice(every, FURTHEST_READ)][::-1]
    part = paginate(found, page, ON_A_PAGE)
    line = f"timeline {incident.reference}"
    pager = messages.pager(line, part.number, more=part.more)
    blocks = view.listing(incident, part.shown, now=ctx.now)
    latest = f": {text.inline(found[0].title)}" if found else ""
    words = f"{incident.reference}: {text.count(len(found), 'entry', 'entries')}"
    return Reply(f"{words}{latest}", [*blocks, *pager])


@group.command(
    "timeline add",
    aliases=["add timeline"],
    says=["log", "add to timeline", "note timeline", "log timeline"],
    effect=Effect("The form", "opened"),
)
def add(ctx: Context, incident: Incident, words: Prose | None = None) -> Modal:
    """Add to the timeline of an incident, in a form."""
    title, rest = headline(words or "", view.TITLE)
    return Modal(view.form(incident, title, rest, ctx.now))


@group.shortcut("timeline.from_message", label="Add to timeline", of="timeline add")
def from_message(ctx: Context, message: Message) -> Modal:
    """Add what somebody wrote to the timeline, with its time and its link."""
    incident = ctx.directory.here()
    if incident is None:
        raise Refusal(
            "This is no incident's channel. Use the shortcut in one, or "
            f"`{ctx.slash} timeline add INC-12`."
        )
    words, _, link = quotation(ctx, message).rpartition("\n\n")
    title, rest = headline(words or link, view.TITLE)
    details = "\n\n".join(part for part in (rest, link if words else "") if part)
    return Modal(view.form(incident, title, details, _written_at(ctx, message)))


def _written_at(ctx: Context, message: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(int(float(message.get("ts") or "")), UTC)
    except (ValueError, OverflowError):
        return ctx.now


@group.submitted(view.FORM, effect=ADDED, of="timeline add")
def added(
    ctx: Context,
    *,
    title: str | None = None,
    at: datetime | None = None,
    description: str | None = None,
) -> Reply:
    """Add it once, however often the form arrives."""
    words = required("title", title, NEEDED)
    if at is None:
        raise FieldErrors({"at": "Say when it happened."})
    if at > ctx.now:
        raise FieldErrors({"at": "That is still to come. Choose when it happened."})
    incident = ctx.directory.incident(ctx.memory["incident"])
    ctx.notes.on_incident(incident)
    ctx.notes.rewrite("timeline", None, words)
    TimelineItems(ctx.api).create(
        idempotency_key=ctx.idempotency_key,
        incident_id=incident.id,
        title=words,
        timestamp=at,
        description=description,
    )
    said = (
        f"{ref(incident)}: “{text.inline(words, 150)}” is on the timeline, {by(ctx)}."
    )
    return announcement(ctx, incident, said, notify=False)

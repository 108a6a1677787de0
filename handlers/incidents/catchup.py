"""``catchup``: what happened in an incident since the person last looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from blocks.incidents import catchup as view
from blocks.kit import text
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import FURTHEST_READ
from handlers.core.problems import UsageError
from incidentio import Incident
from incidentio.activity_log import ActivityEntry, ActivityLog
from incidentio.timeline_items import TimelineItem, TimelineItems

group = Group("catchup", "Catching up on an incident", rank=6)

ALL = "all"


@group.command(
    "catchup",
    aliases=["catch up"],
    says=[
        "what happened",
        "happened since",
        "catch me up",
        "did i miss",
        "i missed",
        "whats new",
        "up to speed",
    ],
    effect=Effect("What happened", "shown"),
)
def catch_up(ctx: Context, incident: Incident, which: str | None = None) -> Reply:
    """Show what happened since you last looked; or `all` since it began."""
    if which and which.casefold() != ALL:
        raise UsageError(f"I didn't understand “{text.inline(which, 40)}”.")
    last = ctx.services.last_looks.get(ctx.user, incident.id)
    since = None if which else last
    listed = ActivityLog(ctx.api).list(incident_id=incident.id)
    items = TimelineItems(ctx.api).list(incident_id=incident.id)
    entries = [*islice(listed, FURTHEST_READ)]
    added = [i for i in islice(items, FURTHEST_READ) if not i.activity_log_id]
    new = [e for e in entries if not since or e.created_at > since.seen_until]
    told = view.CatchUp(
        incident,
        new,
        [i for i in added if not since or i.recorded_at > since.seen_until],
        titles=_titles(ctx, incident, new),
        paths=_paths(ctx, new),
        writes=_writes(ctx, incident, new),
        since=since.looked_at if since else None,
    )
    _note_look(ctx, incident, [e.created_at for e in entries], added)
    found = view.groups(told)
    said = view.summary(told, found, ctx.now)
    return Reply(said, view.blocks(told, found, ctx.now))


def _note_look(
    ctx: Context,
    incident: Incident,
    recorded: Sequence[datetime],
    added: Sequence[TimelineItem],
) -> None:
    """Remember that the person knows all that was recorded so far."""
    times = [*recorded, *(item.recorded_at for item in added)]
    until = max(times, default=incident.created_at or ctx.now)
    ctx.services.last_looks.put(ctx.user, incident.id, until, ctx.now)


def _titles(
    ctx: Context, incident: Incident, entries: Iterable[ActivityEntry]
) -> dict[str, str]:
    """Return the titles of the actions and follow-ups that entries are about."""
    types = {entry.type for entry in entries}
    found: dict[str, str] = {}
    if types & {"action_created", "action_updated"}:
        actions = ctx.api.actions.list(incident_id=incident.id)
        found |= {one.id: one.description for one in actions}
    if types & {"follow_up_created", "follow_up_updated"}:
        follow_ups = ctx.api.follow_ups.list(incident_id=incident.id)
        found |= {one.id: one.title for one in follow_ups}
    return found


def _paths(ctx: Context, entries: Iterable[ActivityEntry]) -> dict[str, str]:
    """Return the names of the escalation paths by which people were paged."""
    pages = (entry.content.escalation_created for entry in entries)
    ids = {page.escalation_path_id for page in pages if page}
    named = {id_: ctx.services.cards.path(id_) for id_ in ids if id_}
    return {id_: name for id_, name in named.items() if name}


def _writes(
    ctx: Context, incident: Incident, entries: Sequence[ActivityEntry]
) -> list[view.Write]:
    """Return what people did through the bot since the first of these entries."""
    since = min((entry.occurred_at for entry in entries), default=ctx.now)
    done = ctx.services.audit.of_incident(incident.id, since - view.SKEW)
    return [
        view.Write(one.actor, one.accepted_at, one.finished_at or one.accepted_at)
        for one in done
    ]

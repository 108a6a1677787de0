"""Finds and lists items: actions and follow-ups, both in the same way.

An item of a private incident is visible to those who may see the incident, and to its
owner. To everyone else it does not exist.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypedDict, TypeVar, Unpack

from blocks.kit import incidents as cards
from blocks.kit import items as view
from blocks.kit import messages, tables, text
from handlers.core.command import Reply
from handlers.core.context import Context
from handlers.core.pages import at_page, paginate
from handlers.core.problems import Refusal
from incidentio import Action, FollowUp, Incident
from incidentio.errors import NotFound
from incidentio.lookup import normal
from storage.errors import DatabaseError

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Action | FollowUp)

ON_A_PAGE = 8
STEP = tables.MOST_ROWS // ON_A_PAGE
"""How many pages a table has the items of."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNRANKED = 1_000_000


class Changes(TypedDict, total=False):
    """The properties that commands change."""

    status: str
    assignee_id: str | None


class ItemOperations(Protocol[T]):
    def list(
        self, *, incident_id: str | None = None, incident_mode: str | None = None
    ) -> Iterator[T]: ...
    def show(self, id: str) -> T: ...  # noqa: A002
    def update(self, current: T, **changes: Unpack[Changes]) -> T: ...
    def delete(self, id: str) -> None: ...  # noqa: A002


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """An item and the incident it belongs to."""

    item: T
    incident: Incident


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """One of the two kinds of items: its names, its operations and how it is drawn."""

    kind: view.ItemKind
    resource: Callable[[Context], ItemOperations[T]]
    line: Callable[[T, Incident, datetime | None], view.ItemLine]
    seen: Callable[[Context, list[T]], None] = lambda *_: None
    """Called with every list that was read."""
    target: Callable[[Context, T], str | None] = lambda *_: None
    """When an item should be done, in words."""

    def shared_here(self, ctx: Context, id_: str) -> Placed[T] | None:
        """Return an item that everybody in this channel may read, else None.

        Raises:
            NotFound: it does not exist.
        """
        item = self.resource(ctx).show(id_)
        incident = ctx.directory.shared_here(item.incident_id)
        if incident is None or item.status == view.DELETED:
            return None
        return Placed(item, incident)

    def of(self, ctx: Context, incident: Incident) -> list[T]:
        """Return an incident's items without those that were deleted."""
        found = self.resource(ctx).list(
            incident_id=incident.id, incident_mode=incident.mode
        )
        kept = [item for item in found if item.status != view.DELETED]
        self.seen(ctx, kept)
        return kept

    def find(self, ctx: Context, id_: str) -> Placed[T]:
        """Return an item and its incident.

        Raises:
            Refusal: there is none with this id that the person may see.
        """
        try:
            item = self.resource(ctx).show(id_)
            incident = ctx.api.incidents.show(item.incident_id)
        except NotFound:
            raise self.gone(ctx, id_) from None
        seen = _as_seen(ctx, item, incident)
        if item.status == view.DELETED or seen is None:
            raise self.gone(ctx, id_)
        return Placed(item, seen)

    def owned(self, ctx: Context, placed: Placed[T] | None) -> bool:
        """Return whether the person owns an item; None means the item of the form."""
        item = (placed or self.find(ctx, ctx.memory["id"])).item
        me, owner = ctx.directory.me, item.assignee
        return me is not None and owner is not None and me.id == owner.id

    def gone(self, ctx: Context, id_: str) -> Refusal:
        ctx.services.outstanding.forget(self.kind.stored, id_)
        return Refusal(
            f"There is no {self.kind.name} {text.code(id_)}: it was deleted, or you "
            f"can't see it. `{ctx.slash} {self.kind.plural}` lists those you can "
            "see."
        )

    def drawn(self, ctx: Context, placed: Placed[T]) -> view.ItemLine:
        item = placed.item
        asleep = snoozes(ctx, self.kind, [item.id])
        return self.line(item, placed.incident, asleep.get(item.id))


def _as_seen(ctx: Context, item: T, incident: Incident) -> Incident | None:
    """Return an item's incident as the person may see it; None if they may not.

    The owner of an item may see it even if they may not see its incident.
    """
    me, owner = ctx.directory.me, item.assignee
    if ctx.directory.check_may_see(incident):
        return incident
    if me is None or owner is None or me.id != owner.id:
        return None
    ctx.notes.on_incident(incident)
    return cards.veiled(incident)


def snoozes(
    ctx: Context, kind: view.ItemKind, ids: Iterable[str]
) -> dict[str, datetime]:
    """Return by id until when items are snoozed; {} if the database fails."""
    store = ctx.services.snoozes
    try:
        asleep = {id_ for stored, id_ in store.asleep(ctx.now) if stored == kind.stored}
        found = ((id_, store.get(kind.stored, id_)) for id_ in ids if id_ in asleep)
        return {id_: snooze.until for id_, snooze in found if snooze}
    except DatabaseError as error:
        log.warning("snoozes are not shown: %s", error, extra={"ref": ctx.ref})
        return {}


def listing(ctx: Context, items: Items[T], incident: Incident, page: int) -> Reply:
    """List an incident's items, the outstanding first, a page at a time."""
    kind = items.kind
    found = sorted(items.of(ctx, incident), key=order)
    part = paginate(found, page, ON_A_PAGE)
    start = (part.number - 1) * ON_A_PAGE
    rows = found[start : start + tables.MOST_ROWS]
    asleep = snoozes(ctx, kind, [item.id for item in rows if item.outstanding])
    drawn = [
        replace(
            items.line(item, incident, asleep.get(item.id)),
            target=items.target(ctx, item),
        )
        for item in rows
    ]
    lines = drawn[: len(part.shown)]
    still = sum(item.outstanding for item in found)
    counts = view.Counts(still, len(found) - still)
    line = f"{kind.plural} {incident.reference}"
    heading = (
        f"*{kind.title}s* of {cards.title(incident)}\n{_counted(ctx, kind, counts)}"
    )
    blocks = view.listing(
        heading,
        lines,
        origin=at_page(line, part.number),
        new=f"{kind.noun} new {incident.reference}",
        now=ctx.now,
    )
    turner = messages.pager(line, part.number, more=part.more)
    if len(found) > ON_A_PAGE:
        further = len(found) > start + len(rows)
        next_ = messages.pager(line, part.number, more=further, step=STEP)
        plain = [*blocks[1:], *turner]
        blocks = [blocks[0], *view.table(drawn, kind, plain, next_)]
        turner = []
    said = f"{kind.title}s of {text.inline(incident.reference)}: {counts}"
    return Reply(view.summary(said, lines), [*blocks, *turner])


def _counted(ctx: Context, kind: view.ItemKind, counts: view.Counts) -> str:
    if counts.outstanding or counts.finished:
        return str(counts)
    return f"None yet. `{ctx.slash} {kind.noun} new` adds one."


def order(item: Action | FollowUp) -> tuple[Any, ...]:
    """Return the key that sorts items.

    Outstanding items come first: by owner, then by priority and age. Finished items
    follow, the last finished first: it is the likeliest to be reopened.
    """
    if not item.outstanding:
        ended = item.completed_at or item.updated_at or LONG_AGO
        return (1, -ended.timestamp())
    owner, priority = item.assignee, getattr(item, "priority", None)
    return (
        0,
        owner is None,
        normal(owner.name) if owner else "",
        owner.id if owner else "",
        priority.rank if priority else UNRANKED,
        item.created_at or LONG_AGO,
    )

"""``timeline``: what happened in an incident, and what people add to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from blocks.incidents import timeline as view
from blocks.kit import incidents as cards
from blocks.kit import messages, text
from blocks.kit.boxes import headline
from blocks.kit.edit import Edit, Input
from blocks.kit.fields import Value
from blocks.kit.form import Form
from handlers.core.announce import announcement, by, ref
from handlers.core.arguments.quoted import quotation
from handlers.core.arguments.resolve import FIRST, Message, Page, Prose, Rest
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import FieldEditor
from handlers.core.pages import FURTHEST_READ, paginate
from handlers.core.problems import FieldErrors, Refusal, required
from incidentio import Incident, User
from incidentio.timeline_items import TimelineChanges, TimelineItem, TimelineItems

group = Group("timeline", "Timeline of an incident", rank=6)

ON_A_PAGE = 10
ADDED = Effect("The entry", "added")
NEEDED = "Say in a few words what happened."
TO_COME = "That is still to come. Choose when it happened."
NOUN = "timeline entry"


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
    own = _own(ctx, part.shown)
    blocks = view.listing(incident, part.shown, own, now=ctx.now)
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
    """Add a message to the timeline, with its time and its link."""
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
    _check_past(ctx, at)
    incident = ctx.directory.incident(ctx.memory["incident"])
    ctx.notes.on_incident(incident)
    ctx.notes.rewrite("timeline", None, words)
    item = TimelineItems(ctx.api).create(
        idempotency_key=ctx.idempotency_key,
        incident_id=incident.id,
        title=words,
        timestamp=at,
        description=description,
    )
    ctx.notes.on(NOUN, incident.reference, item.id)
    said = (
        f"{ref(incident)}: “{text.inline(words, 150)}” is on the timeline, {by(ctx)}."
    )
    return announcement(ctx, incident, said, notify=False)


def _check_past(ctx: Context, at: datetime) -> None:
    if at > ctx.now:
        raise FieldErrors({"at": TO_COME})


def _own(ctx: Context, items: Iterable[TimelineItem]) -> set[str]:
    """Return the ids of the items that this person added.

    incident.io knows them where the API key may act for people; of others the audit
    does, for as long as it is kept.
    """
    added = [item for item in items if not item.activity_log_id]
    by_name = {i.id for i in added if i.creator.user and _is_me(ctx, i.creator.user)}
    others = {item.id for item in added if not item.creator.user}
    if not others:
        return by_name
    noted = " ".join(ctx.services.audit.targets(ctx.user, view.FORM))
    return by_name | {id_ for id_ in others if id_ in noted}


def _is_me(ctx: Context, user: User) -> bool:
    me = ctx.directory.me
    return me is not None and me.id == user.id


class TimelineEditor(FieldEditor[TimelineItem]):
    key = "item"

    def __init__(self, ctx: Context, incident: Incident) -> None:
        super().__init__(ctx)
        self.incident = incident

    def found(self, id_: str) -> TimelineItem:
        """Return one of the person's own items as it is now.

        Raises:
            Refusal: it is not there any more, or not theirs.
        """
        every = TimelineItems(self.ctx.api).list(incident_id=self.incident.id)
        item = next((item for item in every if item.id == id_), None)
        if item is None:
            raise Refusal(f"{ref(self.incident)} has no such entry on its timeline.")
        if not _own(self.ctx, [item]):
            where = cards.ref(self.incident)
            raise Refusal(f"You can edit only what you added. See {where}.")
        return item

    def read(self) -> TimelineItem:
        return self.found(self.ctx.memory[self.key])

    def inputs(self, current: TimelineItem) -> Sequence[Input]:
        details = current.description or ""
        return view.inputs(current.title, details, current.timestamp)

    def form(self, current: TimelineItem, inputs: Sequence[Input]) -> Form:
        return view.editing(self.incident, current, inputs)

    def check(self, current: TimelineItem, edit: Edit) -> None:
        super().check(current, edit)
        at = edit.due.get("at")
        if isinstance(at, datetime):
            _check_past(self.ctx, at)

    def write(self, current: TimelineItem, due: Mapping[str, Value]) -> TimelineItem:
        changes = TimelineChanges()
        if "title" in due:
            changes["title"] = str(due["title"]).strip()
        if "description" in due:
            changes["description"] = str(due["description"] or "")
        at = due.get("at")
        if isinstance(at, datetime):
            changes["timestamp"] = at
        return TimelineItems(self.ctx.api).update(current, **changes)

    def describe(self, current: TimelineItem) -> str:
        return f"{ref(self.incident)}: “{text.inline(current.title, 150)}”"

    def record_target(self, current: TimelineItem) -> None:
        self.ctx.notes.on_incident(self.incident)
        self.ctx.notes.on(NOUN, self.incident.reference, current.id)


@group.command("timeline edit", hidden=True, effect=Effect("The form", "opened"))
def edit(ctx: Context, incident: Incident, entry: Rest) -> Modal:
    """Edit an entry that you added, in a form."""
    editor = TimelineEditor(ctx, incident)
    return editor.open(editor.found(entry))


@group.submitted(view.EDIT, effect=Effect("The entry", "changed"))
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    incident = ctx.directory.incident(ctx.memory["incident"])
    return TimelineEditor(ctx, incident).submit(values)

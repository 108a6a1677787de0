"""``followup`` and ``followups``: what is to be done after an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block

from blocks.items import card as item_card
from blocks.items import follow_ups as view
from blocks.items import forms as item_forms
from blocks.kit import items as states
from blocks.kit import text
from blocks.kit.fields import PRIORITIES, Field, Value
from handlers.core import targets as item_targets
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.people import require_account
from handlers.core.arguments.quoted import plain_text, quotation
from handlers.core.arguments.resolve import FIRST, Message, Page, Prose, Raw, resolves
from handlers.core.arguments.tokens import ID
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.operations import assigning, at_first, settling
from handlers.items import decline, verbs
from handlers.items import edit as edits
from handlers.items import snooze as snoozes
from handlers.items.edit import ItemEditor
from handlers.items.listing import Items, Placed, listing
from handlers.items.lookup import choices, resolver
from incidentio import FollowUp, FollowUpPriority, Incident, User

group = Group("followup", "Follow-ups", rank=2)

ITEMS: Items[FollowUp] = Items(
    states.FOLLOW_UP,
    lambda ctx: ctx.api.follow_ups,
    view.line,
    seen=lambda ctx, found: ctx.catalog.learn(found),
    target=item_targets.describe_target,
)
CHANGED = Effect("The follow-up", "changed")
TITLE = 200
SENT_AS = {view.PRIORITY: f"{view.PRIORITY}_id"}

resolves(Placed[FollowUp])(resolver(ITEMS))
group.options(states.FOLLOW_UP.source)(choices(ITEMS).suggest)


def _priorities(ctx: Context) -> Sequence[FollowUpPriority]:
    return sorted(ctx.catalog.priorities(), key=lambda p: p.rank)


group.options(PRIORITIES)(Catalogued("priority", _priorities).suggest)


@group.command(
    "followups",
    effect=Effect("The follow-ups", "listed", "were"),
    says=[
        "outstanding followups",
        "open followups",
        "followup list",
        "overdue followups",
    ],
)
def list_(ctx: Context, incident: Incident, page: Page = FIRST) -> Reply:
    """List the follow-ups of an incident, the outstanding first."""
    return listing(ctx, ITEMS, incident, page)


@group.command("followup [show]", effect=Effect("The follow-up", "shown"))
def show(ctx: Context, follow_up: Placed[FollowUp]) -> Reply:
    """Show everything about a follow-up."""
    line = ITEMS.drawn(ctx, follow_up)
    whole = _with_category(ctx, follow_up)
    facts = [*item_targets.target_facts(ctx, whole), *view.facts(whole, ctx.now)]
    blocks = item_card.card(line, follow_up.incident, facts, whole.description)
    named = verbs.describe(ITEMS, follow_up)
    words = f"{named}: {states.status_label(line.status)}, {line.owner}"
    return Reply(words, blocks)


@group.link("follow-ups", ID)
def linked(ctx: Context, name: str) -> Sequence[Block]:
    """Draw the card of a link to a follow-up."""
    found = ITEMS.shared_here(ctx, name)
    if found is None:
        return ()
    line = view.line(found.item, found.incident)
    return item_card.linked(line, found.incident, ctx.now)


def _with_category(ctx: Context, follow_up: Placed[FollowUp]) -> FollowUp:
    """Read a follow-up from the list: only there it has its category."""
    listed = ITEMS.of(ctx, follow_up.incident)
    item = follow_up.item
    return next((found for found in listed if found.id == item.id), item)


@group.command(
    "followup new",
    aliases=["add followup", "new followup", "create followup"],
    says=["followup create"],
)
def new(
    ctx: Context, incident: Incident | None = None, words: Raw | None = None
) -> Modal:
    """Add a follow-up to an incident, in a form."""
    return _form(ctx, edits.draft_of_words(ctx, incident, words))


@group.shortcut("followup.from_message", label="Make a follow-up", of="followup new")
def from_message(ctx: Context, message: Message) -> Modal:
    """Turn a message into a follow-up."""
    first = plain_text(ctx, message).partition("\n")[0]
    title = text.clip(first, TITLE) or None
    here = ctx.directory.here()
    return _form(ctx, edits.draft(ctx, here, title, quotation(ctx, message)))


def _form(ctx: Context, draft: item_forms.NewItem) -> Modal:
    fields = view.fields(ctx.catalog.priorities(), draft.words, draft.description)
    return Modal(item_forms.new(states.FOLLOW_UP, draft, fields))


@group.submitted(
    "followup.new",
    effect=Effect("The follow-up", "added"),
    fields={"assignee": [at_first(assigning("followup"))]},
)
def added(
    ctx: Context,
    *,
    title: str | None = None,
    description: str | None = None,
    assignee: str | None = None,
    follow_up_priority_option: str | None = None,
    labels: str | None = None,
    incident: str | None = None,
) -> Reply:
    """Add it once, however often the form arrives."""
    named = edits.required("title", title)
    of = edits.incident_of(ctx, incident)
    owner = require_account(ctx, assignee) if assignee else None

    def create() -> FollowUp:
        return ctx.api.follow_ups.create(
            incident_id=of.id,
            title=named,
            description=description,
            assignee_id=owner.id if owner else None,
            follow_up_priority_option_id=follow_up_priority_option,
            labels=view.labels_in(labels) or None,
        )

    chosen = follow_up_priority_option
    known = (p.name for p in ctx.catalog.priorities() if p.id == chosen)
    besides = {
        "owner": owner.name if owner else None,
        "priority": next(known, chosen),
        "labels": labels,
    }
    if description:
        ctx.notes.rewrite("description", None, description)
    return edits.add(ctx, ITEMS, of, named, create, besides=besides)


@group.command(
    "followup done",
    writes=True,
    effect=CHANGED,
    own=ITEMS.owned,
    aliases=["complete followup", "finish followup"],
    says=["mark followup done", "close followup", "resolve followup"],
)
def done(ctx: Context, follow_up: Placed[FollowUp]) -> Reply:
    """Mark a follow-up as done."""
    return verbs.set_status(ctx, ITEMS, follow_up, states.DONE)


@group.command(
    "followup drop",
    writes=True,
    effect=CHANGED,
    own=ITEMS.owned,
    says=["drop followup", "cancel followup"],
)
def drop(
    ctx: Context, follow_up: Placed[FollowUp], reason: Prose | None = None
) -> Reply | Modal:
    """Mark a follow-up as not doing, and say why."""
    return decline.drop(ctx, ITEMS, follow_up, reason)


@group.submitted("followup.drop", effect=CHANGED, own=ITEMS.owned)
def dropped(ctx: Context, *, reason: str | None = None) -> Reply:
    return decline.decline_submitted(ctx, ITEMS, reason)


@group.command(
    "followup reopen",
    writes=True,
    effect=CHANGED,
    own=ITEMS.owned,
    aliases=["reopen followup"],
)
def reopen(ctx: Context, follow_up: Placed[FollowUp]) -> Reply:
    """Mark a follow-up as outstanding again."""
    return decline.reopen(ctx, ITEMS, follow_up)


@group.command(
    "followup assign",
    writes=True,
    effect=Effect("The follow-up", "assigned"),
    own=ITEMS.owned,
    aliases=["assign followup"],
    says=["give followup to", "assign", "give followup", "reassign followup"],
)
def assign(
    ctx: Context, follow_up: Placed[FollowUp], person: User | None = None
) -> Reply | Modal:
    """Assign a follow-up: at once with a name, else in a form."""
    return verbs.assign(ctx, ITEMS, follow_up, person)


@group.submitted(
    "followup.assign", effect=Effect("The follow-up", "assigned"), own=ITEMS.owned
)
def assigned(ctx: Context, *, assignee: str | None = None) -> Reply:
    return verbs.assign_submitted(ctx, ITEMS, assignee)


@group.command(
    "followup unassign",
    writes=True,
    hidden=True,
    effect=CHANGED,
    also=[assigning("followup")],
    own=ITEMS.owned,
)
def unassign(ctx: Context, follow_up: Placed[FollowUp]) -> Reply:
    """Remove the owner of a follow-up."""
    return verbs.assign_to(ctx, ITEMS, follow_up, None)


@group.command(
    "followup snooze",
    writes=True,
    effect=Effect("The follow-up", "snoozed"),
    own=ITEMS.owned,
    aliases=["snooze followup"],
    says=["postpone followup", "later followup", "snooze"],
)
def snooze(
    ctx: Context, follow_up: Placed[FollowUp], until: str | None = None
) -> Reply | Modal:
    """Snooze a follow-up: no reminders for `1d`, `3d`, `1w` or until a date."""
    return snoozes.snooze(ctx, ITEMS, follow_up, until)


@group.submitted(
    "followup.snooze", effect=Effect("The follow-up", "snoozed"), own=ITEMS.owned
)
def snoozed(ctx: Context, *, until: date) -> Reply:
    return snoozes.snooze_submitted(ctx, ITEMS, until)


class FollowUpEditor(ItemEditor[FollowUp]):
    items = ITEMS

    def fields(self, item: FollowUp) -> Sequence[Field]:
        return view.editable(item, self.ctx.catalog.priorities())

    def update(self, item: FollowUp, due: Mapping[str, Value]) -> FollowUp:
        sent: dict[str, Any] = {
            SENT_AS.get(name, name): value or "" for name, value in due.items()
        }
        if "labels" in due:
            sent["labels"] = view.labels_in(str(due["labels"] or ""))
        return self.ctx.api.follow_ups.update(item, **sent)


@group.command("followup edit", aliases=["edit followup"], says=["change followup"])
def edit(ctx: Context, follow_up: Placed[FollowUp]) -> Modal:
    """Change a follow-up, in a form."""
    return FollowUpEditor(ctx).open(follow_up)


@group.submitted(
    "followup.edit", effect=CHANGED, fields={"status": settling("followup")}
)
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    """Change what was changed in the form, and nothing else."""
    return FollowUpEditor(ctx).submit(values)


@group.command(
    "followup delete",
    writes=True,
    effect=Effect("The follow-up", "deleted"),
    aliases=["delete followup"],
    says=["remove followup"],
)
def delete(ctx: Context, follow_up: Placed[FollowUp]) -> Reply:
    """Delete a follow-up for good."""
    return verbs.delete(ctx, ITEMS, follow_up)

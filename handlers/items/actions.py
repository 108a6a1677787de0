"""``action`` and ``actions``: what is being done during an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from blocks.items import actions as view
from blocks.items import card as item_card
from blocks.items import forms as item_forms
from blocks.kit import items as states
from blocks.kit.fields import Field, Value
from handlers.core.arguments.people import require_account
from handlers.core.arguments.quoted import quotation
from handlers.core.arguments.resolve import FIRST, Message, Page, Raw, resolves
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.operations import assigning, at_first, settling
from handlers.items import edit as edits
from handlers.items import snooze as snoozes
from handlers.items import verbs
from handlers.items.edit import ItemEditor
from handlers.items.listing import Items, Placed, listing
from handlers.items.lookup import choices, resolver
from incidentio import Action, Incident, User

group = Group("action", "Actions", rank=1)

ITEMS: Items[Action] = Items(states.ACTION, lambda ctx: ctx.api.actions, view.line)
CHANGED = Effect("The action", "changed")
SENT_AS = {"title": "description", "status": "status"}

resolves(Placed[Action])(resolver(ITEMS))
group.options(states.ACTION.source)(choices(ITEMS).suggest)


@group.command(
    "actions",
    effect=Effect("The actions", "listed", "were"),
    says=["open actions", "action items", "tasks", "action list"],
)
def list_(ctx: Context, incident: Incident, page: Page = FIRST) -> Reply:
    """List the actions of an incident, the outstanding first."""
    return listing(ctx, ITEMS, incident, page)


@group.command("action [show]", effect=Effect("The action", "shown"))
def show(ctx: Context, action: Placed[Action]) -> Reply:
    """Show everything about an action."""
    line = ITEMS.drawn(ctx, action)
    facts = view.facts(action.item, ctx.now)
    blocks = item_card.card(line, action.incident, facts)
    status = states.status_label(line.status)
    words = f"{verbs.describe(ITEMS, action)}: {status}, {line.owner}"
    return Reply(words, blocks)


@group.command(
    "action new",
    aliases=["add action", "new action", "create action"],
    says=["add task", "new task", "create task", "action item new", "action create"],
)
def new(
    ctx: Context, incident: Incident | None = None, words: Raw | None = None
) -> Modal:
    """Add an action to an incident, in a form."""
    return _form(edits.draft_of_words(ctx, incident, words))


@group.shortcut("action.from_message", label="Make an action", of="action new")
def from_message(ctx: Context, message: Message) -> Modal:
    """Turn a message into an action."""
    return _form(edits.draft(ctx, ctx.directory.here(), quotation(ctx, message)))


def _form(draft: item_forms.NewItem) -> Modal:
    return Modal(item_forms.new(states.ACTION, draft, view.fields(draft.words)))


@group.submitted(
    "action.new",
    effect=Effect("The action", "added"),
    fields={"assignee": [at_first(assigning("action"))]},
)
def added(
    ctx: Context,
    *,
    title: str | None = None,
    assignee: str | None = None,
    incident: str | None = None,
) -> Reply:
    """Add it once, however often the form arrives."""
    description = edits.required("title", title)
    of = edits.incident_of(ctx, incident)
    owner = require_account(ctx, assignee) if assignee else None

    def create() -> Action:
        return ctx.api.actions.create(
            incident_id=of.id,
            description=description,
            assignee_id=owner.id if owner else None,
        )

    besides = {"owner": owner.name if owner else None}
    return edits.add(ctx, ITEMS, of, description, create, besides=besides)


@group.command(
    "action done",
    writes=True,
    effect=CHANGED,
    own=ITEMS.owned,
    aliases=["complete action", "finish action"],
    says=[
        "mark action done",
        "close action",
        "task done",
        "done action",
        "finish task",
        "resolve action",
    ],
)
def done(ctx: Context, action: Placed[Action]) -> Reply:
    """Mark an action as done."""
    return verbs.set_status(ctx, ITEMS, action, states.DONE)


@group.command(
    "action drop",
    writes=True,
    effect=CHANGED,
    own=ITEMS.owned,
    says=["drop action", "cancel action", "action not needed"],
)
def drop(ctx: Context, action: Placed[Action]) -> Reply:
    """Mark an action as not doing."""
    return verbs.set_status(ctx, ITEMS, action, states.NOT_DOING)


@group.command(
    "action reopen",
    writes=True,
    effect=CHANGED,
    own=ITEMS.owned,
    aliases=["reopen action"],
)
def reopen(ctx: Context, action: Placed[Action]) -> Reply:
    """Mark an action as outstanding again."""
    return verbs.set_status(ctx, ITEMS, action, states.OUTSTANDING)


@group.command(
    "action assign",
    writes=True,
    effect=Effect("The action", "assigned"),
    own=ITEMS.owned,
    aliases=["assign action"],
    says=["assign", "assign task", "hand action", "give action", "reassign action"],
)
def assign(
    ctx: Context, action: Placed[Action], person: User | None = None
) -> Reply | Modal:
    """Assign an action: at once with a name, else in a form."""
    return verbs.assign(ctx, ITEMS, action, person)


@group.submitted(
    "action.assign", effect=Effect("The action", "assigned"), own=ITEMS.owned
)
def assigned(ctx: Context, *, assignee: str | None = None) -> Reply:
    return verbs.assign_submitted(ctx, ITEMS, assignee)


@group.command(
    "action unassign",
    writes=True,
    hidden=True,
    effect=CHANGED,
    also=[assigning("action")],
    own=ITEMS.owned,
)
def unassign(ctx: Context, action: Placed[Action]) -> Reply:
    """Remove the owner of an action."""
    return verbs.assign_to(ctx, ITEMS, action, None)


@group.command(
    "action snooze",
    writes=True,
    effect=Effect("The action", "snoozed"),
    own=ITEMS.owned,
    aliases=["snooze action"],
    says=["postpone action", "snooze"],
)
def snooze(
    ctx: Context, action: Placed[Action], until: str | None = None
) -> Reply | Modal:
    """Snooze an action: no reminders for `1d`, `3d`, `1w` or until a date."""
    return snoozes.snooze(ctx, ITEMS, action, until)


@group.submitted(
    "action.snooze", effect=Effect("The action", "snoozed"), own=ITEMS.owned
)
def snoozed(ctx: Context, *, until: date) -> Reply:
    return snoozes.snooze_submitted(ctx, ITEMS, until)


class ActionEditor(ItemEditor[Action]):
    items = ITEMS

    def fields(self, item: Action) -> Sequence[Field]:
        return view.editable(item)

    def update(self, item: Action, due: Mapping[str, Value]) -> Action:
        sent = {SENT_AS[name]: str(value) for name, value in due.items()}
        return self.ctx.api.actions.update(item, **sent)


@group.command("action edit", aliases=["edit action"], says=["change action"])
def edit(ctx: Context, action: Placed[Action]) -> Modal:
    """Change an action, in a form."""
    return ActionEditor(ctx).open(action)


@group.submitted("action.edit", effect=CHANGED, fields={"status": settling("action")})
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    """Change what was changed in the form, and nothing else."""
    return ActionEditor(ctx).submit(values)


@group.command(
    "action delete",
    writes=True,
    effect=Effect("The action", "deleted"),
    aliases=["delete action"],
    says=["remove action"],
)
def delete(ctx: Context, action: Placed[Action]) -> Reply:
    """Delete an action for good."""
    return verbs.delete(ctx, ITEMS, action)

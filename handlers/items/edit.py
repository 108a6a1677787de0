"""Adding an action or a follow-up, and changing one in a form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from blocks.incidents.properties import settled
from blocks.items import forms
from blocks.kit import items as view
from blocks.kit import messages, text
from blocks.kit.fields import Choice, Field, Value
from blocks.kit.form import Form
from handlers.core import problems
from handlers.core.announce import by, ref
from handlers.core.arguments import incidents as incident_words
from handlers.core.command import Modal, Post, Reply
from handlers.core.context import Context
from handlers.core.locks import turn
from handlers.core.problems import FieldErrors, Refusal
from handlers.items.listing import Items, Placed, T
from handlers.items.verbs import noted, the, told
from incidentio.errors import NotFound
from incidentio.lookup import reference
from incidentio.models import Incident

JUST_NOW = timedelta(minutes=30)
SHOWN = 120

Editable = Callable[[T], Sequence[Field]]
Write = Callable[[T, Mapping[str, Value]], T]


def draft(
    ctx: Context,
    incident: Incident | None,
    words: str | None,
    description: str | None = None,
) -> forms.Draft:
    """Prepare the form of a new item; without an incident it asks for one."""
    live = [] if incident else ctx.directory.live()
    if not incident and not live:
        raise Refusal("No incident is in progress. Name one, for example `INC-12`.")
    return forms.Draft(
        incident=incident.id if incident else None,
        about=ref(incident) if incident else None,
        incidents=incident_words.options(live),
        words=words,
        description=description,
    )


def incident_of(ctx: Context, chosen: str | None) -> Incident:
    """Find the incident of a new item: the form's, or the one chosen in it."""
    number = reference(chosen) if chosen else None
    try:
        return ctx.directory.incident(number or chosen or ctx.memory["incident"])
    except NotFound:
        if chosen is None:
            raise Refusal("That incident is not there any more.") from None
        message = "That incident is not there any more. Choose another."
        raise FieldErrors({"incident": message}) from None


def add(
    ctx: Context,
    items: Items[T],
    incident: Incident,
    title: str,
    create: Callable[[], T],
    *,
    besides: Mapping[str, str | None],
) -> Reply:
    """Create an item once, however often its creation was begun; announce it.

    ``besides`` the title it has values that the audit is told, by their names.
    """
    ctx.notes.on(items.kind.name, f"{title} of {incident.reference}")
    for name, value in {"title": title, **besides}.items():
        if value:
            ctx.notes.change(name, None, value)
    item = (_made_before(ctx, items, incident, title) if ctx.attempt > 1 else None) or (
        create()
    )
    noted(ctx, items, Placed(item, incident))
    line = replace(items.line(item, incident, None), since=None)
    facts = [f"owned by {line.owner or 'nobody'}"]
    if line.priority:
        facts.append(f"{text.inline(line.priority, 60)} priority")
    named = the(items, Placed(item, incident))
    words = f"{named} was added {by(ctx)}, {', '.join(facts)}."
    blocks = view.drawn(line, ctx.now, f"{items.kind.noun} show {item.id}#1")
    return _announced(ctx, incident, words, [messages.section(words), *blocks[1:]])


def _made_before(
    ctx: Context, items: Items[T], incident: Incident, title: str
) -> T | None:
    """Look for what an attempt that died may have made: there is no key for it."""
    recent = ctx.now - JUST_NOW
    for item in items.of(ctx, incident):
        same = items.line(item, incident, None).title.strip() == title.strip()
        if same and item.created_at and item.created_at >= recent:
            return item
    return None


def _announced(
    ctx: Context, incident: Incident, words: str, blocks: Sequence[Any]
) -> Reply:
    channel = incident.slack_channel_id
    if not channel:
        return Reply(words, blocks)
    if ctx.channel == channel:
        return Reply(words, blocks, public=True)
    return Reply(words, posts=[Post(channel, words, blocks)])


def form(items: Items[T], placed: Placed[T], editable: Editable[T]) -> Form:
    return forms.edit(items.kind, placed.item.id, editable(placed.item))


def edited(
    ctx: Context,
    items: Items[T],
    values: Mapping[str, Value],
    editable: Editable[T],
    write: Write[T],
) -> Reply | Modal:
    """Change what was changed in the form; ask again where others were first."""
    with turn(ctx.memory["id"]):
        return _edited(ctx, items, values, editable, write)


def _edited(
    ctx: Context,
    items: Items[T],
    values: Mapping[str, Value],
    editable: Editable[T],
    write: Write[T],
) -> Reply | Modal:
    placed = items.find(ctx, ctx.memory["id"])
    fields = editable(placed.item)
    before = ctx.memory["shown"]
    changes = _open(fields, forms.touched(fields, before, values))
    _check(fields, changes)
    if not changes:
        said = "is as the form says" if ctx.attempt > 1 else "was not changed"
        return Reply(f"{the(items, placed)} {said}.")
    now = forms.shown(fields)
    moved = {name for name in now if now[name] != before.get(name)}
    if ctx.attempt == 1 and moved & changes.keys():
        return Modal(_again(items, placed, fields, changes, moved))
    noted(ctx, items, placed)
    for field in fields:
        if field.name in changes:
            old = forms.value_of(field)
            ctx.notes.change(field.label.lower(), old, changes[field.name])
    try:
        after = write(placed.item, changes)
    except NotFound:
        raise items.gone(ctx, placed.item.id) from None
    words = "; ".join(_differences(fields, editable(after), changes))
    said = f"{the(items, placed)} was edited {by(ctx)}: {words}."
    return told(ctx, items.kind, placed.incident, said)


def _check(fields: Sequence[Field], changes: Mapping[str, Value]) -> None:
    needed = [field for field in fields if not field.optional]
    empty = [f.name for f in needed if f.name in changes and not changes[f.name]]
    if empty:
        raise FieldErrors(dict.fromkeys(empty, "This cannot be empty."))


def _open(fields: Sequence[Field], touched: Mapping[str, Value]) -> dict[str, Value]:
    """Leave out what is as wanted already."""
    return {
        field.name: touched[field.name]
        for field in fields
        if field.name in touched
        and settled(field, touched[field.name]) != settled(field, forms.value_of(field))
    }


def _again(
    items: Items[T],
    placed: Placed[T],
    fields: Sequence[Field],
    changes: Mapping[str, Value],
    moved: Collection[str],
) -> Form:
    """Draw the form with what was typed, and with what others changed meanwhile."""
    both = [f for f in fields if f.name in moved and f.name in changes]
    now = text.listed([f"{f.label.lower()} is now {_value(f)}" for f in both])
    notice = f"Somebody changed this meanwhile: {now}. Save again to replace it."
    id_, shown = placed.item.id, forms.shown(fields)
    drawn = [_redrawn(field, changes, moved, shown) for field in fields]
    return replace(
        forms.edit(items.kind, id_, drawn, notice), memory={"id": id_, "shown": shown}
    )


def _redrawn(
    field: Field,
    changes: Mapping[str, Value],
    moved: Collection[str],
    shown: Mapping[str, str],
) -> Field:
    if field.name in changes:
        return forms.filled(field, changes[field.name])
    return replace(field, fresh=shown[field.name]) if field.name in moved else field


def _differences(
    before: Sequence[Field], after: Sequence[Field], changes: Mapping[str, Value]
) -> list[str]:
    """Say each change as it came out: ``status “Outstanding” → “Done”``."""
    came = {field.name: field for field in after}
    said = []
    for old in before:
        new = came.get(old.name)
        if new is None or old.name not in changes:
            continue
        if settled(new, forms.value_of(new)) == settled(old, forms.value_of(old)):
            said.append(f"{old.label.lower()} was not applied by incident.io")
        else:
            said.append(f"{old.label.lower()} {_value(old)} → {_value(new)}")
    return said


def _value(field: Field) -> str:
    """Show what a field holds, in mrkdwn."""
    value = forms.value_of(field)
    if isinstance(field, Choice):
        value = next((o.label for o in field.options if o.value == value), value)
    return f"“{text.inline(str(value), SHOWN)}”" if value else "empty"


def required(name: str, words: str | None) -> str:
    """Refuse a text that is only spaces."""
    return problems.required(name, words, "Write what is to be done.")

"""``field create`` and ``field edit``.

A change replaces the field in incident.io: all that the form does not show goes back
as it was read, and what somebody else changed meanwhile is shown before it is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from blocks.incidents.properties import digest
from blocks.kit import text
from blocks.organisation import custom_field_forms as forms
from blocks.organisation.custom_fields import SELECTS
from handlers.core.announce import by
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import turn
from handlers.core.problems import FieldErrors, Refusal, required
from handlers.organisation.custom_fields import group, read
from incidentio.models import CustomField

FAILS = "The custom field was not changed"
JUST_NOW = timedelta(minutes=30)
STEP = 10
"""Between sort keys, so that another option fits in between."""


@group.command("field create", fails="The form was not opened")
def create(_: Context) -> Modal:
    """Create a custom field, in a form."""
    return Modal(forms.create())


@group.submitted(forms.CREATE, fails="The custom field was not created")
def created(
    ctx: Context,
    *,
    name: str | None = None,
    field_type: str,
    description: str | None = None,
    options: str | None = None,
) -> Reply:
    """Create it once, then each of its options that is not there yet."""
    named = required("name", name, "Say what the field is called.")
    values = lines(options)
    if values and field_type not in SELECTS:
        raise FieldErrors({"options": "Only selects take options. Leave this empty."})
    ctx.notes.on("custom field", named)
    ctx.notes.change("name", None, named)
    field = _made_before(ctx, named) or ctx.api.custom_fields.create(
        name=named, description=description or "", field_type=field_type
    )
    ctx.notes.on("custom field", field.name, field.id)
    ctx.catalog.forget("custom_fields")
    added = add_missing(ctx, field, values)
    ctx.catalog.forget("custom_fields")
    more = f", with {text.count(len(added), 'option')}" if added else ""
    said = f"The custom field {text.bold(field.name)} was created{more}, {by(ctx)}."
    return Reply(said)


def lines(words: str | None) -> list[str]:
    """Read options one a line; too many at once are refused."""
    found = list(dict.fromkeys(filter(None, map(str.strip, (words or "").split("\n")))))
    if len(found) > forms.AT_ONCE:
        raise FieldErrors(
            {"options": f"At most {forms.AT_ONCE} at once; add the rest afterwards."}
        )
    return found


def _made_before(ctx: Context, name: str) -> CustomField | None:
    """Look for what an attempt that died may have made: there is no key for it."""
    if ctx.attempt == 1:
        return None
    recent = ctx.now - JUST_NOW
    for field in ctx.api.custom_fields.list():
        if field.name == name and field.created_at and field.created_at >= recent:
            return field
    return None


def add_missing(ctx: Context, field: CustomField, values: list[str]) -> list[str]:
    """Add the options that are not there yet, after the others; say which."""
    if not values:
        return []
    there = list(ctx.api.custom_field_options.list(field.id))
    known = {option.value.casefold() for option in there}
    last = max((option.sort_key for option in there), default=0)
    added = [value for value in values if value.casefold() not in known]
    if added:
        ctx.notes.change("options", None, ", ".join(added))
    for place, value in enumerate(added, 1):
        ctx.api.custom_field_options.create(
            custom_field_id=field.id, value=value, sort_key=last + place * STEP
        )
    return added


@group.command("field edit", fails="The form was not opened")
def edit(ctx: Context, field: CustomField) -> Modal:
    """Edit a custom field in a form: its name and description."""
    return Modal(forms.edit(read(ctx, field.id)))


@group.submitted(forms.EDIT, fails=FAILS)
def edited(
    ctx: Context, *, name: str | None = None, description: str | None = None
) -> Reply | Modal:
    typed = {
        "name": required("name", name, "A field needs a name."),
        "description": description or "",
    }
    typed = {n: words for n, words in typed.items() if n in ctx.memory["was"]}
    with turn(ctx.memory["field"]):
        return _edited(ctx, read(ctx, ctx.memory["field"]), typed)


def _edited(
    ctx: Context, field: CustomField, typed: Mapping[str, str]
) -> Reply | Modal:
    now, was = forms.shown(field), ctx.memory["was"]
    changed = {n: v for n, v in typed.items() if digest(v) != was[n]}
    due = {n: v for n, v in changed.items() if v != now.get(n)}
    overtaken = [n for n in due if n in now and digest(now[n]) != was[n]]
    if overtaken:
        again = forms.edit(field, was=was, typed=changed, overtaken=overtaken)
        return Modal(again)
    ctx.notes.on("custom field", field.name, field.id)
    if not due:
        done = "is as the form says" if changed else "was left as it is"
        return Reply(f"The custom field {text.bold(field.name)} {done}.")
    for name, value in due.items():
        ctx.notes.change(name, getattr(field, name), value)
    after = ctx.api.custom_fields.update(field, **due)
    ctx.catalog.forget("custom_fields")
    return Reply(_said(ctx, field, after, due))


def _said(
    ctx: Context, before: CustomField, after: CustomField, due: Mapping[str, str]
) -> str:
    """Say old → new as it came out, and plainly what was not applied."""
    done, left = [], []
    for name in due:
        was, now = getattr(before, name), getattr(after, name)
        label, old, new = forms.LABELS[name], _words(was), _words(now)
        if now == was:
            left.append(f"• {label} was not applied: it is still {old}.")
        else:
            done.append(f"• {label}: {old} → {new}")
    head = f"The custom field {text.bold(after.name)}"
    if not done:
        raise Refusal("\n".join([f"{head} was not changed.", *left]))
    return "\n".join([f"{head} was edited {by(ctx)}.", *done, *left])


def _words(value: str) -> str:
    return f"“{text.inline(value, 200)}”" if value else "empty"

"""``role create``, ``role edit`` and ``role delete``.

A role is replaced whole: what the form does not show, or nobody touched, is sent back
as incident.io has it at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from blocks.incidents.properties import settled
from blocks.items.forms import shown, touched
from blocks.kit import text
from blocks.kit.fields import Value
from blocks.organisation import role_forms as forms
from blocks.organisation import roles as view
from handlers.core.announce import by
from handlers.core.command import Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import turn
from handlers.core.problems import FieldErrors, Refusal
from handlers.organisation.roles import fresh, group, usage
from incidentio.errors import NotFound
from incidentio.models import Role

JUST_NOW = timedelta(minutes=30)
EMPTY = "This cannot be empty."
OUTGROWN = "Somebody made this too long for the form. Change it in incident.io."
Changes = dict[str, str]


@group.command("role create", fails="The form was not opened")
def create(ctx: Context) -> Modal:  # noqa: ARG001
    """Create an incident role, in a form."""
    return Modal(forms.new())


@group.submitted(forms.NEW, fails="The role was not created")
def created(ctx: Context, **values: Value) -> Reply:
    """Create it once, however often the form arrives."""
    wanted = {field.name: _words(values, field.name) for field in forms.fields(None)}
    _check(wanted)
    ctx.notes.on("role", wanted["name"])
    for name, value in wanted.items():
        ctx.notes.change(name, None, value)
    role = (_made_before(ctx, wanted["name"]) if ctx.attempt > 1 else None) or (
        ctx.api.roles.create(**wanted)
    )
    ctx.catalog.forget("roles")
    words = f"{text.bold(role.name)} was created as an incident role, {by(ctx)}."
    return Reply(words, view.announced(words, role))


def _words(values: Mapping[str, Value], name: str) -> str:
    return str(values.get(name) or "").strip()


def _check(wanted: Mapping[str, str]) -> None:
    empty = [name for name in forms.NEEDED if wanted.get(name) == ""]
    if empty:
        raise FieldErrors(dict.fromkeys(empty, EMPTY))


def _made_before(ctx: Context, name: str) -> Role | None:
    """Look for what an attempt that died may have made: there is no key for it."""
    recent = ctx.now - JUST_NOW
    for role in ctx.api.roles.list():
        if role.name == name and role.created_at and role.created_at >= recent:
            return role
    return None


@group.command("role edit", fails="The form was not opened")
def edit(ctx: Context, role: Role) -> Modal:
    """Change an incident role, in a form."""
    found = fresh(ctx, role.id, role.name)
    return Modal(forms.edit(found, forms.fields(found)))


@group.submitted(forms.EDIT, fails="The role was not changed")
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    with turn(ctx.memory["id"]):
        return _edited(ctx, values)


def _edited(ctx: Context, values: Mapping[str, Value]) -> Reply | Modal:
    was: Mapping[str, str] = ctx.memory["shown"]
    role = fresh(ctx, ctx.memory["id"], ctx.memory["name"])
    ctx.notes.on("role", role.name, role.id)
    fields = forms.fields(role)
    if lost := values.keys() - {field.name for field in fields}:
        raise FieldErrors(dict.fromkeys(lost, OUTGROWN))
    typed = touched(fields, was, values)
    if ctx.attempt == 1 and typed and shown(fields) != was:
        return Modal(forms.again(role, was, typed))
    changes = {
        f.name: _words(typed, f.name)
        for f in fields
        if f.name in typed and settled(f, typed[f.name]) != settled(f, f.value)
    }
    _check(changes)
    if not changes:
        said = "is as the form says" if ctx.attempt > 1 else "was left as it is"
        return Reply(f"{text.bold(role.name)} {said}.")
    for name, value in changes.items():
        ctx.notes.change(name, getattr(role, name), value)
    after = ctx.api.roles.update(role, **changes)
    ctx.catalog.forget("roles")
    words = _said(ctx, role, after, changes)
    return Reply(words, view.announced(words, after))


def _said(ctx: Context, before: Role, after: Role, changes: Changes) -> str:
    """Say what it was and is, and plainly what was not applied."""
    if changes.keys() == {"name"} and after.name == changes["name"]:
        now = f"is now called {text.bold(after.name)}"
        return f"{text.bold(before.name)} {now}, {by(ctx)}."
    lines = [_difference(name, before, after) for name in changes]
    return "\n".join([f"{text.bold(before.name)} was changed {by(ctx)}:", *lines])


def _difference(name: str, before: Role, after: Role) -> str:
    label = next(f.label for f in forms.fields(None) if f.name == name)
    old, new = getattr(before, name), getattr(after, name)
    if old == new:
        return f"• {label} was not applied by incident.io: it is {forms.quoted(old)}."
    return f"• {label}: {forms.quoted(old)} → {forms.quoted(new)}"


@group.command("role delete", fails="The form was not opened")
def delete(ctx: Context, role: Role) -> Modal:
    """Delete an incident role; first see who holds it."""
    found = fresh(ctx, role.id, role.name)
    return Modal(forms.delete(found, usage(ctx, found)))


@group.submitted(forms.DELETE, fails="The role was not deleted")
def deleted(ctx: Context) -> Reply | Modal:
    """Delete what the form named, or ask again where it is called otherwise now."""
    id_, name = ctx.memory["id"], ctx.memory["name"]
    with turn(id_):
        ctx.notes.on("role", name, id_)
        ctx.notes.change("name", name, None)
        try:
            role = ctx.api.roles.show(id_)
            if role.name == name:
                ctx.api.roles.delete(id_)
        except NotFound:
            return _gone(ctx, name)
    ctx.catalog.forget("roles")
    if role.name != name:
        notice = f"Nothing was deleted. This role was called {text.bold(name)} before."
        return Modal(forms.delete(role, usage(ctx, role), notice))
    return Reply(f"The incident role {text.bold(name)} was deleted, {by(ctx)}.")


def _gone(ctx: Context, name: str) -> Reply:
    """An attempt that died may have deleted it."""
    ctx.catalog.forget("roles")
    if ctx.attempt > 1:
        return Reply(f"The incident role {text.bold(name)} is deleted.")
    raise Refusal(f"The role {text.bold(name)} was deleted already.")

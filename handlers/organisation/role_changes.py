"""``role create``, ``role edit`` and ``role delete``.

A role is replaced whole: what the form does not show, or nobody touched, is sent back
as incident.io has it at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import Value
from blocks.kit.form import Form
from blocks.organisation import role_forms as forms
from blocks.organisation import roles as view
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import Editor
from handlers.core.locks import lock_for
from handlers.core.problems import FieldErrors, Refusal
from handlers.organisation.roles import fresh, group, usage
from incidentio.errors import NotFound
from incidentio.models import Role

JUST_NOW = timedelta(minutes=30)
EMPTY = "This cannot be empty."


@group.command("role create")
def create(ctx: Context) -> Modal:  # noqa: ARG001
    """Create an incident role, in a form."""
    return Modal(forms.new())


@group.submitted(forms.NEW, effect=Effect("The role", "created"))
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


class RoleEditor(Editor[Role]):
    def read(self) -> Role:
        return fresh(self.ctx, self.ctx.memory["id"], self.ctx.memory["name"])

    def inputs(self, current: Role) -> Sequence[Input]:
        return forms.fields(current)

    def form(self, current: Role, inputs: Sequence[Input]) -> Form:
        return forms.edit(current, inputs)

    def write(self, current: Role, due: Mapping[str, Value]) -> Role:
        changes = {name: str(value or "").strip() for name, value in due.items()}
        after = self.ctx.api.roles.update(current, **changes)
        self.ctx.catalog.forget("roles")
        return after

    def describe(self, current: Role) -> str:
        return f"The role {text.bold(current.name)}"

    def audit_target(self, current: Role) -> None:
        self.ctx.notes.on("role", current.name, current.id)

    def announce(self, after: Role, words: str) -> Reply:
        return Reply(words, view.announced(words, after))


@group.command("role edit")
def edit(ctx: Context, role: Role) -> Modal:
    """Change an incident role, in a form."""
    return RoleEditor(ctx).open(fresh(ctx, role.id, role.name))


@group.submitted(forms.EDIT, effect=Effect("The role", "changed"))
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    return RoleEditor(ctx).submit(values)


@group.command("role delete")
def delete(ctx: Context, role: Role) -> Modal:
    """Delete an incident role; first see who holds it."""
    found = fresh(ctx, role.id, role.name)
    return Modal(forms.delete(found, usage(ctx, found)))


@group.submitted(forms.DELETE, effect=Effect("The role", "deleted"))
def deleted(ctx: Context) -> Reply | Modal:
    """Delete what the form named, or ask again where it is called otherwise now."""
    id_, name = ctx.memory["id"], ctx.memory["name"]
    with lock_for(id_):
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

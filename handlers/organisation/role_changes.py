"""``role create``, ``role edit`` and ``role delete``.

A change replaces the whole role in incident.io. What was not changed in the form is
sent back as incident.io has it at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import Value
from blocks.kit.form import Form
from blocks.organisation import role_forms as forms
from blocks.organisation import roles as view
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.deleting import Deletion
from handlers.core.editing import FieldEditor
from handlers.core.made_before import Makes, make_once
from handlers.core.problems import FieldErrors
from handlers.organisation.roles import ROLE, group, read, usage
from incidentio import Role

EMPTY = "This cannot be empty."


@group.command("role create", aliases=["create role", "new role"], says=["add role"])
def create(ctx: Context) -> Modal:
    """Create an incident role, in a form."""
    return Modal(forms.new())


@group.submitted(forms.NEW, effect=Effect("The role", "created"))
def created(ctx: Context, **values: Value) -> Reply:
    """Create the role once, however often the form arrives."""
    fields = {field.name: field for field in forms.fields(None)}
    wanted = {name: _words(values, name) for name in fields}
    _check(wanted)
    ctx.notes.on("role", wanted["name"])
    for name, value in wanted.items():
        note = ctx.notes.rewrite if fields[name].is_prose else ctx.notes.change
        note(name, None, value)
    name = wanted["name"]
    makes = Makes(
        f"The role {text.bold(name)}",
        "role delete",
        ctx.api.roles.list,
        lambda role: role.name == name,
        cached="roles",
    )
    role = make_once(ctx, makes, lambda: ctx.api.roles.create(**wanted))
    ctx.catalog.expire("roles")
    words = f"{text.bold(role.name)} was created as an incident role, {by(ctx)}."
    return Reply(words, view.announced(words, role))


def _words(values: Mapping[str, Value], name: str) -> str:
    return str(values.get(name) or "").strip()


def _check(wanted: Mapping[str, str]) -> None:
    empty = [name for name in forms.NEEDED if wanted.get(name) == ""]
    if empty:
        raise FieldErrors(dict.fromkeys(empty, EMPTY))


class RoleEditor(FieldEditor[Role]):
    def read(self) -> Role:
        return read(self.ctx, self.ctx.memory["id"])

    def inputs(self, current: Role) -> Sequence[Input]:
        return forms.fields(current)

    def form(self, current: Role, inputs: Sequence[Input]) -> Form:
        return forms.edit(current, inputs)

    def write(self, current: Role, due: Mapping[str, Value]) -> Role:
        changes = {name: str(value or "").strip() for name, value in due.items()}
        after = self.ctx.api.roles.update(current, **changes)
        self.ctx.catalog.expire("roles")
        return after

    def describe(self, current: Role) -> str:
        return f"The role {text.bold(current.name)}"

    def record_target(self, current: Role) -> None:
        self.ctx.notes.on("role", current.name, current.id)

    def announce(self, after: Role, words: str) -> Reply:
        return Reply(words, view.announced(words, after))


@group.command(
    "role edit", aliases=["edit role"], says=["change role", "role instructions"]
)
def edit(ctx: Context, role: Role) -> Modal:
    """Change an incident role, in a form."""
    return RoleEditor(ctx).open(read(ctx, role.id))


@group.submitted(forms.EDIT, effect=Effect("The role", "changed"))
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    return RoleEditor(ctx).submit(values)


class RoleDeletion(Deletion[Role]):
    form_id = forms.DELETE
    resource = ROLE

    def losses(self, current: Role) -> Sequence[str]:
        return forms.losses(current, usage(self.ctx, current))


@group.command("role delete", aliases=["delete role"], says=["remove role"])
def delete(ctx: Context, role: Role) -> Modal:
    """Delete an incident role, in a form that says who holds it and asks its name."""
    return RoleDeletion(ctx).open(role.id)


@group.submitted(forms.DELETE, effect=Effect("The role", "deleted"))
def deleted(ctx: Context, **values: Value) -> Reply | Modal:
    return RoleDeletion(ctx).submit(values)

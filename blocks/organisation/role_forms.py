"""The forms that create, edit and delete an incident role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from blocks.items.forms import filled, shown
from blocks.kit import text
from blocks.kit.fields import LONGEST_TEXT, Field, Text, Value
from blocks.kit.form import Form, Note
from blocks.organisation import roles as view
from incidentio.models import Role

NEW = "role.create"
EDIT = "role.edit"
DELETE = "role.delete"
NEEDED = ("name", "description")
SAID = 120
LONG = "Too long for this form, and left as it is: {}. Change it in incident.io."


def fields(role: Role | None) -> list[Text]:
    """Give what can be edited; of a role, what a form shows whole."""
    every = [
        Text(name="name", label="Name"),
        Text(
            name="description",
            label="Description",
            multiline=True,
            hint="What somebody with this role does, in a sentence.",
        ),
        Text(
            name="instructions",
            label="Instructions",
            multiline=True,
            optional=True,
            hint="What incident.io tells whoever is given the role.",
        ),
        Text(
            name="shortform",
            label="Short form",
            optional=True,
            hint="What people type for it in Slack, for example “comms”.",
        ),
    ]
    if role is None:
        return every
    held = [replace(field, value=getattr(role, field.name)) for field in every]
    return [field for field in held if len(field.value or "") <= LONGEST_TEXT]


def new() -> Form:
    return Form(NEW, "Create incident role", fields(None), "Create")


def edit(role: Role, drawn: Sequence[Field], notice: str | None = None) -> Form:
    """Draw the form; it remembers what the role was when it was drawn."""
    whole = fields(role)
    names = {field.name for field in whole}
    long = [f.label for f in fields(None) if f.name not in names]
    notes = [Note(notice)] if notice else []
    after = [Note(LONG.format(text.listed(long)), small=True)] if long else []
    return Form(
        id=EDIT,
        title="Edit incident role",
        fields=[*notes, *drawn, *after],
        memory={"id": role.id, "name": role.name, "shown": shown(whole)},
    )


def again(role: Role, was: Mapping[str, str], changes: Mapping[str, Value]) -> Form:
    """Draw it as the role is now, with what was typed; say what others changed."""
    whole = fields(role)
    now = shown(whole)
    moved = [f for f in whole if now[f.name] != was.get(f.name)]
    said = [f"{f.label.lower()} is now {quoted(f.value)}" for f in moved]
    notice = (
        f"Nothing was saved. Somebody changed this role meanwhile: {text.listed(said)}."
        " Save again to replace it with what is below."
    )
    drawn = [
        filled(f, changes[f.name])
        if f.name in changes
        else replace(f, fresh=now[f.name] if f in moved else "")
        for f in whole
    ]
    return edit(role, drawn, notice)


def delete(role: Role, usage: view.Usage, notice: str | None = None) -> Form:
    """Name what is deleted and who holds it."""
    lines = [f"{text.bold(role.name)} will be deleted for good."]
    if role.description.strip():
        lines.append(text.quote(role.description, 500))
    lines += view.held(usage)
    if usage.total:
        lines.append("They lose the role.")
    said = [Note(notice)] if notice else []
    return Form(
        id=DELETE,
        title="Delete incident role",
        fields=[*said, Note("\n".join(lines))],
        submit="Delete",
        memory={"id": role.id, "name": role.name},
    )


def quoted(value: str | None) -> str:
    return f"“{text.inline(value, SAID)}”" if value and value.strip() else "empty"

"""The forms that create, edit and delete an incident role."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import Text
from blocks.kit.form import Form
from blocks.organisation import roles as view
from incidentio import Role

NEW = "role.create"
EDIT = "role.edit"
DELETE = "role.delete"
NEEDED = ("name", "description")


def fields(role: Role | None) -> list[Text]:
    """Return the inputs for what can be edited; empty ones for a new role."""
    every = [
        Text(name="name", label="Name"),
        Text(
            name="description",
            label="Description",
            multiline=True,
            hint="What this role does, in a sentence.",
        ),
        Text(
            name="instructions",
            label="Instructions",
            multiline=True,
            optional=True,
            hint="What incident.io tells the person who gets the role.",
        ),
        Text(
            name="shortform",
            label="Short form",
            optional=True,
            hint="What people type in Slack, for example “comms”.",
        ),
    ]
    if role is None:
        return every
    return [field.with_value(getattr(role, field.name)) for field in every]


def new() -> Form:
    return Form(NEW, "Create incident role", fields(None), "Create")


def edit(role: Role, inputs: Sequence[Input]) -> Form:
    """Draw the form that edits a role."""
    memory = {"id": role.id, "name": role.name}
    return Form(EDIT, "Edit incident role", inputs, memory=memory)


def losses(role: Role, usage: view.RoleUsage) -> list[str]:
    """Describe what is lost with a role: who holds it."""
    held = "\n".join(view.holders(usage))
    described = [text.quote(role.description, 500)] if role.description.strip() else []
    return [*described, f"{held}\nThey lose the role." if usage.total else held]

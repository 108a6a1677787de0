"""``field create`` and ``field edit``.

A change replaces the whole field in incident.io. What the form does not show is sent
back as it was read. What somebody else changed meanwhile is shown before that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import Value
from blocks.kit.form import Form
from blocks.organisation import custom_field_forms as forms
from blocks.organisation.custom_fields import SELECTS
from handlers.core.announce import by
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.editing import FieldEditor
from handlers.core.made_before import Makes, make_once, make_watched
from handlers.core.problems import FieldErrors, required
from handlers.organisation.custom_fields import group, read
from incidentio import CustomField

STEP = 10
"""The distance between sort keys, so that another option fits in between."""


@group.command(
    "field create",
    aliases=["create field", "new field"],
    says=["add custom field", "add field", "create custom field", "new custom field"],
)
def create(_: Context) -> Modal:
    """Create a custom field, in a form."""
    return Modal(forms.create())


@group.submitted(forms.CREATE, effect=Effect("The custom field", "created"))
def created(
    ctx: Context,
    *,
    name: str | None = None,
    field_type: str,
    description: str | None = None,
    options: str | None = None,
) -> Reply:
    """Create the field once, then each of its options that is missing."""
    named = required("name", name, "Give the field a name.")
    values = lines(options)
    if values and field_type not in SELECTS:
        raise FieldErrors({"options": "Only selects take options. Leave this empty."})
    ctx.notes.on("custom field", named)
    ctx.notes.change("name", None, named)
    makes = Makes(
        f"The custom field {text.bold(named)}",
        "field delete",
        ctx.api.custom_fields.list,
        lambda known: known.name == named,
        cached="custom_fields",
    )

    def make() -> CustomField:
        return ctx.api.custom_fields.create(
            name=named, description=description or "", field_type=field_type
        )

    field = make_once(ctx, makes, make)
    ctx.notes.on("custom field", field.name, field.id)
    ctx.catalog.expire("custom_fields")
    added = add_missing(ctx, field, values)
    ctx.catalog.expire("custom_fields")
    more = f", with {text.count(len(added), 'option')}" if added else ""
    said = f"The custom field {text.bold(field.name)} was created{more}, {by(ctx)}."
    return Reply(said)


def lines(words: str | None) -> list[str]:
    """Return the options, one on each line; refuse too many at once."""
    found = list(dict.fromkeys(filter(None, map(str.strip, (words or "").split("\n")))))
    if len(found) > forms.MAX_OPTIONS:
        most = f"At most {forms.MAX_OPTIONS} at once; add the rest afterwards."
        raise FieldErrors({"options": most})
    return found


def add_missing(ctx: Context, field: CustomField, values: list[str]) -> list[str]:
    """Add the options that are missing, after the others; return which were added."""
    if not values:
        return []
    there = list(ctx.api.custom_field_options.list(field.id))
    known = {option.value.casefold() for option in there}
    last = max((option.sort_key for option in there), default=0)
    added = [value for value in values if value.casefold() not in known]
    if added:
        ctx.notes.change("options", None, ", ".join(added))
    for place, value in enumerate(added, 1):
        _add(ctx, field, value, last + place * STEP)
    return added


def _add(ctx: Context, field: CustomField, value: str, sort_key: int) -> None:
    makes = Makes(
        f"The option {text.bold(value)} of {text.bold(field.name)}",
        f"option delete {field.id}",
        partial(ctx.api.custom_field_options.list, field.id),
        lambda option: option.value == value,
    )
    create = partial(
        ctx.api.custom_field_options.create,
        custom_field_id=field.id,
        value=value,
        sort_key=sort_key,
    )
    make_watched(ctx, makes, create)


class CustomFieldEditor(FieldEditor[CustomField]):
    key = "field"

    def read(self) -> CustomField:
        return read(self.ctx, self.ctx.memory[self.key])

    def inputs(self, current: CustomField) -> Sequence[Input]:
        return forms.fields(current)

    def form(self, current: CustomField, inputs: Sequence[Input]) -> Form:
        return forms.edit(current, inputs)

    def write(self, current: CustomField, due: Mapping[str, Value]) -> CustomField:
        changes = {name: str(value or "") for name, value in due.items()}
        after = self.ctx.api.custom_fields.update(current, **changes)
        self.ctx.catalog.expire("custom_fields")
        return after

    def describe(self, current: CustomField) -> str:
        return f"The custom field {text.bold(current.name)}"

    def record_target(self, current: CustomField) -> None:
        self.ctx.notes.on("custom field", current.name, current.id)


@group.command(
    "field edit", aliases=["edit field"], says=["change field", "edit custom field"]
)
def edit(ctx: Context, field: CustomField) -> Modal:
    """Edit a custom field in a form: its name and description."""
    return CustomFieldEditor(ctx).open(read(ctx, field.id))


@group.submitted(forms.EDIT, effect=Effect("The custom field", "changed"))
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    return CustomFieldEditor(ctx).submit(values)

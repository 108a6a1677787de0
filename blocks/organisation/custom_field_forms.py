"""The forms that make, change and delete custom fields and options."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import managed, text
from blocks.kit.edit import Input
from blocks.kit.fields import Choice, Choosable, Field, Number, Text
from blocks.kit.form import Form, Note
from blocks.organisation.custom_fields import KINDS, FieldUsage, kind, used
from incidentio import CustomField, CustomFieldOption

CREATE, EDIT, DELETE = "field.create", "field.edit", "field.delete"
ADD, CHANGE, REMOVE = "option.add", "option.edit", "option.delete"
NAME_LIMIT = 50
MAX_OPTIONS = 50
"""The most options that are added at once: each takes one request."""
UNSEEN = "Private incidents are shown to their own people only."


def create() -> Form:
    kinds = [Choosable(said.capitalize(), name) for name, said in KINDS.items()]
    return Form(
        CREATE,
        "Create a custom field",
        [
            Text(name="name", label="Name", max_length=NAME_LIMIT),
            Choice(
                name="field_type",
                label="What it takes",
                options=kinds,
                value="single_select",
                hint="This cannot be changed later.",
            ),
            _description(),
            _options(hint="One per line; for selects only."),
        ],
        "Create",
    )


def _description(value: str | None = None) -> Text:
    return Text(
        name="description",
        label="Description",
        value=value,
        multiline=True,
        optional=True,
    )


def _options(*, hint: str, optional: bool = True) -> Text:
    return Text(
        name="options", label="Options", multiline=True, optional=optional, hint=hint
    )


def fields(field: CustomField) -> list[Text]:
    """Return the inputs for what can be edited."""
    return [
        Text(name="name", label="Name", value=field.name, max_length=NAME_LIMIT),
        _description(field.description),
    ]


def edit(field: CustomField, inputs: Sequence[Input]) -> Form:
    """Draw the form that edits a custom field."""
    takes = Note(f"Takes {kind(field)}.", small=True)
    memory = {"field": field.id}
    return Form(EDIT, "Edit a custom field", [takes, *inputs], memory=memory)


def losses(field: CustomField, options: int, usage: FieldUsage) -> list[str]:
    """Describe what is lost with a field, and which incidents and fields use it."""
    taken = f"It takes {kind(field)}"
    with_options = f", and has {text.count(options, 'option')}" if options else ""
    lost = "Its values are lost in every incident, closed ones too."
    return [f"{taken}{with_options}. {lost}", "\n".join(used(usage))]


def add(field: CustomField) -> Form:
    return Form(
        ADD,
        "Add options",
        [
            *map(Note, managed.before(field, text.bold(field.name))),
            Note(f"To {text.bold(field.name)}.", small=True),
            _options(
                hint=f"One per line, at most {MAX_OPTIONS} at a time.", optional=False
            ),
        ],
        "Add",
        memory={"field": field.id},
    )


def option_fields(option: CustomFieldOption) -> list[Field]:
    """Return the inputs for what can be edited of an option."""
    return [
        Text(name="value", label="Option", value=option.value),
        Number(
            name="sort_key",
            label="Sort key",
            value=str(option.sort_key),
            decimal=False,
            hint="Options with smaller numbers come first.",
        ),
    ]


def edit_option(
    field: CustomField, option: CustomFieldOption, inputs: Sequence[Input]
) -> Form:
    """Draw the form that edits an option of a custom field."""
    return Form(
        CHANGE,
        "Edit an option",
        [Note(f"Of {text.bold(field.name)}.", small=True), *inputs],
        memory={"field": field.id, "option": option.id},
    )


def option_losses(usage: FieldUsage) -> list[str]:
    """Describe what is lost with an option, and which incidents use it."""
    lost = "Incidents lose the value, closed ones too."
    return [lost, "\n".join(used(usage))]

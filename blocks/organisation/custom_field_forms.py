"""The forms that make, change and delete custom fields and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from blocks.incidents.properties import digest
from blocks.kit import text
from blocks.kit.fields import LONGEST_TEXT, Choice, Choosable, Field, Number, Text
from blocks.kit.form import Form, Note
from blocks.organisation.custom_fields import KINDS, Usage, kind, used
from incidentio.models import CustomField, CustomFieldOption

CREATE, EDIT, DELETE = "field.create", "field.edit", "field.delete"
ADD, CHANGE, REMOVE = "option.add", "option.edit", "option.delete"
NAME_LIMIT = 50
AT_ONCE = 50
"""Options made in one go: each is a request of its own."""
UNSEEN = "Private incidents are named to their own people only."
LABELS = {"name": "Name", "description": "Description"}


def create() -> Form:
    kinds = [Choosable(said.capitalize(), name) for name, said in KINDS.items()]
    return Form(
        CREATE,
        "Create a custom field",
        [
            Text(name="name", label=LABELS["name"], max_length=NAME_LIMIT),
            Choice(
                name="field_type",
                label="What it takes",
                options=kinds,
                value="single_select",
                hint="This cannot be changed later.",
            ),
            _description(),
            _options(hint="One a line; only where the field takes options."),
        ],
        "Create",
    )


def _description(value: str | None = None) -> Text:
    return Text(
        name="description",
        label=LABELS["description"],
        value=value,
        multiline=True,
        optional=True,
    )


def _options(*, hint: str, optional: bool = True) -> Text:
    return Text(
        name="options", label="Options", multiline=True, optional=optional, hint=hint
    )


def shown(field: CustomField) -> dict[str, str]:
    """What the form of a field shows, by the name of its input.

    What is longer than an input holds is left out, and so left as it is.
    """
    every = {"name": field.name, "description": field.description}
    return {n: words for n, words in every.items() if len(words) <= LONGEST_TEXT}


def edit(
    field: CustomField,
    *,
    was: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    overtaken: Sequence[str] = (),
) -> Form:
    """Draw the form as the field is now, keeping what was ``typed``.

    What somebody else changed meanwhile (``overtaken``) is said above it.
    """
    now, typed, was = shown(field), typed or {}, was or {}
    inputs: list[Field | Note] = [Note(f"Takes {kind(field)}.", small=True)]
    for name in overtaken:
        is_now = f"“{text.inline(now[name], 200)}”" if now[name] else "empty"
        inputs.append(
            Note(
                f"Somebody changed the {LABELS[name].lower()} meanwhile: it is "
                f"{is_now} now. Save again to replace that."
            )
        )
    drawn: list[Field] = [
        Text(name="name", label=LABELS["name"], value=field.name, max_length=50),
        _description(field.description),
    ]
    if "description" not in now:
        inputs.append(Note("Its description is too long for a form, and stays."))
    for input_ in (one for one in drawn if one.name in now):
        name = input_.name
        if name in typed:
            inputs.append(replace(input_, value=typed[name]))  # type: ignore[call-arg]
        elif was.get(name, digest(now[name])) != digest(now[name]):
            inputs.append(replace(input_, fresh=digest(now[name])))
        else:
            inputs.append(input_)
    digests = {name: digest(value) for name, value in now.items()}
    return Form(
        EDIT,
        "Edit a custom field",
        inputs,
        memory={"field": field.id, "was": digests},
    )


def delete(field: CustomField, options: int, usage: Usage) -> Form:
    with_options = f", with its {text.count(options, 'option')}" if options else ""
    words = f"This deletes {text.bold(field.name)} ({kind(field)}){with_options}."
    lost = "Its values are lost in every incident, also in those that are closed."
    return Form(
        DELETE,
        "Delete a custom field",
        [Note(f"{words} {lost}"), _depending(usage)],
        "Delete",
        memory={"field": field.id},
    )


def _depending(usage: Usage) -> Note:
    return Note("\n".join([*used(usage), UNSEEN]))


def add(field: CustomField) -> Form:
    return Form(
        ADD,
        "Add options",
        [
            Note(f"To {text.bold(field.name)}.", small=True),
            _options(hint=f"One a line, at most {AT_ONCE} at a time.", optional=False),
        ],
        "Add",
        memory={"field": field.id},
    )


def option_shown(option: CustomFieldOption) -> dict[str, str]:
    """What the form of an option shows, by the name of its input."""
    return {"value": option.value, "sort_key": str(option.sort_key)}


def change(
    field: CustomField,
    option: CustomFieldOption,
    *,
    typed: Mapping[str, str] | None = None,
    notice: str | None = None,
) -> Form:
    """Draw the form as the option is now, keeping what was ``typed``."""
    now = option_shown(option)
    held = {**now, **(typed or {})}
    return Form(
        CHANGE,
        "Edit an option",
        [
            Note(notice or f"Of {text.bold(field.name)}.", small=notice is None),
            Text(name="value", label="Option", value=held["value"]),
            Number(
                name="sort_key",
                label="Sort key",
                value=held["sort_key"],
                decimal=False,
                hint="Options with smaller numbers come first.",
                fresh="" if typed is None else digest(held["sort_key"]),
            ),
        ],
        memory={
            "field": field.id,
            "option": option.id,
            "was": {name: digest(value) for name, value in now.items()},
        },
    )


def remove(field: CustomField, option: CustomFieldOption, usage: Usage) -> Form:
    words = f"This deletes {text.bold(option.value)} of {text.bold(field.name)}."
    return Form(
        REMOVE,
        "Delete an option",
        [
            Note(f"{words} Incidents lose the value."),
            Note("\n".join([*used(usage), UNSEEN]), small=True),
        ],
        "Delete",
        memory={"field": field.id, "option": option.id},
    )

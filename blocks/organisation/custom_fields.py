"""Custom fields and the options of selects: lists, cards, and what forms show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, HeaderBlock, PlainTextObject

from blocks.kit import incidents as cards
from blocks.kit import messages, text
from blocks.kit.managed import manager
from incidentio import CustomField, CustomFieldOption, Incident

KINDS = {
    "single_select": "one of several options",
    "multi_select": "any of several options",
    "text": "text",
    "link": "link",
    "numeric": "number",
}
SELECTS = {"single_select", "multi_select"}
BRIEF = 200
MOST_NAMED = 10
FILTERS = {
    "filter_by": "Filtered by another field",
    "fixed_filter": "Limited to some catalog entries",
    "group_by_catalog_attribute_id": "Grouped by a catalog attribute",
    "helptext_catalog_attribute_id": "Help text from a catalog attribute",
}


@dataclass(frozen=True, slots=True)
class FieldUsage:
    """The use of a custom field in visible incidents in progress, and as a filter."""

    incidents: Sequence[Incident] = ()
    filtering: Sequence[CustomField] = ()
    """The custom fields that it filters."""


def kind(field: CustomField) -> str:
    said = KINDS.get(field.field_type) or field.field_type.replace("_", " ")
    return text.inline(f"{said}, from the catalog" if field.catalog_type_id else said)


def has_options(field: CustomField) -> bool:
    """Return whether a field has options of its own."""
    return field.field_type in SELECTS and not field.catalog_type_id


def listing(fields: Sequence[CustomField]) -> list[Block]:
    blocks: list[Block] = [messages.section("*Custom fields*")]
    for field in fields:
        words = f"{text.bold(field.name)} · {kind(field)}"
        if field.description.strip():
            words = f"{words}\n{text.inline(field.description, BRIEF)}"
        section = messages.section(words)
        section.accessory = messages.button("Show", f"field show {field.id}")
        blocks.append(section)
    if not fields:
        blocks.append(messages.section("None are set up in incident.io."))
    return [*blocks, messages.buttons([("Create field", "field create")])]


def card(
    field: CustomField,
    options: Sequence[CustomFieldOption],
    usage: FieldUsage,
    now: datetime,
) -> list[Block]:
    described = field.description.strip()
    return [
        HeaderBlock(text=PlainTextObject(text=text.plain(field.name, text.HEADER))),
        *([messages.section(text.paragraph(described))] if described else []),
        messages.section("\n".join(_facts(field, options))),
        messages.section("\n".join(used(usage))),
        messages.context(" · ".join(_course(field, now))),
        _steps(field),
    ]


def _facts(field: CustomField, options: Sequence[CustomFieldOption]) -> Iterable[str]:
    yield f"*Takes:* {kind(field)}"
    if has_options(field):
        named = [text.inline(o.value, 80) for o in options[:MOST_NAMED]]
        left = len(options) - len(named)
        named += [f"{left} more"] if left > 0 else []
        yield f"*Options:* {', '.join(named) or 'none yet'}"
    if field.catalog_type_id:
        yield f"*Catalog type:* {text.code(field.catalog_type_id)}"
    if by := manager(field):
        yield f"*Managed by:* {by}"
    yield from (said for name, said in FILTERS.items() if field.raw.get(name))


def used(usage: FieldUsage) -> list[str]:
    """Return lines that name the incidents with a value, and the fields it filters."""
    named = [f"• {cards.title(i)}" for i in usage.incidents[:MOST_NAMED]]
    left = len(usage.incidents) - len(named)
    named += [f"• and {left} more"] if left > 0 else []
    uses = ["*Used in live incidents:*", *named]
    filters = [text.bold(field.name) for field in usage.filtering[:MOST_NAMED]]
    filtered = f"It filters {text.listed(filters)}, which would then show everything."
    return [
        *(uses if named else ["No live incident that you can see uses it."]),
        *([filtered] if filters else []),
    ]


def _course(field: CustomField, now: datetime) -> list[str]:
    moments = (("Created", field.created_at), ("Last change", field.updated_at))
    said = [
        f"{label} {text.when(at)} ({text.ago(at, now)})" for label, at in moments if at
    ]
    return [*said, f"id {text.code(field.id)}"]


def _steps(field: CustomField) -> Block:
    lines = [("Edit", f"field edit {field.id}")]
    if has_options(field):
        lines += [
            ("Options", f"options {field.id}"),
            ("Add options", f"option add {field.id}"),
        ]
    delete = ("Delete", f"field delete {field.id}")
    return messages.buttons(lines, block_id=f"field show {field.id}", danger=delete)


def options_listing(
    field: CustomField, options: Sequence[CustomFieldOption], *, total: int
) -> list[Block]:
    """List options, each with a menu of what can be done with it."""
    said = text.count(total, "option")
    blocks: list[Block] = [messages.section(f"{text.bold(field.name)}: {said}")]
    for option in options:
        section = messages.section(text.inline(option.value))
        line = f"option edit {field.id} {option.id}"
        section.accessory = messages.button("Edit", line)
        blocks.append(section)
    add = ("Add options", f"option add {field.id}")
    delete = ("Delete an option", f"option delete {field.id}")
    return [*blocks, messages.buttons([add], danger=delete if options else None)]

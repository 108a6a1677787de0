"""``option`` and ``options``: what can be chosen in a custom field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocks.incidents.properties import digest
from blocks.kit import messages, text
from blocks.kit.fields import MOST_OPTIONS, Choosable
from blocks.kit.form import Form
from blocks.organisation import custom_field_forms as forms
from blocks.organisation import custom_fields as view
from handlers.core.announce import by
from handlers.core.arguments.resolve import FIRST, Page, Rest
from handlers.core.command import Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.levels import Level
from handlers.core.locks import turn
from handlers.core.pages import ON_A_PAGE, cut
from handlers.core.problems import Ambiguous, FieldErrors, Refusal, required
from handlers.organisation.custom_field_forms import add_missing, lines
from handlers.organisation.custom_fields import options_of, read, usage
from incidentio.errors import NotFound
from incidentio.features import SETTINGS
from incidentio.lookup import matches
from incidentio.models import CustomField, CustomFieldOption

group = Group(
    "option",
    "Options of custom fields",
    level=Level.ADMINISTER,
    writes=SETTINGS,
    rank=4,
)

SOURCE = "field_option"
GONE = "That option was deleted."


@group.command("options", fails="The options were not listed")
def list_(ctx: Context, field: CustomField, page: Page = FIRST) -> Reply:
    """List the options of a custom field, in their order."""
    options = options_of(ctx, _own(ctx, field))
    part = cut(options, page, ON_A_PAGE)
    turner = messages.turner(f"options {field.id}", part.number, more=part.more)
    names = ", ".join(text.inline(o.value, 80) for o in part.shown) or "none yet"
    blocks = view.options_listing(field, part.shown, total=len(options))
    return Reply(f"Options of {text.inline(field.name)}: {names}", [*blocks, *turner])


def _own(ctx: Context, field: CustomField) -> CustomField:
    """Read the field; refuse one that has no options of its own."""
    found = read(ctx, field.id)
    if found.catalog_type_id:
        raise Refusal(
            f"The options of {text.bold(found.name)} are entries of the catalog. "
            "Change them in incident.io's catalog."
        )
    if not view.has_options(found):
        raise Refusal(
            f"{text.bold(found.name)} takes {view.kind(found)}, so it has no options."
        )
    return found


@group.command("option add", writes=True, fails="The options were not added")
def add(ctx: Context, field: CustomField, value: Rest | None = None) -> Reply | Modal:
    """Add an option to a custom field: at once with a value, else in a form."""
    found = _own(ctx, field)
    if value is None:
        return Modal(forms.add(found))
    return _add(ctx, found, [value.strip()])


@group.submitted(forms.ADD, fails="The options were not added")
def added(ctx: Context, *, options: str | None = None) -> Reply:
    values = lines(required("options", options, "Write the options, one a line."))
    return _add(ctx, read(ctx, ctx.memory["field"]), values)


def _add(ctx: Context, field: CustomField, values: list[str]) -> Reply:
    """Add what is missing; so doing it twice adds nothing twice."""
    with turn(field.id):
        ctx.notes.on("custom field", field.name, field.id)
        try:
            new = add_missing(ctx, field, values)
        finally:
            ctx.catalog.forget("custom_fields")
    named = text.listed([text.bold(value) for value in new or values])
    if not new:
        have = "has" if len(values) == 1 else "has all of"
        return Reply(f"{text.bold(field.name)} {have} {named} already.")
    were = "was" if len(new) == 1 else "were"
    return Reply(f"{named} {were} added to {text.bold(field.name)}, {by(ctx)}.")


@group.command("option edit", fails="The form was not opened")
def edit(ctx: Context, field: CustomField, option: Rest | None = None) -> Modal:
    """Edit an option of a custom field, in a form."""
    found = _own(ctx, field)
    return Modal(forms.change(found, _chosen(ctx, found, option, "option edit")))


@group.submitted(forms.CHANGE, fails="The option was not changed")
def edited(
    ctx: Context, *, value: str | None = None, sort_key: str | None = None
) -> Reply | Modal:
    typed = {
        "value": required("value", value, "An option cannot be empty."),
        "sort_key": str(_place(sort_key)),
    }
    field = read(ctx, ctx.memory["field"])
    with turn(field.id):
        option, was = _read(ctx, ctx.memory["option"]), ctx.memory["was"]
        now = forms.option_shown(option)
        changed = {n: v for n, v in typed.items() if digest(v) != was[n]}
        due = {n: v for n, v in changed.items() if v != now[n]}
        if any(digest(now[n]) != was[n] for n in due):
            return Modal(_again(field, option, changed))
        ctx.notes.on("option", f"{option.value} of {field.name}", option.id)
        if not due:
            return Reply(f"{text.bold(option.value)} is as the form says.")
        for name, new in due.items():
            ctx.notes.change(name, now[name], new)
        sent = {**now, **due}
        after = ctx.api.custom_field_options.update(
            option, value=sent["value"], sort_key=int(sent["sort_key"])
        )
    ctx.catalog.forget("custom_fields")
    renamed = after.value != option.value
    prior = f" (was {text.bold(option.value)})" if renamed else ""
    moved = f", with sort key {after.sort_key}" if "sort_key" in due else ""
    said = f"The option of {text.bold(field.name)} is now {text.bold(after.value)}"
    return Reply(f"{said}{prior}{moved}, {by(ctx)}.")


def _place(sort_key: str | None) -> int:
    try:
        return int(float(sort_key or ""))
    except ValueError:
        raise FieldErrors({"sort_key": "Write a whole number."}) from None


def _again(
    field: CustomField, option: CustomFieldOption, typed: Mapping[str, str]
) -> Form:
    """Draw the form with what was typed, and say what the option is now."""
    notice = (
        f"Somebody changed this meanwhile: it is {text.bold(option.value)} now, with "
        f"sort key {option.sort_key}. Save again to replace that."
    )
    return forms.change(field, option, typed=typed, notice=notice)


@group.command("option delete", fails="The form was not opened")
def delete(ctx: Context, field: CustomField, option: Rest | None = None) -> Modal:
    """Delete an option of a custom field, in a form that says what is lost."""
    found = _own(ctx, field)
    chosen = _chosen(ctx, found, option, "option delete")
    return Modal(forms.remove(found, chosen, usage(ctx, found, chosen.id)))


@group.submitted(forms.REMOVE, fails="The option was not deleted")
def deleted(ctx: Context) -> Reply:
    id_ = ctx.memory["option"]
    field = read(ctx, ctx.memory["field"])
    with turn(field.id):
        try:
            option = ctx.api.custom_field_options.show(id_)
            ctx.notes.on("option", f"{option.value} of {field.name}", option.id)
            ctx.notes.change("value", option.value, None)
            ctx.api.custom_field_options.delete(id_)
        except NotFound:
            if ctx.attempt == 1:
                raise Refusal(GONE) from None
            return Reply(f"The option was deleted, {by(ctx)}.")
    ctx.catalog.forget("custom_fields")
    of = text.bold(field.name)
    return Reply(
        f"The option {text.bold(option.value)} of {of} was deleted, {by(ctx)}."
    )


def _read(ctx: Context, option_id: str) -> CustomFieldOption:
    try:
        return ctx.api.custom_field_options.show(option_id)
    except NotFound:
        raise Refusal(GONE) from None


def _chosen(
    ctx: Context, field: CustomField, words: str | None, phrase: str
) -> CustomFieldOption:
    """Find the option that is meant, or ask which."""
    options = options_of(ctx, field)
    found = matches(options, words) if words else options
    if words and len(found) == 1:
        return found[0]
    if not options:
        raise Refusal(f"{text.bold(field.name)} has no options yet.")
    question = Ambiguous(
        f"Which option of {text.plain(field.name, 80)}?",
        _offered((found or options)[:MOST_OPTIONS]),
        source=SOURCE if len(found or options) > MOST_OPTIONS else None,
    )
    question.line = f"{phrase} {field.id} {text.BLANK}"
    raise question


def _offered(options: Sequence[CustomFieldOption]) -> list[Choosable]:
    return [Choosable(option.value, option.id) for option in options]


@group.options(SOURCE)
def search(ctx: Context, query: str) -> Sequence[Choosable]:
    """Suggest options of the field that the question is about."""
    words = str(ctx.memory.get("_field", "")).split()
    known = [f for f in ctx.catalog.custom_fields() if f.id in words]
    options = [option for field in known for option in field.options]
    found = matches(options, query) if query.strip() else options
    return _offered(found[:MOST_OPTIONS])

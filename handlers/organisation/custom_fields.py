"""``field`` and ``fields``: the organisation's own fields of an incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from blocks.kit import messages, text
from blocks.kit.fields import MOST_OPTIONS, Choosable
from blocks.organisation import custom_field_forms as forms
from blocks.organisation import custom_fields as view
from handlers.core.announce import by
from handlers.core.arguments.disambiguation import options as offered
from handlers.core.arguments.resolve import FIRST, Page, choose, resolves
from handlers.core.command import Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.levels import Level
from handlers.core.locks import turn
from handlers.core.pages import ON_A_PAGE, cut
from handlers.core.problems import Refusal
from incidentio.errors import NotFound
from incidentio.features import SETTINGS
from incidentio.lookup import matches
from incidentio.models import (
    CustomField,
    CustomFieldEntry,
    CustomFieldOption,
    Incident,
)

group = Group("field", "Custom fields", level=Level.ADMINISTER, writes=SETTINGS, rank=3)

SOURCE = "custom_field"
GONE = "That custom field was deleted."

Uses = Callable[[CustomFieldEntry], bool]


@group.command("fields", fails="The custom fields were not listed")
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the custom fields."""
    part = cut(_by_name(ctx.api.custom_fields.list()), page, ON_A_PAGE)
    turner = messages.turner("fields", part.number, more=part.more)
    names = ", ".join(text.inline(field.name) for field in part.shown) or "none"
    return Reply(f"Custom fields: {names}", [*view.listing(part.shown), *turner])


def _by_name(fields: Iterable[CustomField]) -> list[CustomField]:
    return sorted(fields, key=lambda field: field.name.casefold())


@group.command("field [show]", fails="The custom field was not shown")
def show(ctx: Context, field: CustomField) -> Reply:
    """Show everything about a custom field."""
    found = read(ctx, field.id)
    blocks = view.card(found, options_of(ctx, found), usage(ctx, found), ctx.now)
    return Reply(f"{text.inline(found.name)}: takes {view.kind(found)}", blocks)


def read(ctx: Context, field_id: str) -> CustomField:
    """Read it anew; it may have been deleted since it was listed."""
    try:
        return ctx.api.custom_fields.show(field_id)
    except NotFound:
        ctx.catalog.forget("custom_fields")
        raise Refusal(GONE) from None


def options_of(ctx: Context, field: CustomField) -> list[CustomFieldOption]:
    """Read its own options, in their order."""
    if not view.has_options(field):
        return []
    found = ctx.api.custom_field_options.list(field.id)
    return sorted(found, key=lambda o: (o.sort_key, o.value.casefold()))


def usage(ctx: Context, field: CustomField, option: str | None = None) -> view.Usage:
    """Find the incidents in progress with a value in it, as far as one may see."""

    def uses(entry: CustomFieldEntry) -> bool:
        values = [v for v in entry.values if not option or _is(v.value_option, option)]
        return entry.custom_field.id == field.id and bool(values)

    live = [i for i in ctx.catalog.live_incidents() if _uses(i, uses)]
    others = () if option else ctx.catalog.custom_fields()
    filtered = [other for other in others if _filters(field, other)]
    return view.Usage(ctx.directory.visible(live), filtered)


def _filters(field: CustomField, other: CustomField) -> bool:
    by_ = other.raw.get("filter_by")
    return isinstance(by_, dict) and by_.get("custom_field_id") == field.id


def _is(option: CustomFieldOption | None, id_: str) -> bool:
    return option is not None and option.id == id_


def _uses(incident: Incident, uses: Uses) -> bool:
    return any(uses(entry) for entry in incident.custom_field_entries)


@group.command("field delete", fails="The form was not opened")
def delete(ctx: Context, field: CustomField) -> Modal:
    """Delete a custom field, in a form that says what is lost."""
    found = read(ctx, field.id)
    options = len(options_of(ctx, found))
    return Modal(forms.delete(found, options, usage(ctx, found)))


@group.submitted(forms.DELETE, fails="The custom field was not deleted")
def deleted(ctx: Context) -> Reply:
    id_ = ctx.memory["field"]
    with turn(id_):
        try:
            field = ctx.api.custom_fields.show(id_)
            ctx.notes.on("custom field", field.name, field.id)
            ctx.notes.change("name", field.name, None)
            ctx.api.custom_fields.delete(id_)
        except NotFound:
            if ctx.attempt == 1:
                raise Refusal(GONE) from None
            return Reply(f"The custom field was deleted, {by(ctx)}.")
    ctx.catalog.forget("custom_fields")
    return Reply(f"The custom field {text.bold(field.name)} was deleted, {by(ctx)}.")


@resolves(CustomField)
def _field(ctx: Context, words: list[str], required: bool) -> CustomField | None:
    known = _by_name(ctx.catalog.custom_fields())
    found: CustomField | None = choose(
        known, words, "custom field", required=required, source=SOURCE
    )
    return found


@group.options(SOURCE)
def search(ctx: Context, query: str) -> Sequence[Choosable]:
    """Suggest custom fields."""
    known = _by_name(ctx.catalog.custom_fields())
    found = matches(known, query) if query.strip() else known
    return offered(found[:MOST_OPTIONS])

"""``field`` and ``fields``: the organisation's own fields of an incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from blocks.kit import text
from blocks.kit.fields import Value
from blocks.organisation import custom_field_forms as forms
from blocks.organisation import custom_fields as view
from handlers.core.arguments.catalogued import Catalogued, by_name
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.deleting import Deletion
from handlers.core.pages import listed
from handlers.core.permissions import Level
from handlers.core.resource import DeletableResource
from incidentio import CustomField, CustomFieldEntry, CustomFieldOption, Incident
from incidentio.features import SETTINGS
from incidentio.lookup import normal

group = Group("field", "Custom fields", level=Level.ADMINISTER, writes=SETTINGS, rank=3)

FIELD = DeletableResource(
    "custom field", "custom_fields", lambda ctx: ctx.api.custom_fields
)
read = FIELD.read

Uses = Callable[[CustomFieldEntry], bool]


@group.command(
    "fields",
    effect=Effect("The custom fields", "listed", "were"),
    says=["custom fields"],
)
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the custom fields."""
    found = by_name(ctx.api.custom_fields.list())
    return listed("Custom fields", "fields", found, page, view.listing)


@group.command(
    "field [show]", effect=Effect("The custom field", "shown"), says=["custom field"]
)
def show(ctx: Context, field: CustomField) -> Reply:
    """Show everything about a custom field."""
    found = read(ctx, field.id)
    blocks = view.card(found, options_of(ctx, found), usage(ctx, found), ctx.now)
    return Reply(f"{text.inline(found.name)}: takes {view.kind(found)}", blocks)


def options_of(ctx: Context, field: CustomField) -> list[CustomFieldOption]:
    """Read the options of a field, in their order."""
    if not view.has_options(field):
        return []
    found = ctx.api.custom_field_options.list(field.id)
    return sorted(found, key=lambda o: (o.sort_key, normal(o.value)))


def usage(
    ctx: Context, field: CustomField, option: str | None = None
) -> view.FieldUsage:
    """Return the visible incidents in progress with a value, or this option, in it."""

    def uses(entry: CustomFieldEntry) -> bool:
        values = [v for v in entry.values if not option or _is(v.value_option, option)]
        return entry.custom_field.id == field.id and bool(values)

    live = [i for i in ctx.directory.live() if _uses(i, uses)]
    others = () if option else ctx.catalog.custom_fields()
    filtered = [other for other in others if _filters(field, other)]
    return view.FieldUsage(live, filtered)


def _filters(field: CustomField, other: CustomField) -> bool:
    by_ = other.raw.get("filter_by")
    return isinstance(by_, dict) and by_.get("custom_field_id") == field.id


def _is(option: CustomFieldOption | None, id_: str) -> bool:
    return option is not None and option.id == id_


def _uses(incident: Incident, uses: Uses) -> bool:
    return any(uses(entry) for entry in incident.custom_field_entries)


class CustomFieldDeletion(Deletion[CustomField]):
    form_id = forms.DELETE
    resource = FIELD
    key = "field"

    def losses(self, current: CustomField) -> Sequence[str]:
        options = options_of(self.ctx, current)
        return forms.losses(current, len(options), usage(self.ctx, current))

    def context(self, current: CustomField) -> Sequence[str]:
        del current
        return [forms.UNSEEN]


@group.command(
    "field delete",
    aliases=["delete field"],
    says=["remove field", "delete custom field"],
)
def delete(ctx: Context, field: CustomField) -> Modal:
    """Delete a custom field, in a form that says what is lost and asks for its name."""
    return CustomFieldDeletion(ctx).open(field.id)


@group.submitted(forms.DELETE, effect=Effect("The custom field", "deleted"))
def deleted(ctx: Context, **values: Value) -> Reply | Modal:
    return CustomFieldDeletion(ctx).submit(values)


Catalogued(
    "custom field",
    lambda ctx: by_name(ctx.catalog.custom_fields()),
    source="custom_field",
).register(CustomField)

"""``option`` and ``options``: what can be chosen in a custom field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocks.kit import managed, messages, text
from blocks.kit.edit import Input
from blocks.kit.fields import Choosable, Value
from blocks.kit.form import Form
from blocks.organisation import custom_field_forms as forms
from blocks.organisation import custom_fields as view
from handlers.core.announce import by
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page, Rest
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.deleting import Deletion
from handlers.core.editing import FieldEditor
from handlers.core.locks import lock_for
from handlers.core.pages import ON_A_PAGE, paginate
from handlers.core.permissions import Level
from handlers.core.problems import Ambiguous, Refusal, required
from handlers.core.resource import DeletableResource
from handlers.organisation.custom_field_forms import add_missing, lines
from handlers.organisation.custom_fields import options_of, read, usage
from incidentio import CustomField, CustomFieldOption
from incidentio.features import SETTINGS
from incidentio.lookup import matches

group = Group(
    "option",
    "Options of custom fields",
    level=Level.ADMINISTER,
    writes=SETTINGS,
    rank=4,
)

SOURCE = "field_option"
OPTION = DeletableResource(
    "option", "custom_fields", lambda ctx: ctx.api.custom_field_options
)


@group.command(
    "options", effect=Effect("The options", "listed", "were"), says=["field options"]
)
def list_(ctx: Context, field: CustomField, page: Page = FIRST) -> Reply:
    """List the options of a custom field, in their order."""
    options = options_of(ctx, _own(ctx, field))
    part = paginate(options, page, ON_A_PAGE)
    turner = messages.pager(f"options {field.id}", part.number, more=part.more)
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


@group.command(
    "option add",
    writes=True,
    effect=Effect("The options", "added", "were"),
    aliases=["add option", "new option"],
)
def add(ctx: Context, field: CustomField, value: Rest | None = None) -> Reply | Modal:
    """Add an option to a custom field: at once with a value, else in a form."""
    found = _own(ctx, field)
    if value is None:
        return Modal(forms.add(found))
    return _add(ctx, found, [value.strip()])


@group.submitted(forms.ADD, effect=Effect("The options", "added", "were"))
def added(ctx: Context, *, options: str | None = None) -> Reply:
    values = lines(required("options", options, "Write the options, one per line."))
    return _add(ctx, read(ctx, ctx.memory["field"]), values)


def _add(ctx: Context, field: CustomField, values: list[str]) -> Reply:
    """Add the options that are missing, so that a second attempt adds none twice."""
    with lock_for(field.id):
        ctx.notes.on("custom field", field.name, field.id)
        try:
            new = add_missing(ctx, field, values)
        finally:
            ctx.catalog.expire("custom_fields")
    named = text.listed([text.bold(value) for value in new or values])
    if not new:
        have = "has" if len(values) == 1 else "has all of"
        return Reply(f"{text.bold(field.name)} {have} {named} already.")
    were = "was" if len(new) == 1 else "were"
    said = f"{named} {were} added to {text.bold(field.name)}, {by(ctx)}."
    return Reply(" ".join([said, *managed.after(field)]))


class OptionEditor(FieldEditor[CustomFieldOption]):
    key = "field"

    def __init__(self, ctx: Context, field: CustomField) -> None:
        super().__init__(ctx)
        self.field = field

    def read(self) -> CustomFieldOption:
        return OPTION.read(self.ctx, self.ctx.memory["option"])

    def inputs(self, current: CustomFieldOption) -> Sequence[Input]:
        return forms.option_fields(current)

    def form(self, current: CustomFieldOption, inputs: Sequence[Input]) -> Form:
        return forms.edit_option(self.field, current, inputs)

    def write(
        self, current: CustomFieldOption, due: Mapping[str, Value]
    ) -> CustomFieldOption:
        sent = {"value": current.value, "sort_key": current.sort_key, **due}
        value, sort_key = str(sent["value"]), int(float(str(sent["sort_key"])))
        options = self.ctx.api.custom_field_options
        after = options.update(current, value=value, sort_key=sort_key)
        self.ctx.catalog.expire("custom_fields")
        return after

    def describe(self, current: CustomFieldOption) -> str:
        named = text.bold(current.value)
        return f"The option {named} of {text.bold(self.field.name)}"

    def managed(self, current: CustomFieldOption) -> CustomField:
        """Return the field: its options are managed with it."""
        del current
        return self.field

    def record_target(self, current: CustomFieldOption) -> None:
        named = f"{current.value} of {self.field.name}"
        self.ctx.notes.on("option", named, current.id)


@group.command("option edit")
def edit(ctx: Context, field: CustomField, option: Rest | None = None) -> Modal:
    """Edit an option of a custom field, in a form."""
    found = _own(ctx, field)
    chosen = _chosen(ctx, found, option, "option edit")
    return OptionEditor(ctx, found).open(chosen)


@group.submitted(forms.CHANGE, effect=Effect("The option", "changed"))
def edited(ctx: Context, **values: Value) -> Reply | Modal:
    return OptionEditor(ctx, read(ctx, ctx.memory["field"])).submit(values)


class OptionDeletion(Deletion[CustomFieldOption]):
    form_id = forms.REMOVE
    resource = OPTION
    key = "option"

    def __init__(self, ctx: Context, field: CustomField) -> None:
        super().__init__(ctx)
        self.field = field

    def losses(self, current: CustomFieldOption) -> Sequence[str]:
        return forms.option_losses(usage(self.ctx, self.field, current.id))

    def context(self, current: CustomFieldOption) -> Sequence[str]:
        del current
        return [forms.UNSEEN]

    def describe(self, current: CustomFieldOption) -> str:
        return f"{super().describe(current)} of {text.bold(self.field.name)}"

    def managed(self, current: CustomFieldOption) -> CustomField:
        del current
        return self.field

    def audit_name(self, current: CustomFieldOption) -> str:
        return f"{current.value} of {self.field.name}"

    def memory(self, current: CustomFieldOption) -> Mapping[str, str]:
        return {"field": self.field.id, **super().memory(current)}


@group.command("option delete")
def delete(ctx: Context, field: CustomField, option: Rest | None = None) -> Modal:
    """Delete an option, in a form that says what is lost and asks for its name."""
    found = _own(ctx, field)
    chosen = _chosen(ctx, found, option, "option delete")
    return OptionDeletion(ctx, found).open(chosen.id)


@group.submitted(forms.REMOVE, effect=Effect("The option", "deleted"))
def deleted(ctx: Context, **values: Value) -> Reply | Modal:
    return OptionDeletion(ctx, read(ctx, ctx.memory["field"])).submit(values)


def _chosen(
    ctx: Context, field: CustomField, words: str | None, phrase: str
) -> CustomFieldOption:
    """Return the option that the words mean, or ask which."""
    options = options_of(ctx, field)
    found = matches(options, words) if words else options
    if words and len(found) == 1:
        return found[0]
    if not options:
        raise Refusal(f"{text.bold(field.name)} has no options yet.")
    question = Ambiguous(
        f"Which option of {text.plain(field.name, 80)}?",
        _offered(found or options),
        source=SOURCE,
    )
    question.line = f"{phrase} {field.id} {text.BLANK}"
    raise question


def _offered(options: Sequence[CustomFieldOption]) -> list[Choosable]:
    return [Choosable(option.value, option.id) for option in options]


def _asked_about(ctx: Context) -> Sequence[CustomFieldOption]:
    """Return the options of the field that the person is asked about."""
    words = str(ctx.memory.get("_field", "")).split()
    known = [f for f in ctx.catalog.custom_fields() if f.id in words]
    return [option for field in known for option in field.options]


group.options(SOURCE)(Catalogued("option", _asked_about).suggest)

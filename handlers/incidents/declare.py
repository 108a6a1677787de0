"""``declare``: open an incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from blocks.incidents import card
from blocks.incidents import declare as view
from blocks.kit import messages, text
from blocks.kit.fields import Value, text_in
from blocks.kit.form import MORE
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.people import explain_no_account, find_account
from handlers.core.arguments.quoted import plain_text
from handlers.core.arguments.resolve import Message, Prose
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.operations import SEVERITY, STATUS, at_first
from handlers.core.problems import FieldErrors, required
from incidentio import CustomField, CustomFieldOption, Incident, Status
from incidentio.features import DECLARING
from incidentio.incidents import (
    CustomFieldPayload,
    CustomFieldValuePayload,
    RoleAssignmentPayload,
)

group = Group("declare", "Declare an incident", writes=DECLARING, rank=1)


@group.command(
    "declare",
    aliases=[
        "new incident",
        "create incident",
        "open incident",
        "start incident",
        "report incident",
        "raise incident",
    ],
    says=[
        "down",
        "site down",
        "broken down",
        "create new incident",
        "open new incident",
        "start new incident",
        "outage",
        "incident create",
        "report problem",
        "something broke",
        "raise alarm",
        "new sev",
    ],
)
def declare(ctx: Context, name: Prose | None = None) -> Modal:
    """Declare an incident, in a form."""
    return Modal(view.form(configuration(ctx), _given(ctx, name or "")))


def _given(ctx: Context, words: str) -> view.Given:
    return view.Given.of(words, ctx.user, ctx.catalog.severities())


@group.shortcut("declare", label="Declare an incident", of="declare")
def from_anywhere(ctx: Context) -> Modal:
    """Declare an incident."""
    return Modal(view.form(configuration(ctx), _given(ctx, "")))


@group.shortcut("declare.from_message", label="Declare an incident", of="declare")
def from_message(ctx: Context, message: Message) -> Modal:
    """Declare an incident from a message."""
    words = plain_text(ctx, message)
    whole = replace(_given(ctx, words), summary=words or None)
    return Modal(view.form(configuration(ctx), whole))


@group.changed(view.FORM, "type")
@group.changed(view.FORM, MORE)
def follow(ctx: Context, **values: Value) -> Modal:
    """Show what goes with the chosen type, and the rest of the form once asked for."""
    given = view.Given(type=text_in(values, "type"))
    return Modal(view.form(configuration(ctx), given).filled(values))


def configuration(ctx: Context) -> view.DeclareOptions:
    catalog = ctx.catalog
    return view.DeclareOptions(
        severities=catalog.severities(),
        types=catalog.types(),
        statuses=catalog.statuses(),
        custom_fields=catalog.custom_fields(),
    )


@group.submitted(
    view.FORM,
    effect=Effect("The incident", "declared"),
    fields={"severity": [at_first(SEVERITY)], "status": [at_first(STATUS)]},
)
def declared(
    ctx: Context,
    *,
    name: str | None = None,
    visibility: str = "public",
    mode: str = "standard",
    severity: str | None = None,
    type: str | None = None,  # noqa: A002 - the field's own name
    status: str | None = None,
    summary: str | None = None,
    lead: str | None = None,
    **custom: Value,
) -> Reply:
    """Declare the incident once, however often the form arrives."""
    named = required("name", name, "Say what is happening, in a few words.")
    _check_severity(ctx, severity)
    seen_by = _visibility(ctx, visibility, type)
    _note(ctx, named, severity, seen_by)
    incident = ctx.api.incidents.create(
        idempotency_key=ctx.idempotency_key,
        name=named,
        visibility=seen_by,
        mode=mode,
        severity_id=severity,
        incident_type_id=type,
        incident_status_id=status,
        summary=summary,
        incident_role_assignments=_led_by(ctx, lead),
        custom_field_entries=entries(ctx.catalog.custom_fields(), custom),
    )
    ctx.catalog.expire("live_incidents")
    ctx.notes.target = None
    ctx.notes.on_incident(incident)
    asked = {"name": named, "severity": severity, "summary": summary}
    return announce(ctx, incident, asked if ctx.in_doubt else {})


def _note(ctx: Context, name: str, severity: str | None, visibility: str) -> None:
    if visibility != "public":
        ctx.notes.on_private()
    ctx.notes.on("incident", name)
    ctx.notes.change("name", None, name)
    ctx.notes.change("visibility", None, visibility)
    levels = (s.name for s in ctx.catalog.severities() if s.id == severity)
    ctx.notes.change("severity", None, next(levels, None))


def announce(
    ctx: Context, incident: Incident, asked: Mapping[str, str | None]
) -> Reply:
    """Announce the incident in the channel; a private one only to the person.

    If an earlier attempt declared it, name what now differs from ``asked``.
    """
    words = card.declared(incident, ctx.user)
    if left := _not_applied(incident, asked):
        words = (
            f"{words} It was declared already when the form was sent again: your "
            f"later changes to {text.listed(left)} were not applied. Use Edit, or "
            "change the severity, to make them."
        )
    blocks = [messages.section(words), *card.card(incident, ctx.now)]
    return Reply(words, blocks, public=not incident.is_private)


def _not_applied(incident: Incident, asked: Mapping[str, str | None]) -> list[str]:
    """Name the properties that are not as asked."""
    severity = incident.severity.id if incident.severity else None
    now = {"name": incident.name, "severity": severity, "summary": incident.summary}
    return [
        name for name, value in asked.items() if _flat(value) != _flat(now.get(name))
    ]


def _flat(words: str | None) -> str:
    return " ".join((words or "").split())


def _check_severity(ctx: Context, severity: str | None) -> None:
    """Refuse a severity that was deleted since the form was opened."""
    if severity is None or any(s.id == severity for s in ctx.catalog.severities()):
        return
    ctx.catalog.reread("severities")
    if all(s.id != severity for s in ctx.catalog.severities()):
        raise FieldErrors({"severity": "That severity was deleted. Choose another."})


def _visibility(ctx: Context, chosen: str, kind: str | None) -> str:
    always = {t.id for t in ctx.catalog.types() if t.private_incidents_only}
    return "private" if kind in always else chosen


def _led_by(ctx: Context, lead: str | None) -> list[RoleAssignmentPayload] | None:
    if lead is None:
        return None
    role = next((r for r in ctx.catalog.roles() if r.role_type == "lead"), None)
    if role is None:
        return None
    user = find_account(ctx, lead)
    if user is None:
        if lead == ctx.user:
            return None
        raise FieldErrors({"lead": explain_no_account(ctx, lead)})
    return [{"incident_role_id": role.id, "assignee": {"id": user.id}}]


def entries(
    fields: Sequence[CustomField], values: Mapping[str, Value]
) -> list[CustomFieldPayload]:
    """Return the entered values of custom fields as the API takes them."""
    kinds = {field.id: field.field_type for field in fields}
    return [
        {"custom_field_id": id_, "values": _values(kinds.get(id_, "text"), value)}
        for name, value in values.items()
        if value and name.startswith(view.CUSTOM)
        for id_ in [name.removeprefix(view.CUSTOM)]
    ]


def _values(kind: str, value: Value) -> list[CustomFieldValuePayload]:
    chosen = value if isinstance(value, tuple) else (str(value),)
    match kind:
        case "single_select" | "multi_select":
            return [{"value_option_id": option} for option in chosen]
        case "link":
            return [{"value_link": chosen[0]}]
        case "numeric":
            return [{"value_numeric": chosen[0]}]
    return [{"value_text": chosen[0]}]


def _options(ctx: Context) -> Sequence[CustomFieldOption]:
    """List the options of the custom field that is being filled in."""
    id_ = str(ctx.memory.get("_field", "")).removeprefix(view.CUSTOM)
    find_account = ctx.catalog.custom_fields()
    return next((field.options for field in find_account if field.id == id_), ())


group.options(view.SOURCE)(Catalogued("option", _options).suggest)


def _first_statuses(ctx: Context) -> Sequence[Status]:
    return view.first_statuses(configuration(ctx))


group.options(view.FIRST_STATUSES)(Catalogued("status", _first_statuses).suggest)

"""``lead``, ``role``, ``rename`` and ``set summary``: each changes one property.

With words it is changed at once; without words, in a form that has only its field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from blocks.incidents import roles as view
from blocks.incidents.properties import NAME_LIMIT, ROLE, Property
from blocks.kit import text
from blocks.kit.edit import Input
from blocks.kit.fields import Field, Value
from blocks.kit.form import Form
from handlers.core.announce import by
from handlers.core.arguments.resolve import Prose
from handlers.core.command import Effect, Modal, Reply
from handlers.core.context import Context
from handlers.core.locks import lock_for
from handlers.core.operations import EDIT
from handlers.core.problems import Refusal, UsageError
from handlers.incidents.edit import IncidentEditor
from handlers.incidents.show import group
from incidentio import Incident, Role, RoleAssignment, User

FORM = "incident.property"
LEAD = Effect("The lead", "changed")
NAME, SUMMARY = "name", "summary"


class PropertyEditor(IncidentEditor):
    """Edits one property of an incident, by the name of its field."""

    def __init__(self, ctx: Context, name: str, *, notify: bool = True) -> None:
        super().__init__(ctx, notify=notify)
        self.name = name

    def properties(self, current: Incident) -> list[Property]:
        every = super().properties(current)
        return [one for one in every if one.field.name == self.name]

    def form(self, current: Incident, inputs: Sequence[Input]) -> Form:
        form = super().form(current, inputs)
        memory = {**form.memory, "property": self.name}
        return replace(form, id=FORM, memory=memory, later=())

    def said(
        self, after: Incident, changes: Sequence[tuple[Field, Field | None]]
    ) -> list[str]:
        ((old, new),) = changes
        if new is None or new.is_prose:
            return super().said(after, changes)
        now, was = new.value_text(), old.value_text()
        subject = f"{self.describe(after)}: {new.label_text}"
        return [f"{subject} is now {now} (was {was}), {by(self.ctx)}."]

    def set(self, incident: Incident, value: Value) -> Reply:
        """Change the property at once.

        Raises:
            Refusal: it has this value already, or it cannot be changed here.
        """
        with lock_for(incident.id):
            current = self.ctx.directory.incident(incident.id)
            found = self.properties(current)
            if not found:
                raise Refusal(f"{self.describe(current)} has no such property.")
            field = found[0].field
            same = field.normalized(field.current_value) == field.normalized(value)
            if same and not self.ctx.in_doubt:
                shown = field.value_text()
                raise Refusal(
                    f"{self.describe(current)}: {field.label_text} is {shown} already."
                )
            return self.change(current, {self.name: value})


@group.submitted(FORM, effect=Effect("The incident", "changed"), of="incident edit")
def submitted(
    ctx: Context, *, notify: tuple[str, ...] = (), **values: Value
) -> Reply | Modal:
    editor = PropertyEditor(ctx, ctx.memory["property"], notify=bool(notify))
    return editor.submit(values)


@group.command(
    "incident lead",
    writes=True,
    effect=LEAD,
    also=[EDIT],
    aliases=["lead", "set lead", "assign lead"],
    says=[
        "i'll take lead -> me",
        "make lead",
        "who lead it",
        "change lead",
        "new lead",
        "give lead",
        "handover lead",
        "take lead -> me",
        "i lead -> me",
        "incident commander",
    ],
)
def lead(ctx: Context, incident: Incident, person: User | None = None) -> Reply | Modal:
    """Give an incident a lead: at once with a name or `me`, else in a form."""
    found = [role for role in ctx.catalog.roles() if role.role_type == "lead"]
    if not found:
        raise Refusal("incident.io has no role of a lead.")
    return _assign(ctx, incident, found[0], person)


@group.command(
    "incident role",
    writes=True,
    effect=Effect("The role", "given"),
    also=[EDIT],
    aliases=["assign role", "give role"],
    says=[
        "change role",
        "take role -> me",
        "role person",
        "take comms -> comms me",
        "take communications -> communications me",
        "take scribe -> scribe me",
    ],
)
def role(
    ctx: Context, incident: Incident, role: Role, person: User | None = None
) -> Reply | Modal:
    """Give somebody a role in an incident: at once with a name, else in a form."""
    return _assign(ctx, incident, role, person)


@group.command(
    "incident roles",
    effect=Effect("The roles", "listed", "were"),
    says=["who has roles", "who does what", "roles incident", "claim role"],
)
def roles(ctx: Context, incident: Incident) -> Reply:
    """Show who holds which role in an incident, to claim one or to hand it over."""
    taken = {a.role.id: a for a in incident.incident_role_assignments}
    every = {role.id: RoleAssignment(role=role) for role in ctx.catalog.roles()} | taken
    shown = [one for one in every.values() if one.role.role_type != "reporter"]
    held = [f"{one.role.name} {one.assignee.name}" for one in shown if one.assignee]
    words = f"{incident.reference}: {', '.join(held) or 'no role is taken'}"
    me = ctx.directory.me
    return Reply(
        text.inline(words), view.listing(incident, shown, me.id if me else None)
    )


@group.command(
    "incident rename",
    writes=True,
    effect=Effect("The name", "changed"),
    also=[EDIT],
    aliases=["rename", "rename incident"],
    says=["change name", "set name", "change title", "incident name"],
)
def rename(
    ctx: Context, incident: Incident, name: Prose | None = None
) -> Reply | Modal:
    """Rename an incident: at once with a name, else in a form."""
    if name is None:
        return PropertyEditor(ctx, NAME).open(incident)
    if len(name) > NAME_LIMIT:
        raise UsageError(f"A name has at most {NAME_LIMIT} characters.")
    return PropertyEditor(ctx, NAME).set(incident, name)


@group.command(
    "incident summary",
    writes=True,
    effect=Effect("The incident's summary", "changed"),
    also=[EDIT],
    aliases=["set summary", "change summary", "edit summary"],
    says=["tldr incident", "write summary", "update summary", "summarise", "summarize"],
)
def summary(
    ctx: Context, incident: Incident, text: Prose | None = None
) -> Reply | Modal:
    """Write an incident's summary: at once with the words, else in a form."""
    editor = PropertyEditor(ctx, SUMMARY)
    return editor.open(incident) if text is None else editor.set(incident, text)


def _assign(
    ctx: Context, incident: Incident, role: Role, person: User | None
) -> Reply | Modal:
    editor = PropertyEditor(ctx, f"{ROLE}{role.id}")
    if person is None:
        return editor.open(incident)
    if not person.slack_user_id:
        name = text.inline(person.name, 80)
        raise Refusal(f"{name} has no Slack account that incident.io knows.")
    return editor.set(incident, person.slack_user_id)

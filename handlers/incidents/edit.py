"""``incident edit``: change what an incident says about itself.

Only what was changed in the form is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from blocks.incidents import edit as view
from blocks.incidents import roles as roles_view
from blocks.incidents.declare import CUSTOM
from blocks.incidents.properties import (
    ROLE,
    TIME,
    Configuration,
    Property,
    properties,
)
from blocks.kit.edit import Input
from blocks.kit.fields import Value
from blocks.kit.form import MORE, Form
from handlers.core.announce import announced_by_incidentio, ref
from handlers.core.arguments.people import explain_no_account, find_account
from handlers.core.command import Effect, Modal, Post, Reply
from handlers.core.context import Context
from handlers.core.editing import FieldEditor
from handlers.core.problems import FieldErrors
from handlers.incidents.declare import entries
from handlers.incidents.show import group
from incidentio import Incident, Role, RoleAssignment, User
from incidentio.errors import Invalid

EFFECT = Effect("The incident", "changed")
LISTS = {
    ROLE: "incident_role_assignments",
    CUSTOM: "custom_field_entries",
    TIME: "incident_timestamp_values",
}
"""The API's names of the lists that these fields are in, by prefix of the field."""


class IncidentEditor(FieldEditor[Incident]):
    key = "incident"

    def __init__(self, ctx: Context, *, notify: bool = True) -> None:
        super().__init__(ctx)
        self.notify = notify
        self.after: Incident | None = None
        """The incident as incident.io answered the change."""

    def read(self) -> Incident:
        return self.ctx.directory.incident(self.ctx.memory[self.key])

    def properties(self, current: Incident) -> list[Property]:
        catalog = self.ctx.catalog
        live = Configuration(
            roles=catalog.roles(),
            custom_fields=catalog.custom_fields(),
            timestamps=catalog.timestamps(),
        )
        return properties(current, live)

    def inputs(self, current: Incident) -> Sequence[Input]:
        return view.shown(self.properties(current))

    def form(self, current: Incident, inputs: Sequence[Input]) -> Form:
        return view.form(current, self.properties(current), inputs)

    def write(self, current: Incident, due: Mapping[str, Value]) -> Incident:
        changes = _changes(self.ctx, due, _accounts(self.ctx, due))
        try:
            after = self.ctx.api.incidents.edit(
                current.id, notify_incident_channel=self.notify, **changes
            )
        except Invalid as error:
            if beside := _beside(error, due):
                raise FieldErrors(beside) from error
            raise
        self.ctx.catalog.expire("live_incidents")
        self.after = after
        return after

    def change(
        self, current: Incident, due: Mapping[str, Value], kept: Sequence[str] = ()
    ) -> Reply:
        """Write the values, and tell people of the roles that they were given."""
        reply = super().change(current, due, kept)
        incident = self.after or current
        given = {
            n.removeprefix(ROLE) for n, v in due.items() if v and n.startswith(ROLE)
        }
        held = [a for a in incident.incident_role_assignments if a.role.id in given]
        own = [a.role for a in held if a.assignee and self._is_me(a.assignee)]
        told = [self._told(incident, a) for a in held if a.role not in own]
        reply = replace(reply, posts=[*reply.posts, *filter(None, told)])
        return self._with_instructions(reply, own)

    def _is_me(self, person: User) -> bool:
        return person.slack_user_id == self.ctx.user

    def _told(self, incident: Incident, assigned: RoleAssignment) -> Post | None:
        """Return the message to whoever was given a role by somebody else."""
        person = assigned.assignee
        if person is None or not person.slack_user_id:
            return None
        drawn = roles_view.given(incident, assigned.role, self.ctx.user)
        return Post(person.slack_user_id, drawn.text, drawn.blocks)

    def _with_instructions(self, reply: Reply, own: Sequence[Role]) -> Reply:
        """Add to an answer the instructions of roles that the person took.

        A public answer stays as it is: they are sent to the person.
        """
        words = [words for role in own if (words := roles_view.instructions(role))]
        if not words:
            return reply
        said = "\n".join(words)
        if reply.public or not reply.text:
            return replace(reply, posts=[*reply.posts, Post(self.ctx.user, said)])
        return replace(reply, text=f"{reply.text}\n{said}")

    def describe(self, current: Incident) -> str:
        return ref(current)

    def record_target(self, current: Incident) -> None:
        self.ctx.notes.on_incident(current)

    def announce(self, after: Incident, words: str) -> Reply:
        return announced_by_incidentio(self.ctx, after, words, notify=self.notify)


@group.command(
    "incident edit",
    effect=EFFECT,
    aliases=["edit incident"],
    says=[
        "change incident",
        "incident fields",
        "custom fields incident",
        "change fields",
    ],
)
def edit(ctx: Context, incident: Incident) -> Modal:
    """Edit an incident in a form: name, summary, people, fields and times."""
    return IncidentEditor(ctx).open(incident)


@group.submitted(view.FORM, effect=EFFECT)
def submitted(
    ctx: Context, *, notify: tuple[str, ...] = (), **values: Value
) -> Reply | Modal:
    return IncidentEditor(ctx, notify=bool(notify)).submit(values)


@group.changed(view.FORM, MORE)
def more(ctx: Context, **values: Value) -> Modal:
    """Show all that can be edited, with what was typed."""
    return IncidentEditor(ctx).more(values)


def _accounts(ctx: Context, due: Mapping[str, Value]) -> dict[str, User | None]:
    """Return the accounts of the people who are to have roles, by field name."""
    chosen = {n: str(v) for n, v in due.items() if n.startswith(ROLE) and v}
    found = {name: find_account(ctx, slack_id) for name, slack_id in chosen.items()}
    missing = {
        name: explain_no_account(ctx, chosen[name])
        for name, user in found.items()
        if user is None
    }
    if missing:
        raise FieldErrors(missing)
    return found


def _changes(
    ctx: Context, due: Mapping[str, Value], accounts: Mapping[str, User | None]
) -> dict[str, Any]:
    """Return the changes as the API takes them."""
    changes: dict[str, Any] = {}
    for name, value in due.items():
        prefix, mark, id_ = name.partition(":")
        if not mark:
            changes[name] = value
            continue
        entry = _entry(ctx, f"{prefix}:", id_, value, accounts.get(name))
        changes.setdefault(LISTS[f"{prefix}:"], []).append(entry)
    return changes


def _entry(
    ctx: Context, prefix: str, id_: str, value: Value, account: User | None
) -> Mapping[str, Any]:
    """Return one value as its list in the API takes it; an empty one clears."""
    if prefix == ROLE:
        assignee = {"id": account.id} if account else None
        return {"incident_role_id": id_, "assignee": assignee}
    if prefix == TIME:
        return {"incident_timestamp_id": id_, "value": value}
    set_ = entries(ctx.catalog.custom_fields(), {f"{CUSTOM}{id_}": value})
    return set_[0] if set_ else {"custom_field_id": id_, "values": []}


def _beside(error: Invalid, due: Iterable[str]) -> dict[str, str]:
    """Return the words of a refusal by field, found by where they point in the request.

    Return {} if one of its problems is of no field: then it is explained as a whole.
    """
    errors = {}
    for problem in error.problems:
        found = re.search(r"([a-z_]+)/(\d+)(?:/|$)", problem.pointer or "")
        prefix = next((p for p, n in LISTS.items() if found and n == found[1]), None)
        if not found or not prefix:
            return {}
        names = [name for name in due if name.startswith(prefix)]
        if int(found[2]) >= len(names):
            return {}
        errors[names[int(found[2])]] = f"incident.io says: {problem.message}"
    return errors

"""``role`` and ``roles``: what people do in an incident."""

from __future__ import annotations

from collections.abc import Iterable

from blocks.kit import text
from blocks.organisation import roles as view
from handlers.core.arguments.catalogued import Catalogued
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.pages import listed
from handlers.core.permissions import Level
from handlers.core.resource import DeletableResource
from incidentio import Incident, Role, User, features

group = Group(
    "role", "Incident roles", level=Level.ADMINISTER, writes=features.SETTINGS, rank=2
)

ROLE = DeletableResource("role", "roles", lambda ctx: ctx.api.roles)
read = ROLE.read

Held = list[tuple[Incident, User]]


@group.command(
    "roles",
    effect=Effect("The roles", "listed", "were"),
    says=["role list"],
)
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the incident roles."""
    return listed("Incident roles", "roles", ctx.catalog.roles(), page, view.listing)


@group.command(
    "role [show]",
    effect=Effect("The role", "shown"),
    says=["who has role"],
    with_person="incident role",
)
def show(ctx: Context, role: Role) -> Reply:
    """Show an incident role: what it is for, its instructions, and who holds it."""
    found = read(ctx, role.id)
    words = f"{text.inline(found.name)}: {text.inline(found.description)}"
    return Reply(words, view.card(found, usage(ctx, found), ctx.now))


def usage(ctx: Context, role: Role) -> view.RoleUsage:
    """Return who holds a role in the visible incidents in progress."""
    return view.RoleUsage(_holding(ctx.directory.live(), role))


def _holding(incidents: Iterable[Incident], role: Role) -> Held:
    return [
        (incident, assigned.assignee)
        for incident in incidents
        for assigned in incident.incident_role_assignments
        if assigned.assignee and assigned.role.id == role.id
    ]


def _shortform(role: Role) -> list[str]:
    return [role.shortform] if role.shortform else []


Catalogued(
    "incident role",
    lambda ctx: ctx.catalog.roles(),
    source="role",
    keys=_shortform,
).register(Role)

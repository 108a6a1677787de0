"""``path`` and ``paths``: who is paged, and who next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from blocks.kit import messages, text
from blocks.kit.fields import Value
from blocks.kit.people import person, warning
from blocks.paths import card as view
from blocks.paths import tree as path_tree
from blocks.paths.tree import Name
from handlers.core.arguments.catalogued import by_name
from handlers.core.arguments.resolve import FIRST, Page
from handlers.core.command import Effect, Group, Modal, Reply
from handlers.core.context import Context
from handlers.core.deleting import Deletion
from handlers.core.pages import listed, paginate
from handlers.core.permissions import Level
from handlers.core.resource import DeletableResource
from incidentio import EscalationPath, Schedule, User
from incidentio.errors import IncidentioError
from incidentio.escalation_paths import PathTarget
from incidentio.features import EDITING_PATHS, PATHS

group = Group(
    "path",
    "Escalation paths",
    level=Level.ADMINISTER,
    reads=PATHS,
    writes=EDITING_PATHS,
)

PATH = DeletableResource(
    "escalation path", "escalation_paths", lambda ctx: ctx.api.escalation_paths
)
read = PATH.read

MOST_IN_A_FORM = 40


@group.command(
    "paths",
    effect=Effect("The escalation paths", "listed", "were"),
    says=["escalation paths", "escalation policies", "policies"],
)
def list_(ctx: Context, page: Page = FIRST) -> Reply:
    """List the escalation paths, with who would be paged now."""
    found, name = by_name(ctx.api.escalation_paths.list()), naming(ctx)
    return listed(
        "Escalation paths",
        "paths",
        found,
        page,
        lambda shown: view.listing(shown, name),
    )


@group.command(
    "path [show]",
    effect=Effect("The escalation path", "shown"),
    says=["escalation path", "escalation policy"],
)
def show(ctx: Context, path: EscalationPath, page: Page = FIRST) -> Reply:
    """Show an escalation path: its steps, targets, times and working hours."""
    found = read(ctx, path.id)
    paged = _people(ctx, found)
    ctx.services.accounts.look_up(paged)
    tree = path_tree.lines(found, naming(ctx))
    part = paginate(path_tree.pages(tree), page, 1)
    line = f"path show {found.id}"
    here = line if part.number == 1 else f"{line} page:{part.number}"
    warned = warning(paged, "paged by this path", "Change its levels or schedules.")
    shown = [*warned, *part.shown[0]] if part.number == 1 else part.shown[0]
    blocks = view.card(found, shown, origin=here, first=part.number == 1)
    turner = messages.pager(line, part.number, more=part.more)
    said = f"{text.inline(found.name)}: {text.unformatted(view.now(found))}"
    return Reply(said, [*blocks, *turner])


def _people(ctx: Context, path: EscalationPath) -> list[User]:
    """Return the people whom a path pages now, or names in its levels."""
    levels = (node.level for node in path_tree.nodes(path) if node.level)
    named = (t.id for level in levels for t in level.targets if t.type == "user")
    known = (ctx.catalog.user(id_) for id_ in named)
    return [*path.current_responders, *(user for user in known if user)]


def naming(ctx: Context) -> Name:
    """Return the function that names a target, by its id if its name is not known."""

    def name(target: PathTarget) -> str:
        named = NAMED[target.type](ctx, target) if target.type in NAMED else None
        kind = KINDS.get(target.type) or target.type.replace("_", " ")
        return named or f"{text.inline(kind)} {text.code(target.id, 60)}"

    return name


def _person(ctx: Context, target: PathTarget) -> str | None:
    user = ctx.catalog.user(target.id)
    return person(user) if user else None


def _schedule(ctx: Context, target: PathTarget) -> str | None:
    known = (s for s in ctx.catalog.schedules() if s.id == target.id)
    schedule = next(known, None)
    return text.bold(schedule.name) + _rotation(schedule, target) if schedule else None


def _other_path(ctx: Context, target: PathTarget) -> str | None:
    known = (p.name for p in ctx.catalog.escalation_paths() if p.id == target.id)
    named = next(known, None)
    return f"path {text.bold(named)}" if named else None


KINDS = {"user": "person", path_tree.OTHER_PATH: "path"}
NAMED: dict[str, Callable[[Context, PathTarget], str | None]] = {
    "user": _person,
    "schedule": _schedule,
    path_tree.OTHER_PATH: _other_path,
    "slack_channel": lambda _, target: text.channel(target.id),
}


def _rotation(schedule: Schedule, target: PathTarget) -> str:
    """Return the name of the rotation, if the target is one of them."""
    if not target.selected_rota_id:
        return ""
    known = {rotation.id: rotation.name for rotation in schedule.rotations}
    named = known.get(target.selected_rota_id)
    said = text.bold(named) if named else text.code(target.selected_rota_id, 60)
    return f", rotation {said}"


class PathDeletion(Deletion[EscalationPath]):
    form_id = view.DELETE
    resource = PATH
    key = "path"

    def losses(self, current: EscalationPath) -> Sequence[str]:
        tree = path_tree.lines(current, naming(self.ctx))[:MOST_IN_A_FORM]
        return ["\n".join(tree) or "It has no steps.", *_uses(self.ctx, current)]

    def context(self, current: EscalationPath) -> Sequence[str]:
        return [view.now(current)]


@group.command(
    "path delete",
    aliases=["delete path"],
    says=["remove path", "delete escalation path"],
)
def delete(ctx: Context, path: EscalationPath) -> Modal:
    """Delete an escalation path, in a form that asks for its name."""
    return PathDeletion(ctx).open(path.id)


@group.submitted(view.DELETE, effect=Effect("The escalation path", "deleted"))
def deleted(ctx: Context, **values: Value) -> Reply | Modal:
    return PathDeletion(ctx).submit(values)


def _uses(ctx: Context, path: EscalationPath) -> list[str]:
    """Return what depends on it, as far as the API tells."""
    untold = (
        "Alert routes, workflows and other tools may use it; incident.io's API does "
        "not say. Their pages will then reach no one."
    )
    try:
        open_ = ctx.api.escalations.list(path=path.id, status=OPEN)
        number = sum(1 for _ in ctx.directory.concerning(open_))
    except IncidentioError:
        return ["incident.io did not say what is under way on it.", untold]
    under_way = f"{text.count(number, 'escalation')} under way on it now"
    return [f"{under_way}, not counting private ones of others.", untold]


OPEN = ("pending", "triggered", "acked", "snoozed", "delayed", "pending_repeat")

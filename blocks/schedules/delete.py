"""The form that deletes a schedule: what goes, who is on call, what depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blocks.kit import text
from blocks.kit.digests import digest
from blocks.kit.fields import Text
from blocks.kit.form import Form, Note
from blocks.kit.on_call import title
from blocks.kit.people import person
from incidentio.models import EscalationPath, Schedule

DELETE = "schedule.delete"
MOST = 20

Paths = Sequence[EscalationPath] | None
"""The escalation paths that use it; None where that could not be read."""


def form(schedule: Schedule, paths: Paths, *, again: bool = False) -> Form:
    lines = [*_lines(schedule, paths)]
    if again:
        lines.insert(0, "What depends on it changed meanwhile. This is how it is now:")
    name = text.plain(schedule.name, 80)
    return Form(
        id=DELETE,
        title="Delete the schedule",
        fields=[
            Note("\n".join(lines)),
            Text(
                name="typed",
                label="Its name",
                hint=f"Type “{name}” to delete it. It cannot be brought back here.",
                max_length=250,
            ),
        ],
        submit="Delete",
        memory={"schedule": schedule.id, "paths": remembered(paths)},
    )


def remembered(paths: Paths) -> str:
    return digest("" if paths is None else ",".join(sorted(p.id for p in paths)) or "-")


def _lines(schedule: Schedule, paths: Paths) -> Iterable[str]:
    rotations = {rotation.id: rotation.name for rotation in schedule.rotations}
    names = [text.inline(name, 60) for name in [*rotations.values()][:MOST]]
    which = f", with its rotations {text.listed(names)}" if names else ""
    yield f"{title(schedule)} will be deleted{which}, with every shift and override."
    users = [shift.user for shift in schedule.current_shifts if shift.user]
    now = list(dict.fromkeys(person(user) for user in users))[:MOST]
    yield f"On call now: {text.listed(now) or 'nobody'}."
    yield depending(paths)


def depending(paths: Paths) -> str:
    """Say which escalation paths use it."""
    if paths is None:
        return "⚠️ Which escalation paths use it could not be read."
    if not paths:
        return "No escalation path uses it."
    names = [text.bold(path.name) for path in paths[:MOST]]
    left = len(paths) - len(names)
    names += [f"{left} more"] if left else []
    uses = "path uses" if len(paths) == 1 else "paths use"
    return f"⚠️ The escalation {uses} it: {text.listed(names)}."

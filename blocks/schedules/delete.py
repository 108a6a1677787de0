"""The form that deletes a schedule: what goes, who is on call, what depends on it."""

from __future__ import annotations

from collections.abc import Sequence

from blocks.kit import text
from blocks.kit.people import person
from incidentio import EscalationPath, Schedule

DELETE = "schedule.delete"
MOST = 20

Paths = Sequence[EscalationPath] | None
"""The escalation paths that use it; None where that could not be read."""


def lost(schedule: Schedule) -> str:
    """Say what goes with a schedule."""
    rotations = {rotation.id: rotation.name for rotation in schedule.rotations}
    names = [text.inline(name, 60) for name in [*rotations.values()][:MOST]]
    which = f"Its rotations {text.listed(names)} go with it" if names else "With it go"
    return f"{which}, every shift and every override."


def on_call_now(schedule: Schedule) -> str:
    """Say who is on call by a schedule."""
    users = [shift.user for shift in schedule.current_shifts if shift.user]
    now = list(dict.fromkeys(person(user) for user in users))[:MOST]
    return f"On call now: {text.listed(now) or 'nobody'}."


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

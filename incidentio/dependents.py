"""What refers to what, read from the JSON of whatever refers: pure."""

from __future__ import annotations

from typing import Any


def schedule_ids(path: Any) -> set[str]:
    """Give the schedules that an escalation path pages, at any depth of its tree.

    A target is what says that it is of the type ``schedule``, wherever it stands. What
    is bound to a parameter of a template does not say what it is, and may be one.
    """
    if isinstance(path, list):
        return {id_ for item in path for id_ in schedule_ids(item)}
    if not isinstance(path, dict):
        return set()
    found = {id_ for value in path.values() for id_ in schedule_ids(value)}
    if path.get("type") == "schedule" and isinstance(path.get("id"), str):
        found.add(path["id"])
    if isinstance(path.get("literal"), str):
        found.add(path["literal"])
    return found

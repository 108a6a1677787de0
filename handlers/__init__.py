"""The features of the bot, in one folder for each noun.

Every file in these folders is imported, which declares its commands: so nothing has to
be registered. ``GROUPS`` has the groups of commands in the order of the help, and
``ROUTER`` finds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from handlers.core.command import Group
from handlers.core.pipeline.router import Router

__all__ = ["GROUPS", "ROUTER"]

ORDER = (
    "home",
    "incidents",
    "items",
    "escalations",
    "on_call",
    "schedules",
    "paths",
    "workflows",
    "organisation",
    "reminders",
    "preferences",
    "ladders",
    "audit",
)
"""The nouns as the help shows them; a new one comes last."""


def _nouns() -> list[str]:
    found = [m.name for m in iter_modules(__path__) if m.ispkg and m.name != "core"]
    return sorted(found, key=lambda n: ORDER.index(n) if n in ORDER else len(ORDER))


def _groups(noun: str) -> list[Group]:
    """Import every file of a noun, and return the groups that they declare into."""
    package = import_module(f"handlers.{noun}")
    names = [m.name for m in iter_modules(package.__path__, f"{package.__name__}.")]
    declared = (vars(import_module(name)).get("group") for name in names)
    groups = {id(g): g for g in declared if isinstance(g, Group)}
    return sorted(groups.values(), key=lambda group: group.rank)


def _declared() -> Iterator[Group]:
    for noun in _nouns():
        yield from _groups(noun)


GROUPS = tuple(_declared())
ROUTER = Router(GROUPS)

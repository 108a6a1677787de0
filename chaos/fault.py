"""The register of faults: each is a function that causes it on a stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaos.stage import DatabaseKind, Stage

if TYPE_CHECKING:
    from pathlib import Path

LEASE = 120.0
"""Seconds until another process takes over a dead one's work: docs/reliability.md."""
DOUBT = 180.0
"""Seconds until a message in doubt is sent again."""
SETTLES = 60.0
"""Seconds that everything else may take to have its outcome."""


class Skipped(Exception):
    """A fault cannot be done on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault; ``act`` causes it on a stage and returns what it did, in words."""

    name: str
    act: Callable[[Stage], str]
    database: DatabaseKind = "postgresql"
    settles: float = SETTLES
    migrated: bool = True
    own_mounts: bool = False
    """Whether it mounts a file system, in a namespace of its own."""

    @property
    def about(self) -> str:
        """The first line of its docstring."""
        return (self.act.__doc__ or "").partition("\n")[0]

    def stage(self, folder: Path) -> Stage:
        return Stage(folder, self.database, migrated=self.migrated)


FAULTS: dict[str, Fault] = {}


def fault(
    *,
    database: DatabaseKind = "postgresql",
    settles: float = SETTLES,
    migrated: bool = True,
    own_mounts: bool = False,
) -> Callable[[Callable[[Stage], str]], Callable[[Stage], str]]:
    """Register a function as a fault of the same name, with hyphens."""

    def register(act: Callable[[Stage], str]) -> Callable[[Stage], str]:
        name = act.__name__.replace("_", "-")
        FAULTS[name] = Fault(name, act, database, settles, migrated, own_mounts)
        return act

    return register

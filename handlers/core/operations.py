"""The things that people do, as ``COMMAND_LEVELS`` names them.

One thing can be done in several ways: a severity is changed by ``severity``, and in the
form of ``update``. Each way declares here what it does, so that a level holds for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from handlers.core.permissions import Level, Operation

READING = Operation("", Level.READ)
"""Looking up what has no name of its own, such as a list of options."""

SEVERITY = Operation("severity", Level.RESPOND)
STATUS = Operation("status", Level.RESPOND)
UPDATE = Operation("update", Level.RESPOND)
EDIT = Operation("incident edit", Level.RESPOND)
LATER = Operation("cadence later", Level.RESPOND)
NO_MORE = Operation("cadence off", Level.RESPOND)
PAGE = Operation("page", Level.RESPOND)
SCHEDULE = Operation("schedule edit", Level.ADMINISTER)
PATH = Operation("path edit", Level.ADMINISTER)
ENABLE = Operation("workflow enable", Level.ADMINISTER)
DISABLE = Operation("workflow disable", Level.ADMINISTER)


def assigning(noun: str) -> Operation:
    """Return the operation that gives an action or a follow-up to somebody."""
    return Operation(f"{noun} assign", Level.RESPOND)


def settling(noun: str) -> tuple[Operation, ...]:
    """Return the operations that give an action or a follow-up another status."""
    verbs = ("done", "drop", "reopen")
    return tuple(Operation(f"{noun} {verb}", Level.RESPOND) for verb in verbs)


def at_first(operation: Operation) -> Operation:
    """Return an operation for its use in a form that creates something.

    A person who may create the thing may do this too, unless the settings give the
    operation a level.
    """
    return replace(operation, level=Level.NONE)


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of a declaration: those it always performs, and those by field.

    ``by_field`` are performed if the form's field of that name is filled in.
    """

    always: tuple[Operation, ...] = ()
    by_field: Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)

    def filled(self, fields: Iterable[str]) -> list[Operation]:
        """Return the operations of a form that is submitted with these fields."""
        parts = (self.by_field.get(name, ()) for name in fields)
        return [*self.always, *(one for part in parts for one in part)]


NOTHING = Operations()

"""The people of the sandbox as a file, for who shows it to a team of their own.

Each table is a part in the sandbox's history, named by the handle that its person has
without a file. A person may have another handle, name, role and time zone; whoever is
not in the file stays as they are.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.company import PEOPLE, Employee
from sandbox.slack.workspace.store import users_of, visitors

ROLES = ("owner", "administrator", "responder", "viewer")
HEAD = """\
# The people of the sandbox. Change whom you like, and leave out the others.
# A role is incident.io's: owner, administrator, responder or viewer.
"""
LEFT, OUTSIDE = "# has left the company", "# has no account in incident.io, so no role"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


CHECKS: dict[str, tuple[Callable[[str], object], str]] = {
    "handle": (
        re.compile(r"[a-z0-9._-]{1,21}").fullmatch,
        "must be 1 to 21 of a-z, 0-9, ., - and _.",
    ),
    "name": (
        lambda name: name.isprintable() and 0 < len(name) <= 80,
        "must be a text of 1 to 80 characters in one line.",
    ),
    "role": (ROLES.__contains__, f"must be one of {', '.join(ROLES)}."),
    "timezone": (_is_zone, "must be the name of a time zone, like Europe/Lisbon."),
}
"""The properties of a person that a file may have, each with what it has to be."""


class BadPeople(Exception):
    """A file of people cannot be used; ``faults`` has a sentence for each reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def printed() -> str:
    """Return the file that changes nothing."""
    return "\n".join([HEAD, *map(_table, PEOPLE)])


def _table(person: Employee) -> str:
    about = OUTSIDE if person.incidentio_id is None else "" if person.active else LEFT
    keys = [key for key in CHECKS if key != "role" or person.incidentio_id]
    lines = [f"{key} = {json.dumps(getattr(person, key))}" for key in keys]
    return "\n".join([f"[{person.handle}]  {about}".rstrip(), *lines, ""])


def read(path: Path) -> tuple[Employee, ...]:
    """Read a file of people. Raises ``BadPeople``."""
    try:
        found = tomllib.loads(path.read_text())
    except OSError as error:
        raise BadPeople([f"{path} cannot be read: {error.strerror}."]) from error
    except ValueError as error:
        raise BadPeople([f"{path} is not TOML: {error}."]) from error
    if faults := [*_faults(found)] or [*_clashes(_cast(found))]:
        raise BadPeople([f"{path}: {fault}" for fault in faults])
    return _cast(found)


def _cast(found: dict[str, Any]) -> tuple[Employee, ...]:
    return tuple(replace(one, **found.get(one.handle, {})) for one in PEOPLE)


def _faults(found: dict[str, Any]) -> Iterator[str]:
    parts = {person.handle: person for person in PEOPLE}
    for part, given in found.items():
        if part not in parts:
            yield f"there is no part “{part}”. The parts are {_listed(parts)}."
        elif not isinstance(given, dict):
            yield f"{part} must be a table: a line [{part}], and its properties below."
        else:
            for key, value in given.items():
                if fault := _fault(parts[part], key, value):
                    yield f"{part}: {fault}"


def _fault(part: Employee, key: str, value: Any) -> str | None:
    if key not in CHECKS:
        return f"there is no property “{key}”. The properties are {_listed(CHECKS)}."
    if key == "role" and part.incidentio_id is None:
        return "there is no account in incident.io, so no role. Leave it out."
    is_right, rule = CHECKS[key]
    return None if isinstance(value, str) and is_right(value) else f"{key} {rule}"


def _clashes(people: Sequence[Employee]) -> Iterator[str]:
    users = [*users_of(people).values(), *visitors()]
    for handle, count in Counter(user.handle for user in users).items():
        if count > 1:
            yield f"the handle {handle} would belong to {count} people. Choose another."


def _listed(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}"

"""Validators of the names that ``ROLE_LEVELS`` and ``COMMAND_LEVELS`` give levels to.

A name that nothing has would restrict nothing, and nobody would notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain

import handlers
from handlers.core.arguments.tokens import nearest
from handlers.core.command import Group
from handlers.core.permissions import CUSTOM, ROLES

NEAR = 0.75
"""The least similarity, of at most 1, of a slug to the role that was probably meant."""


def roles(named: dict[str, str]) -> dict[str, str]:
    """Accept slugs of roles; refuse what is nearly a role that incident.io has.

    Other slugs may be those of custom roles, which only incident.io knows. ``custom:``
    before a slug says that it is one, however it is spelt.
    """
    for slug in named:
        if slug in ROLES or slug.startswith(CUSTOM):
            continue
        if close := get_close_matches(slug.lower(), ROLES, n=1, cutoff=NEAR):
            raise ValueError(
                f"has “{slug}”, which is no role; perhaps {close[0]} is meant. For a "
                f"custom role of that name write {CUSTOM}{slug}"
            )
    return {slug.removeprefix(CUSTOM): level for slug, level in named.items()}


def commands(named: dict[str, str]) -> dict[str, str]:
    """Accept phrases of commands, with or without the part that may be left out."""
    known = dict(chain.from_iterable(map(_names, handlers.GROUPS)))
    found: dict[str, str] = {}
    for phrase, level in named.items():
        plain = " ".join(phrase.lower().split())
        if plain not in known:
            raise ValueError(
                f"has “{phrase}”, which is no command{_meant(plain, known)}"
            )
        if known[plain] in found:
            raise ValueError(f"has “{known[plain]}” twice; say one level for it")
        found[known[plain]] = level
    return found


def _names(group: Group) -> Iterator[tuple[str, str]]:
    """Yield each name that may be given in a group, and the one that it stands for."""
    for operation in group.operations:
        yield operation.name, operation.name
    for command in group.commands.values():
        yield from ((name, command.phrase) for name in command.phrases if name)


def _meant(phrase: str, known: dict[str, str]) -> str:
    near = nearest(phrase, list(known))
    return f"; perhaps {near} is meant" if near else "; docs/commands.md lists them"

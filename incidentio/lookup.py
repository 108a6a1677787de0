"""Finding things by what people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

QUOTES = "\"'`«»\u2039\u203a" + "".join(map(chr, range(0x2018, 0x2020)))


class Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    item: T
    id: str
    names: tuple[str, ...]
    """The name, then the keys."""


Fit = Callable[[Candidate[Any], str], bool]

FITS: tuple[Fit, ...] = (
    lambda candidate, wanted: candidate.id == wanted,
    lambda candidate, wanted: wanted in candidate.names,
    lambda candidate, wanted: any(n.startswith(wanted) for n in candidate.names),
    lambda candidate, wanted: all(w in candidate.names[0] for w in wanted.split()),
)
"""From the surest to the vaguest."""


def _name(item: Any) -> str:
    return str(item.name)


def _no_keys(item: object) -> Iterable[str]:  # noqa: ARG001
    return ()


def matches(
    items: Iterable[T],
    words: str,
    *,
    name: Callable[[T], str] = _name,
    keys: Callable[[T], Iterable[str]] = _no_keys,
) -> list[T]:
    """Return what the words may mean: one when they are clear, several when not.

    The best of these that finds anything: the id; the whole name, or one of ``keys``
    (an email, a handle); the beginning of either; every word somewhere in the name.
    The shortest names come first, for they are the closest.
    """
    wanted = normal(words)
    if not wanted:
        return []
    candidates = [
        Candidate(i, normal(i.id), tuple(map(normal, (name(i), *keys(i)))))
        for i in items
    ]
    for fits in FITS:
        found = [c for c in candidates if fits(c, wanted)]
        if found:
            return [c.item for c in sorted(found, key=lambda c: len(c.names[0]))]
    return []


def reference(words: str) -> int | None:
    """Return the number in “INC-12”, “inc12”, “#12” or “12”; None for anything else."""
    found = re.fullmatch(r"(?:inc[- ]?|#)?([0-9]{1,9})", normal(words))
    return int(found[1]) if found else None


def normal(text: str) -> str:
    """Fold what people do not see as different: case, width, quotes, hidden marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(visible.split()).strip(QUOTES + " ")

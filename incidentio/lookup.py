"""Finding things by what people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

QUOTES = "\"'`«»\u2039\u203a" + "".join(map(chr, range(0x2018, 0x2020)))


LONGEST = 300
"""Characters of the longest words that are looked for; no name is longer."""
MOST_WORDS = 16
"""Words of the longest name that is looked for at the beginning of a line."""


_REFERENCE = re.compile(r"(?:inc[- ]?|#)?([0-9]{1,9})")
_ADDRESS = re.compile(
    r"https?://(?:[\w-]+\.)*incident\.io/(?:[\w.-]+/)?incidents/(?:inc-)?([0-9]{1,9})"
    r"(?:[-/?#].*)?"
)
_ALIKE = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"'),
}


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


Fit = Callable[[Candidate[Any], str, Sequence[str]], bool]

FITS: tuple[Fit, ...] = (
    lambda candidate, wanted, _: candidate.id == wanted,
    lambda candidate, wanted, _: wanted in candidate.names,
    lambda candidate, wanted, _: any(n.startswith(wanted) for n in candidate.names),
    lambda candidate, _, words: all(w in candidate.names[0] for w in words),
)
"""From the surest to the vaguest; each takes what is wanted, and its words."""


def _name(item: Any) -> str:
    return str(item.name)


def _no_keys(item: object) -> Iterable[str]:  # noqa: ARG001
    return ()


class Index(Generic[T]):
    """Things to be found by words; their names are normalised once."""

    def __init__(
        self,
        items: Iterable[T],
        *,
        name: Callable[[T], str] = _name,
        keys: Callable[[T], Iterable[str]] = _no_keys,
    ) -> None:
        self._candidates = [
            Candidate(i, normal(i.id), tuple(map(normal, (name(i), *keys(i)))))
            for i in items
        ]

    def find(self, words: str) -> list[T]:
        """Return what the words may mean: one when they are clear, several when not.

        The best of these that finds anything: the id; the whole name, or one of
        ``keys`` (an email, a handle); the beginning of either; every word somewhere in
        the name. The shortest names come first, for they are the closest. Words longer
        than any name mean nothing.
        """
        wanted = normal(words) if len(words) <= LONGEST else ""
        if not wanted:
            return []
        pieces = wanted.split()
        for fits in FITS:
            found = [c for c in self._candidates if fits(c, wanted, pieces)]
            if found:
                return [c.item for c in sorted(found, key=lambda c: len(c.names[0]))]
        return []

    def longest_run(self, words: Sequence[str]) -> tuple[list[T], int]:
        """Find the longest run of first words that names something.

        Returns:
            What they mean, and how many words they are; nothing and 0 if none do.
        """
        for length in range(min(len(words), MOST_WORDS), 0, -1):
            if found := self.find(" ".join(words[:length])):
                return found, length
        return [], 0


def matches(
    items: Iterable[T],
    words: str,
    *,
    name: Callable[[T], str] = _name,
    keys: Callable[[T], Iterable[str]] = _no_keys,
) -> list[T]:
    """Return what the words may mean among ``items``, as ``Index.find`` does."""
    if len(words) > LONGEST:
        return []
    return Index(items, name=name, keys=keys).find(words)


def reference(words: str) -> int | None:
    """Return the number in “INC-12”, “inc12”, “#12”, “12” or an incident's address.

    It is None for anything else.
    """
    wanted = normal(words)
    found = _REFERENCE.fullmatch(wanted) or _ADDRESS.fullmatch(wanted)
    return int(found[1]) if found else None


def normal(text: str) -> str:
    """Fold what looks alike: case, width, quotes, hyphens, hidden marks."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)
    visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(visible.split()).strip(QUOTES + " ")

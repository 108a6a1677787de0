"""Finds things by what people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

QUOTES = "\"'`«»\u2039\u203a" + "".join(map(chr, range(0x2018, 0x2020)))

LONGEST = 300
"""Characters of the longest words that are looked for; no name is longer."""
MOST_WORDS = 16
"""Words of the longest name that is looked for at the beginning of a line."""
MOST_KNOWN = 1 << 15
"""Names whose normal form is remembered, so that a list is normalised once."""

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
_BARE = {"æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng"}
_PLAIN = str.maketrans(dict(zip("øłđðħŧı", "olddhti", strict=True)) | _BARE)
"""Letters that are not another letter with an accent, as people type them."""
_ACCENTS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
"""Accents. Marks of other scripts, as in Japanese, make other letters, and stay."""


class _Visible(dict[int, int | None]):
    """Maps invisible characters to nothing, and others to themselves."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)) == "Cf" else code
        return self[code]


_VISIBLE = _Visible()


class Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """An item, with its id and names in their normal form."""

    item: T
    id: str
    names: tuple[str, ...]
    """The name, then the keys."""


Fit = Callable[[Candidate[Any], str, Sequence[str]], bool]

FITS: tuple[Fit, ...] = (
    lambda candidate, wanted, _: candidate.id == wanted,
    lambda candidate, wanted, _: wanted in candidate.names,
    lambda candidate, wanted, _: any(n.startswith(wanted) for n in candidate.names),
    lambda candidate, _, words: all(_begins(w, candidate.names[0]) for w in words),
)
"""From the surest to the vaguest. Each takes the wanted text whole, and its words."""


def _begins(word: str, name: str) -> bool:
    """Return whether a word of the name begins with this one: “Payments” not with “me”.

    Scripts without capitals, as Japanese, mostly have no spaces: there it may be
    anywhere in the name.
    """
    spaced = word[0].isdigit() or word[0].upper() != word[0].lower()
    return (
        bool(re.search(rf"(?<!\w){re.escape(word)}", name)) if spaced else word in name
    )


def _name(item: Any) -> str:
    return str(item.name)


def _no_keys(item: object) -> Iterable[str]:  # noqa: ARG001
    return ()


class Index(Generic[T]):
    """Finds items by words; their names are normalised once."""

    def __init__(
        self,
        items: Iterable[T],
        *,
        name: Callable[[T], str] = _name,
        keys: Callable[[T], Iterable[str]] = _no_keys,
    ) -> None:
        self._name = name
        self._candidates = [
            Candidate(i, normal(i.id), tuple(map(normal, (name(i), *keys(i)))))
            for i in items
        ]

    def find(self, words: str) -> list[T]:
        """Return the items that the words may mean: one where they are clear.

        The words are compared with the id; then with whole names and ``keys`` (an
        email, a handle); then with the beginnings of these; then each word with the
        beginnings of the words of a name. The first comparison that finds anything
        decides. Items with the shortest names, the closest, come first. Accents decide
        between names that are alike without them.
        """
        wanted = normal(words) if len(words) <= LONGEST else ""
        if not wanted:
            return []
        pieces = wanted.split()
        for fits in FITS:
            found = [c for c in self._candidates if fits(c, wanted, pieces)]
            if found:
                found.sort(key=lambda c: len(c.names[0]))
                return self._accented([c.item for c in found], words)
        return []

    def _accented(self, found: list[T], words: str) -> list[T]:
        if len(found) == 1:
            return found
        exactly = spelled(words)
        return [i for i in found if spelled(self._name(i)) == exactly] or found

    def longest_run(self, words: Sequence[str]) -> tuple[list[T], int]:
        """Find the longest run of first words that names something.

        Returns:
            The items that it may mean, and the number of its words; else nothing and 0.
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
    """Return those of ``items`` that the words may mean, as ``Index.find`` does."""
    if len(words) > LONGEST:
        return []
    return Index(items, name=name, keys=keys).find(words)


def reference(words: str) -> int | None:
    """Return the number in “INC-12”, “inc12”, “#12”, “12” or an incident's address.

    None: the words are none of these.
    """
    wanted = normal(words)
    found = _REFERENCE.fullmatch(wanted) or _ADDRESS.fullmatch(wanted)
    return int(found[1]) if found else None


def normal(text: str) -> str:
    """Return a text without differences of case, accents, width, quotes and hyphens."""
    return _normal(text) if len(text) <= LONGEST else _folded(text)


def _folded(text: str) -> str:
    bare = re.sub(_ACCENTS, "", unicodedata.normalize("NFKD", spelled(text)))
    return spelled(bare.translate(_PLAIN))


_normal = lru_cache(MOST_KNOWN)(_folded)


def spelled(text: str) -> str:
    """Return a text as ``normal`` does, but with its accents."""
    if text.isascii():
        folded = text.casefold()
    else:
        alike = unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)
        folded = alike.translate(_VISIBLE)
    return " ".join(folded.split()).strip(QUOTES + " ")

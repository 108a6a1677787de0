"""Finds the command that plain words mean, in any order.

Beside its phrase, each command declares sayings: words that people use for it. A line
may mean a command if it has all the words of one of its sayings; the rest of the line
are the words to run it with. Pure, and fast: a line takes well below a millisecond.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from handlers.core.arguments.tokens import LONGEST_WORD
from handlers.core.command import Command
from incidentio.lookup import normal

_FILLERS = """
a all am an and any anything are at be been can could did do does every for from get
give got has have hey how i in is it its just let lets list look looking me need now
of on or our out please pls see show some something tell that the there this to up
want wants was we were what when which with would you your
"""
FILLERS = frozenset(_FILLERS.split())
"""Words that do not tell commands apart, unless a saying has them."""

EMPTY = frozenset(("a", "it", "now", "please", "pls", "that", "the", "this"))
"""Fillers that no name is, or begins with."""

INCIDENT = "incident"
"""The word of sayings that a reference such as INC-12 counts as."""
_REFERENCE = re.compile(r"#?inc-?\d+$")
MOST_READ = 24
"""Words of a line that are looked at."""
MOST_OFFERED = 3
NEAR = 0.75
"""The part of the best meaning's weight that another needs to be offered beside it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A command that may be meant, and the words it would be run with.

    ``said``: the words of the saying that it was found by. ``exact``: none of these was
    misspelled. ``weight``: higher for rarer and for more words.
    """

    command: Command
    said: frozenset[str]
    words: tuple[str, ...]
    weight: float
    exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class Saying:
    """Words that mean a command, and further words, ``given``, to run it with."""

    command: Command
    words: frozenset[str]
    given: tuple[str, ...] = ()


class Understanding:
    """Knows the sayings of all commands."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._by_word: defaultdict[str, list[Saying]] = defaultdict(list)
        sayings = [s for command in commands for s in _sayings(command)]
        for saying in sayings:
            for word in saying.words:
                self._by_word[word].append(saying)
        said_by = {
            word: {id(saying.command) for saying in found}
            for word, found in self._by_word.items()
        }
        everywhere = 1 + len({id(saying.command) for saying in sayings})
        self._weights = {
            word: log(1 + everywhere / len(found)) for word, found in said_by.items()
        }
        self._by_initial: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._by_word:
            self._by_initial[word[0]].append(word)

    def meanings(self, words: Sequence[str]) -> list[Meaning]:
        """Return the commands that the words may mean, the likeliest first."""
        typed = joined([normal(word) for word in words[:MOST_READ]])
        read = [self._known(word) for word in typed]
        there = {word for word in read if word}
        written = set(there)
        if any(map(_REFERENCE.match, typed)):
            there.add(INCIDENT)
        best: dict[int, Meaning] = {}
        for saying in dict.fromkeys(s for w in there for s in self._by_word[w]):
            if saying.words <= there and saying.words & written:
                meaning = self._meaning(saying, words, typed, read)
                key = id(saying.command)
                if key not in best or meaning.weight > best[key].weight:
                    best[key] = meaning
        found = sorted(best.values(), key=lambda m: -m.weight)
        return [m for m in found if m.weight >= NEAR * found[0].weight][:MOST_OFFERED]

    def _known(self, word: str) -> str | None:
        """Return the word of a saying that this is, perhaps misspelled."""
        for form in _forms(word):
            if form in self._by_word:
                return form
        most = _most_wrong(word)
        if not most or word in FILLERS:
            return None
        # A few megabytes that are not needed before somebody misspells a word.
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        near = [
            (distance, known)
            for initial in dict.fromkeys(word[:2])
            for known in self._by_initial.get(initial, ())
            if (distance := OSA.distance(word, known, score_cutoff=most)) <= most
        ]
        return min(near)[1] if near else None

    def _meaning(
        self,
        saying: Saying,
        words: Sequence[str],
        typed: Sequence[str],
        read: Sequence[str | None],
    ) -> Meaning:
        used = {word: place for place, word in reversed([*enumerate(read)]) if word}
        places = {used[word] for word in saying.words if word in used}
        weight = sum(self._weights[word] for word in saying.words)
        exact = all(read[place] in {*_forms(typed[place])} for place in places)
        rest = (*saying.given, *_rest(words, typed, places))
        return Meaning(saying.command, saying.words, rest, weight, exact)


def best(found: Sequence[Meaning]) -> Meaning | None:
    """Return the one of correctly spelled words that outweighs the rest, if any does.

    ``found``: the likeliest first.
    """
    alone = len(found) == 1 or (found and found[0].weight > found[1].weight)
    return found[0] if alone and found[0].exact else None


def joined(typed: Sequence[str]) -> list[str]:
    """Return the words without punctuation, with ``on call`` and ``follow up`` joined.

    A joined word is followed by "", so that each word keeps its place.
    """
    found = [word.strip("?!.,:;").removesuffix("'s") for word in typed]
    found = [word.replace("-", "") if word in HYPHENED else word for word in found]
    for place in range(len(found) - 1):
        pair = found[place] + found[place + 1]
        if pair in JOINED:
            found[place], found[place + 1] = pair, ""
    return found


HYPHENED = {"on-call", "follow-up", "follow-ups", "post-mortem", "hand-over"}
JOINED = {word.replace("-", "") for word in HYPHENED}


def _rest(
    words: Sequence[str], typed: Sequence[str], places: set[int]
) -> tuple[str, ...]:
    """Return what is left of the line, without the fillers around it."""
    left = [
        (word, plain)
        for place, (word, plain) in enumerate(zip(words, typed, strict=False))
        if place not in places and plain
    ]
    while left and left[0][1] in FILLERS:
        left.pop(0)
    while left and left[-1][1] in FILLERS:
        left.pop()
    kept = [word for word, _ in left]
    return (*kept[:-1], *(word.rstrip("?!") for word in kept[-1:]), *words[MOST_READ:])


def _sayings(command: Command) -> Iterator[Saying]:
    """Yield the sayings of a command; each of its phrases is one too."""
    if command.flags.hidden:
        return
    for phrase in command.phrases:
        if telling := _words(phrase) - FILLERS or _words(phrase):
            yield Saying(command, telling)
    for said in command.says:
        words, _, given = said.partition("->")
        yield Saying(command, _words(words), tuple(given.split()))


def _words(said: str) -> frozenset[str]:
    return frozenset(word for word in joined(normal(said).split()) if word)


def _forms(word: str) -> Iterator[str]:
    """Yield a word, and what it may be a form of: ``leading``, ``paged``."""
    yield word
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            yield from (stem, stem + "e", stem.removesuffix(stem[-1]))


def _most_wrong(word: str) -> int:
    """Return how many letters may be wrong: none in a short word, as many are alike."""
    if not 4 <= len(word) <= LONGEST_WORD:
        return 0
    return 1 if len(word) < 8 else 2

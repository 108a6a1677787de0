"""Resources that people choose by name, declared once each.

From one declaration come how words name a thing, what is asked when they do not, and
what a menu offers while somebody types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from blocks.kit import text
from blocks.kit.fields import MOST_OPTIONS, Choosable, HasName
from handlers.core.arguments.disambiguation import options
from handlers.core.arguments.resolve import RESOLVERS, SOURCES
from handlers.core.context import Context
from handlers.core.problems import Ambiguous, Refusal
from incidentio.lookup import Index, matches, normal

T = TypeVar("T", bound=HasName)


def by_name(things: Iterable[T]) -> list[T]:
    """Sort by name, as people read it."""
    return sorted(things, key=lambda thing: normal(thing.name))


def _no_keys(_: object) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Catalogued(Generic[T]):
    """Things of one resource that can be named: ``Catalogued("severity", ranked)``.

    ``candidates`` lists them in the order in which menus show them. ``source`` is the
    action id of the menu that searches them, for there may be more than a menu holds.
    """

    noun: str
    candidates: Callable[[Context], Sequence[T]]
    source: str | None = None
    keys: Callable[[T], Iterable[str]] = _no_keys
    """Other names of a thing, such as an email."""
    single: bool = False
    """If there is only one, it need not be named."""
    unknown: str = ""
    """Tells a person that their words name none; "" means “There is no …”."""
    none: Callable[[Context], str] | None = None
    """Says that there are no candidates, instead of the usual words."""

    def register(self, model: type[T]) -> Catalogued[T]:
        """Let words fill parameters of this type, and the menu find its options."""
        RESOLVERS[model] = self.resolve
        if self.source:
            SOURCES[self.source] = self.suggest
        return self

    def resolve(self, ctx: Context, words: list[str], required: bool) -> T | None:
        """Resolve the longest run of first words that names one thing.

        Raises:
            Ambiguous: several things fit or none does; or there are no words and one
                thing is required.
            Refusal: there is nothing to choose from.
        """
        if not words and not required and not self.single:
            return None
        known = self.candidates(ctx)
        if not words and self.single and len(known) == 1:
            return known[0]
        if words:
            return self._named(ctx, known, words)
        if required:
            raise self._which(ctx, known, f"Which {self.noun}?")
        return None

    def suggest(self, ctx: Context, query: str) -> Sequence[Choosable]:
        """Return options that fit what was typed so far; if nothing was, the first."""
        known = self.candidates(ctx)
        found = matches(known, query, keys=self.keys) if query.strip() else known
        return options(found[:MOST_OPTIONS])

    def find(self, ctx: Context, id_: str | None) -> T | None:
        """Return the one with this id, or None."""
        return next((one for one in self.candidates(ctx) if one.id == id_), None)

    def _named(self, ctx: Context, known: Sequence[T], words: list[str]) -> T:
        index = Index(known, keys=self.keys)
        if words[0].casefold() == "to" and not index.find(words[0]):
            del words[:1]
        found, length = index.longest_run(words)
        if found:
            del words[:length]
            return self._one_of(ctx, found)
        del words[:1]
        unknown = self.unknown or f"No {self.noun} matches “{text.BLANK}”."
        raise self._which(ctx, known, f"{unknown} Which one?")

    def _one_of(self, ctx: Context, found: Sequence[T]) -> T:
        if len(found) == 1:
            return found[0]
        several = f"Several match “{text.BLANK}”. Which {self.noun}?"
        raise self._which(ctx, found, several)

    def _which(
        self, ctx: Context, found: Sequence[T], question: str
    ) -> Ambiguous | Refusal:
        if found:
            return Ambiguous(question, options(found), source=self.source)
        if self.none:
            return Refusal(self.none(ctx))
        return Refusal(f"incident.io has no {self.noun} to choose from yet.")

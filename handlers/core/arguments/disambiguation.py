"""Questions for words that are missing or not understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from blocks.kit import text
from blocks.kit.fields import Choosable, HasName
from handlers.core.arguments.tokens import Tokens, join, nearest
from handlers.core.command import Command
from handlers.core.problems import Ambiguous

MOST_QUOTED = 60
APART = ("email", "reference", "created_at")


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """``said`` was understood; of ``before``, the parameter left ``rest``."""

    command: Command
    said: list[str]
    before: list[str]
    rest: Tokens
    page: str = ""
    typed: str = ""
    """What was typed, where the words left are a text."""

    @property
    def lost(self) -> list[str]:
        """The words that were not understood; all, if no parameter takes the rest."""
        kept = len(self.rest) if self.rest.then else 0
        return self.before[: len(self.before) - kept]

    @property
    def after(self) -> str:
        """The words after the blank; a text keeps its line breaks."""
        if not self.rest.then:
            return ""
        untouched = not self.said and not self.lost
        return (untouched and self.typed) or join(self.rest)


def complete(
    question: Ambiguous,
    read: ParsedLine,
    slash: str,
    write_out: Callable[[str], str],
) -> None:
    """Write the line that a choice completes, in place of what was not understood."""
    lost = text.inert(text.plain(write_out(" ".join(read.lost)), MOST_QUOTED))
    question.prompt = question.prompt.replace(text.BLANK, lost)
    if read.lost and not read.said:
        question.prompt += _meant(read, slash)
    parts = (read.command.phrase, join(read.said), text.BLANK, read.after, read.page)
    question.line = " ".join(part for part in parts if part)


def _meant(read: ParsedLine, slash: str) -> str:
    """Hint at a mistyped verb, where a word was taken for a name."""
    noun = f"{read.command.shortest} "
    known = (phrase for c in read.command.beside.values() for phrase in c.phrases)
    verbs = [phrase.removeprefix(noun) for phrase in known if phrase.startswith(noun)]
    verb = nearest(read.lost[0], verbs)
    if verb is None:
        return ""
    meant = " ".join([slash, noun + verb, join(read.lost[1:])]).strip()
    shown = text.plain(meant, MOST_QUOTED).replace("`", "")
    return f" Or did you mean `{shown}`?"


def options(items: Sequence[HasName]) -> list[Choosable]:
    """Offer each by its name; those that look the same by what tells them apart."""
    shown = [text.plain(item.name, text.OPTION) for item in items]
    often = Counter(shown)
    return [
        Choosable(name if often[name] == 1 else _apart(item), item.id)
        for name, item in zip(shown, items, strict=True)
    ]


def _apart(item: HasName) -> str:
    """Add an address, a reference, a date, or else the end of the id."""
    known = (getattr(item, name, None) for name in APART)
    mark = next((mark for mark in known if mark), item.id[-6:])
    shown = f"{mark:%Y-%m-%d}" if isinstance(mark, datetime) else str(mark)
    ending = f" ({text.plain(shown, 40)})"
    return text.plain(item.name, text.OPTION - len(ending)) + ending

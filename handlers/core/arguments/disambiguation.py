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
    """A line up to the parameter that could not be filled.

    ``said`` are the words of the parameters before it, ``before`` the words that it was
    given, and ``rest`` those that it did not take.
    """

    command: Command
    said: list[str]
    before: list[str]
    rest: Tokens
    page: str = ""
    typed: str = ""
    """The line as it was typed, if the words left are a text."""

    @property
    def lost(self) -> list[str]:
        """The words that were not understood: all, if no other parameter follows."""
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
    """Give a question its line, with a blank in place of what was not understood.

    Where its prompt has a blank, the words that were not understood are quoted.
    """
    lost = text.inert(text.plain(write_out(" ".join(read.lost)), MOST_QUOTED))
    question.prompt = question.prompt.replace(text.BLANK, lost)
    if read.lost and not read.said:
        question.prompt += _meant(read, slash)
    parts = (read.command.phrase, join(read.said), text.BLANK, read.after, read.page)
    question.line = " ".join(part for part in parts if part)


def _meant(read: ParsedLine, slash: str) -> str:
    """Suggest the verb that may be meant, if a word was taken for a name."""
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
    """Return an option for each item; equal names get something that differs."""
    shown = [text.plain(item.name, text.OPTION) for item in items]
    often = Counter(shown)
    return [
        Choosable(name if often[name] == 1 else _apart(item), item.id)
        for name, item in zip(shown, items, strict=True)
    ]


def _apart(item: HasName) -> str:
    """Return the name with an email, a reference, a date, or the end of the id."""
    known = (getattr(item, name, None) for name in APART)
    mark = next((mark for mark in known if mark), item.id[-6:])
    shown = f"{mark:%Y-%m-%d}" if isinstance(mark, datetime) else str(mark)
    ending = f" ({text.plain(shown, 40)})"
    return text.plain(item.name, text.OPTION - len(ending)) + ending

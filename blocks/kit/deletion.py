"""The form that deletes something: what is lost with it, and its name to type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blocks.kit import text
from blocks.kit.boxes import LONGEST_TEXT
from blocks.kit.fields import Text, short_hash
from blocks.kit.form import MARK, Form, Note
from incidentio.lookup import normal

NAME = "name"
CHANGED = (
    "Nothing was deleted: what is lost with it has changed since this form was opened. "
    "Check it again."
)
SHOWN = 200
"""Characters of a name in a hint."""


def form(
    id_: str,
    noun: str,
    name: str,
    *,
    losses: Iterable[str],
    context: Iterable[str],
    memory: Mapping[str, str],
    again: bool,
) -> Form:
    """Draw the form; ``losses`` and ``context`` are paragraphs of mrkdwn.

    ``again``: whether the losses changed since the form was first shown.
    """
    notice = [Note(CHANGED, level="error")] if again else []
    shown = text.plain(name, SHOWN)
    typed = Text(
        name=NAME,
        label="Its name",
        hint=f"Type “{shown}” to delete it. It can't be restored here.",
    )
    return Form(
        id_,
        f"Delete {noun}",
        [
            *notice,
            *map(_loss, losses),
            *(Note(c, small=True) for c in context),
            typed,
        ],
        "Delete",
        memory=memory,
    )


def _loss(words: str) -> Note:
    """Warn of what else is concerned; what is lost itself is only said."""
    return Note(words, level="warning" if words.startswith(MARK) else None)


def fingerprint(name: str, losses: Iterable[str]) -> str:
    """Return a digest of the name and the losses, to notice changes."""
    return short_hash("\n".join([name, *losses]))


def names(typed: str, name: str) -> bool:
    """Return whether ``typed`` is the name, ignoring case and spaces."""
    shown = (name, text.plain(name, LONGEST_TEXT), text.plain(name, SHOWN))
    return normal(typed) in map(normal, shown)


def misnamed(name: str) -> str:
    """Return the error beside the field, for a wrong name."""
    return f"That is not its name. It is called “{text.plain(name, SHOWN)}”."

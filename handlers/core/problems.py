"""Exceptions that tell a person why something cannot be done as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocks.kit.fields import Choosable


class Refusal(Exception):
    """A request cannot be done, and nothing was changed; says why in mrkdwn."""


class Denied(Refusal):
    """The person may not do that."""


class FieldErrors(Refusal):
    """Fields of a form are wrong; ``errors`` has plain text by the name of a field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class UsageError(Refusal):
    """The words typed after the command do not fit it."""


class Ambiguous(Exception):
    """A target is missing, or several fit, so the person is asked which.

    ``line`` is the command with a blank for the choice: see ``disambiguation``.
    """

    def __init__(
        self,
        prompt: str,
        options: Sequence[Choosable] = (),
        *,
        source: str | None = None,
    ) -> None:
        super().__init__(prompt)
        self.prompt = prompt
        self.options = options
        self.source = source
        self.line = ""


class Busy(Exception):
    """Too much is waiting already; nothing was started."""


def required(field: str, words: str | None, need: str) -> str:
    """Return the text as it is.

    Raises:
        FieldErrors: it is empty; ``need`` is the message beside ``field``.
    """
    if not words or not words.strip():
        raise FieldErrors({field: need})
    return words

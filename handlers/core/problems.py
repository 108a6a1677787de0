"""What a handler raises to tell a person that something cannot be done as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocks.kit.fields import Choosable


class Refusal(Exception):
    """It cannot be done, for the reason given in mrkdwn. Nothing was changed."""


class Denied(Refusal):
    """The person may not do that."""


class FieldErrors(Refusal):
    """Fields of the form need mending; the messages appear beside them, by name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


class UsageError(Refusal):
    """The words typed after the command do not fit it."""


class Ambiguous(Exception):
    """A target is missing, or several fit: ask which. See ``targets``."""

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
    """Refuse a text that is empty, or only spaces; ``need`` says what to write."""
    if not words or not words.strip():
        raise FieldErrors({field: need})
    return words

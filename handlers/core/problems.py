"""Exceptions that tell a person why something cannot be done as asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blocks.kit.fields import Choosable


class Refusal(Exception):
    """A request cannot be done, and nothing was changed; says why in mrkdwn.

    ``in_doubt`` is what is left to say where an earlier attempt may have done it: no
    claim that it was not done.
    """

    def __init__(self, words: str = "", *, in_doubt: str | None = None) -> None:
        super().__init__(words)
        self.in_doubt = words if in_doubt is None else in_doubt


def unchanged(why: str) -> Refusal:
    """Return a refusal that says why, and that nothing was changed."""
    return Refusal(f"{why} Nothing was changed.", in_doubt=why)


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

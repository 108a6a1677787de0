"""Takes back what was made to try something, whatever went wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class LeftBehind(Exception):
    """Something could not be taken back; the message says what, where and why."""


@dataclass
class Leftover:
    take_back: Callable[[], None]
    """Raises ``LeftBehind``."""
    done: bool = False
    """Whether nothing has to be taken back, or nothing any more."""


class Leftovers:
    """The things that were made and have to be taken back."""

    def __init__(self) -> None:
        self._all: list[Leftover] = []

    def add(self, take_back: Callable[[], None]) -> Leftover:
        """Remember how to take something back, before it is made."""
        added = Leftover(take_back)
        self._all.append(added)
        return added

    def clear(self) -> list[str]:
        """Take everything back, the newest first; return what is left, in sentences."""
        left = []
        while self._all:
            leftover = self._all.pop()
            try:
                if not leftover.done:
                    leftover.take_back()
            except LeftBehind as error:
                left.append(str(error))
        return left

"""Takes back what was made to try something, whatever went wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class LeftBehind(Exception):
    """Something could not be taken back; says what, where it is, and why."""


@dataclass
class Leftover:
    take_back: Callable[[], None]
    """Raises ``LeftBehind``."""
    done: bool = False
    """There is nothing to take back, or no more."""


class Leftovers:
    """What was made and is not taken back yet."""

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

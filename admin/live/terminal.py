"""The terminal at which a person may be asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True)
class Terminal:
    """``out`` takes lines; ``answer`` reads one, and is None if nobody can answer."""

    out: TextIO
    answer: Callable[[], str] | None

    @classmethod
    def of_process(cls) -> Terminal:
        """Return the terminal of this process, if it is one."""
        return cls(sys.stdout, sys.stdin.readline if sys.stdin.isatty() else None)

    def say(self, line: str) -> None:
        self.out.write(f"{line}\n")
        self.out.flush()

    def read(self, question: str) -> str | None:
        """Return what a person answers; None where nobody does."""
        if self.answer is None:
            return None
        self.out.write(f"{question} ")
        self.out.flush()
        return self.answer().strip() or None

    def ask(self, question: str) -> bool | None:
        """Ask yes or no, no being usual. None: nobody is there to answer."""
        if self.answer is None:
            return None
        said = self.read(f"{question} [y/N]") or ""
        return said.lower() in {"y", "yes"}

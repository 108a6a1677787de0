"""Findings: the rows of the doctor's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Result = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A result of a check; ``meaning`` says what was found and how to mend it."""

    check: str
    result: Result
    meaning: str

"""What an examination finds: one line of the doctor's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Result = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``meaning`` says what was found and, if it is not well, what to do."""

    check: str
    result: Result
    meaning: str

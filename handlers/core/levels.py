"""Levels of permission; each includes those before it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Level(IntEnum):
    NONE = 0
    READ = 1
    RESPOND = 2
    ADMINISTER = 3

    @property
    def word(self) -> str:
        return self.name.lower()


def levels(named: Mapping[str, str]) -> dict[str, Level]:
    """Read levels from the words of the settings."""
    return {name: Level[word.upper()] for name, word in named.items()}

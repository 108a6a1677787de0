"""The data source of snoozed items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.sources.snapshot import DataSource

if TYPE_CHECKING:
    from reminders.sources.snapshot import Reader, Reading
    from storage.snoozes import Snoozes

ASLEEP: DataSource[frozenset[tuple[str, str]]] = DataSource("asleep", frozenset())
"""The (kind, id) of what is snoozed."""


def asleep(snoozes: Snoozes) -> Reader[frozenset[tuple[str, str]]]:
    def read(reading: Reading) -> frozenset[tuple[str, str]]:
        return snoozes.asleep(reading.at)

    return read

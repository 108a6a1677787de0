"""The data sources of people's choices about questions: update times and snoozes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.live.asking import EVERY_NUDGE, stored
from reminders.sources.snapshot import DataSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from reminders.sources.snapshot import Reader, Reading
    from storage.snoozes import Snoozes
    from storage.update_choices import UpdateChoice, UpdateChoices


UPDATE_CHOICES: DataSource[Mapping[str, UpdateChoice]] = DataSource(
    "update_choices", {}
)
"""When people want to be asked for the next update, by the incident's id."""


def update_choices(choices: UpdateChoices) -> Reader[Mapping[str, UpdateChoice]]:
    def read(_: Reading) -> Mapping[str, UpdateChoice]:
        return choices.all()

    return read


NUDGED: DataSource[Mapping[tuple[str, str], datetime]] = DataSource("nudged", {})
"""When each snooze of a nudge ends or ended, by kind of nudge and incident id."""


def nudged(snoozes: Snoozes) -> Reader[Mapping[tuple[str, str], datetime]]:
    kinds = [stored(what) for what in EVERY_NUDGE]

    def read(_: Reading) -> Mapping[tuple[str, str], datetime]:
        return snoozes.ends(kinds)

    return read

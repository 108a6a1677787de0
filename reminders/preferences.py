"""What a person chose about the messages they get; what nobody chose is a default."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from reminders.snapshot import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reminders.snapshot import Reader, Reading
    from storage import preferences

WORKING_DAYS = (1, 2, 3, 4, 5)


class Preferences(BaseModel):
    """Stored as JSON; what an older or newer version wrote is read as far as known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    digest: bool = True
    """A daily message of one's own follow-ups."""
    digest_at: time = time(9, 30)
    days: tuple[int, ...] = WORKING_DAYS
    """Working days, as crontab counts: 0 is Sunday."""
    timezone: str | None = None
    """None: what Slack says."""
    country: str | None = None
    """Whose holidays are kept, as ISO 3166 writes it; None: the organisation's."""
    muted: bool = False
    """No message at all until it is taken back."""
    paused_until: date | None = None
    """No message before this day begins."""
    quiet_from: time | None = None
    quiet_to: time | None = None
    """Between these, messages that can wait do; past midnight if it is the earlier."""
    shift_before: int | None = 60
    """Minutes before a shift of one's own begins. None: not told."""
    shift_end: bool = True
    """Told when a shift of one's own ends."""
    nudges: bool = True
    """Asked, as an incident's lead, for what is missing in it."""


DEFAULT = Preferences()

PREFERENCES: Part[Mapping[str, Preferences]] = Part("preferences", {})
"""By Slack id, of those who chose anything; others have ``DEFAULT``."""


def everybody(stored: preferences.Preferences) -> Reader[Mapping[str, Preferences]]:
    def read(_: Reading) -> Mapping[str, Preferences]:
        return {
            person: Preferences.model_validate(choices)
            for person, choices in stored.all().items()
        }

    return read

"""Calculates when something is asked about an incident in progress. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from incidentio.lookup import normal
from reminders.calendar.durations import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incidentio import Severity
    from storage.update_choices import UpdateChoice

RANKED = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=4))
"""How often the most severe, the next and the third are to be updated."""

SHORTEST = timedelta(minutes=15)
OFF = "off"
ASKS = 3
"""How often one update is asked for; nobody who is silent so often reads a fourth."""

SKEW = timedelta(minutes=1)
"""How far incident.io's clock and ours may be apart."""

NO_LEAD, NO_SUMMARY, INACTIVE = "no_lead", "no_summary", "inactive"
EVERY_NUDGE = (NO_LEAD, NO_SUMMARY, INACTIVE)


def stored(nudge: str) -> str:
    """Return the kind under which a snooze of a nudge is stored."""
    return f"nudge.{nudge}"


@dataclass(frozen=True, slots=True)
class Asking:
    """The settings of questions about incidents in progress."""

    every: Mapping[str, timedelta] | None = None
    """Time between updates by the name of a severity; None: ``RANKED``."""
    grace: timedelta = timedelta(minutes=10)
    """How long a lead has before the channel is asked."""
    nudges: frozenset[str] = frozenset(EVERY_NUDGE)

    @classmethod
    def of(cls, every: Mapping[str, str], grace: int, nudges: Iterable[str]) -> Asking:
        """Read the settings; ``grace`` is in minutes."""
        spans = {normal(name): span(length) for name, length in every.items()}
        known = {name: length for name, length in spans.items() if length}
        return cls(
            every=known if every else None,
            grace=timedelta(minutes=grace),
            nudges=frozenset(nudges or EVERY_NUDGE) - {OFF},
        )

    def interval(self, severity: str | None, place: int | None) -> timedelta | None:
        """Return how often an incident is to be updated. None: nobody asks."""
        if severity is None or place is None:
            return None
        if self.every is not None:
            return self.every.get(normal(severity))
        return RANKED[place] if place < len(RANKED) else None


class Due(NamedTuple):
    at: datetime
    step: timedelta
    """From the first ask to the second; each further one takes twice as long."""


class Ask(NamedTuple):
    number: int
    at: datetime


def place(severity_id: str | None, severities: Iterable[Severity]) -> int | None:
    """Return the number of severities that are worse. None: it is not known."""
    ranks = {severity.id: severity.rank for severity in severities}
    if severity_id not in ranks:
        return None
    return sum(rank > ranks[severity_id] for rank in ranks.values())


def due(
    since: datetime, every: timedelta | None, choice: UpdateChoice | None
) -> Due | None:
    """Return when the next update is due after the one of ``since``. None: never.

    What somebody chose holds until the next update; that nothing be asked, for good.
    """
    if choice is not None and choice.due_at is None:
        return None
    if choice and choice.due_at and since <= choice.chosen_at + SKEW:
        chosen = max(choice.due_at - choice.chosen_at, SHORTEST)
        return Due(choice.due_at, every or chosen)
    return Due(since + every, every) if every else None


def asks(due: Due) -> list[datetime]:
    return [due.at + due.step * (2**number - 1) for number in range(ASKS)]


def current(times: Sequence[datetime], now: datetime, late: timedelta) -> Ask | None:
    """Return the latest of the times that has come. None: it came too long ago."""
    come = [Ask(number, at) for number, at in enumerate(times) if at <= now]
    return come[-1] if come and now - come[-1].at <= late else None

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
"""The time between updates for the worst, the second and the third severity."""

SHORTEST = timedelta(minutes=15)
OFF = "off"
ASKS = 3
"""How often one update is asked for: who ignores three would ignore a fourth."""

SKEW = timedelta(minutes=1)
"""The greatest difference expected between incident.io's clock and ours."""

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

    def interval(self, severity: str | None, worse: int | None) -> timedelta | None:
        """Return the time between updates. None: nobody is asked for them.

        ``worse`` is the number of severities that are worse.
        """
        if severity is None or worse is None:
            return None
        if self.every is not None:
            return self.every.get(normal(severity))
        return RANKED[worse] if worse < len(RANKED) else None


class Due(NamedTuple):
    at: datetime
    step: timedelta
    """The time from the first ask to the second; it doubles for each further one."""


class Ask(NamedTuple):
    number: int
    at: datetime


def worse(severity_id: str | None, severities: Iterable[Severity]) -> int | None:
    """Return the number of severities that are worse. None: it is not known."""
    ranks = {severity.id: severity.rank for severity in severities}
    if severity_id not in ranks:
        return None
    return sum(rank > ranks[severity_id] for rank in ranks.values())


def due(
    since: datetime, every: timedelta | None, choice: UpdateChoice | None
) -> Due | None:
    """Return when the update after the one of ``since`` is due. None: never.

    A time that somebody chose holds until the next update. The choice that nothing is
    asked holds for good.
    """
    if choice is not None and choice.due_at is None:
        return None
    if choice and choice.due_at and since <= choice.chosen_at + SKEW:
        chosen = max(choice.due_at - choice.chosen_at, SHORTEST)
        return Due(choice.due_at, every or chosen)
    return Due(since + every, every) if every else None


def asks(due: Due) -> list[datetime]:
    """Return the times at which one update is asked for, in order."""
    return [due.at + due.step * (2**number - 1) for number in range(ASKS)]


def current(times: Sequence[datetime], now: datetime, late: timedelta) -> Ask | None:
    """Return the latest of ``times`` that is not after ``now``.

    None: there is none, or it was more than ``late`` ago.
    """
    come = [Ask(number, at) for number, at in enumerate(times) if at <= now]
    return come[-1] if come and now - come[-1].at <= late else None

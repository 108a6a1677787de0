"""The day's plan: who does what at which second. It is the same in every run."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SEED = 9
PEOPLE, HOURS, INCIDENTS, FOLLOW_UPS = 500, 10, 50, 5_000
CHANNELS = 60
"""Team channels with a reminder of their follow-ups."""
BUSY = (1, 2, 4, 6, 5, 3, 4, 5, 4, 2)
"""How busy the hours are, one against another."""

LOOKUPS: Mapping[str, int] = MappingProxyType(
    {
        "/io oncall": 700,
        "/io incidents": 400,
        "/io INC-29": 600,
        "/io mine": 450,
        "/io roles INC-29": 150,
        "/io catchup INC-29": 150,
        "/io followups INC-29": 150,
        "/io schedules": 60,
        "/io help": 100,
        "home": 340,
    }
)
"""What people look up, and how often; ``home`` is the app's Home tab."""
WRITES: Mapping[str, int] = MappingProxyType(
    {
        "update": 150,
        "followup": 100,
        "action": 60,
        "declare": INCIDENTS,
        "page": 30,
        "field": 2,
        "role": 2,
    }
)
"""What people change, and how often; each by somebody else."""
OWNERS = "digest"
TEAMS = "reminder"


@dataclass(frozen=True, slots=True)
class Act:
    at: float
    """Seconds since the day began."""
    what: str
    """A key of ``LOOKUPS`` or ``WRITES``, ``digest`` or ``reminder``."""


def plan_day(share: float = 1.0) -> list[Act]:
    """Return the acts of a day by time, or of a share of them."""
    draw = random.Random(SEED)
    reminded = {OWNERS: PEOPLE, TEAMS: CHANNELS}
    acts = [
        Act(_moment(draw), what)
        for counts in (LOOKUPS, WRITES, reminded)
        for what, number in counts.items()
        for _ in range(max(1, round(number * share)))
    ]
    return sorted(acts, key=lambda act: act.at)


def _moment(draw: random.Random) -> float:
    (hour,) = draw.choices(range(HOURS), BUSY)
    return (hour + draw.random()) * 3_600

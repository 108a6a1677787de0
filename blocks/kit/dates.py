"""What forms about dates share: the days of the week, and the source of time zones."""

from __future__ import annotations

from blocks.kit.fields import Choosable

ZONES = "timezone"


DAYS = tuple(
    Choosable(name, str(number))
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        start=1,
    )
)

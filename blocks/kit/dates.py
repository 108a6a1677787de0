"""What forms about dates share: the days of the week, and the source of time zones."""

from __future__ import annotations

from blocks.kit.fields import Choice, Choosable

ZONES = "timezone"
"""The source of time zones."""


DAYS = tuple(
    Choosable(name, str(number))
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        start=1,
    )
)


def zone_choice(
    zone: str,
    *,
    name: str = ZONES,
    hint: str | None = None,
    live: bool = False,
    fresh: str = "",
) -> Choice:
    """Draw the field of a time zone, which is searched as somebody types."""
    return Choice(
        name=name,
        label="Time zone",
        options=[Choosable(zone, zone)],
        value=zone,
        source=ZONES,
        hint=hint,
        live=live,
        fresh=fresh,
    )

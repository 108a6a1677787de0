"""``<!date^…>``: a moment in the words of Slack's format tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def date_in_words(at: datetime, now: datetime, form: str, zone: ZoneInfo) -> str:
    local, today = at.astimezone(zone), now.astimezone(zone)
    tokens = {
        "date_num": f"{local:%Y-%m-%d}",
        "date": _date(local, "%B"),
        "date_short": _date(local, "%b"),
        "date_long": f"{local:%A}, {_date(local, '%B')}",
        "time": _time(local),
        "time_secs": f"{local.hour % 12 or 12}:{local:%M:%S %p}",
        "ago": _ago(at, now),
    }
    near = _near(local, today)
    for name in ("date", "date_short", "date_long"):
        tokens[f"{name}_pretty"] = near or tokens[name]
    for name, words in tokens.items():
        form = form.replace(f"{{{name}}}", words)
    return form


def _date(local: datetime, month: str) -> str:
    return f"{local.strftime(month)} {local.day}, {local.year}"


def _time(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def _near(local: datetime, today: datetime) -> str | None:
    days = (local.date() - today.date()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)


def _ago(at: datetime, now: datetime) -> str:
    gone = now - at
    size, suffix = abs(gone), "ago" if gone >= timedelta(0) else "from now"
    for name, length in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        if size >= length:
            number = size // length
            return f"{number} {name}{'s' * (number > 1)} {suffix}"
    return "just now"

"""Validators of settings: each returns the value or raises ``ValueError``."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    SecretStr,
    TypeAdapter,
    ValidationError,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from reminders.calendar import working_days
from reminders.calendar.durations import span
from reminders.live.asking import EVERY_NUDGE, OFF

LONGEST_TARGET = 365

LEVELS = ("none", "read", "respond", "administer")


def zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as exc:
        raise ValueError("is not a time zone; use a name like Europe/Lisbon") from exc
    return name


def http(url: str) -> str:
    try:
        TypeAdapter(AnyHttpUrl).validate_python(url)
    except ValidationError as exc:
        raise ValueError("must be a URL that starts with https:// or http://") from exc
    return url


def database(url: str) -> str:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as exc:
        raise ValueError(
            "must be a database URL, with special characters of its password as %xx"
        ) from exc
    if parsed.drivername in ("postgres", "postgresql"):
        psycopg = parsed.set(drivername="postgresql+psycopg")
        return psycopg.render_as_string(hide_password=False)
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError("must name a file, as in sqlite:///incidentio-bot.db")
    return url


def command(name: str) -> str:
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", name):
        raise ValueError("must be a slash and 1 to 31 of a-z, 0-9, - and _")
    if name in ("/incident", "/inc"):
        raise ValueError("belongs to incident.io's own Slack app; choose another")
    return name


def token(secret: SecretStr) -> SecretStr:
    """Refuse characters that no HTTP header can carry, such as a copied line break."""
    if not re.fullmatch(r"[!-~]*", secret.get_secret_value()):
        raise ValueError("has a space or a special character in it; copy it again")
    return secret


def prefixed(prefix: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        value = secret.get_secret_value()
        if value and not value.startswith(prefix):
            raise ValueError(f"must start with {prefix}")
        return secret

    return AfterValidator(check)


def webhook_secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value().removeprefix("whsec_")
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error as exc:
        raise ValueError("is cut short or mistyped; copy it again") from exc
    return secret


def dsn(secret: SecretStr) -> SecretStr:
    parts = urlsplit(secret.get_secret_value())
    if secret and not (parts.scheme in {"http", "https"} and parts.username):
        raise ValueError("must be Sentry's DSN: https://KEY@HOST/PROJECT")
    return secret


def listed(text: object) -> object:
    """Split ``U0ANA, S0SRE`` at commas."""
    if not isinstance(text, str):
        return text
    return tuple(part for part in re.split(r"[,\s]+", text.strip()) if part)


def who(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Accept ids of users, user groups and channels, and ``everyone``."""
    for id_ in ids:
        if id_ != "everyone" and not re.fullmatch(r"[USWCG][A-Z0-9]{2,}", id_):
            raise ValueError(
                f"has “{id_}”; it takes ids of users (U…), user groups (S…) and "
                "channels (C…), separated by commas, or everyone"
            )
    return ids


def paired(text: object) -> object:
    """Split ``communications-team=respond, viewer=read`` into pairs."""
    if not isinstance(text, str):
        return text
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    return {name.strip(): level.strip().lower() for name, _, level in pairs}


def levels(named: dict[str, str]) -> dict[str, str]:
    """Accept a level for each name."""
    for name, level in named.items():
        if not name or level not in LEVELS:
            wanted = ", ".join(LEVELS[:-1])
            raise ValueError(
                f"has “{name}={level}”; it takes name={wanted} or {LEVELS[-1]}, "
                "separated by commas"
            )
    return named


def channel(id_: str) -> str:
    """Accept the id of a channel, or nothing."""
    if id_ and not re.fullmatch(r"[CG][A-Z0-9]{2,}", id_):
        raise ValueError("must be the id of a channel, like C0123456789")
    return id_


def holidays(country: str) -> str:
    """Accept a country, a part of one as in ``DE-BY``, or nothing."""
    return working_days.known(country)


def days_by_name(text: object) -> object:
    """Read ``Urgent=3, High=7, none=20`` as working days by the name of a priority."""
    if not isinstance(text, str):
        return text
    pairs = [part.rpartition("=") for part in text.split(",") if part.strip()]
    days: dict[str, int] = {}
    for name, _, number in ((n.strip(), _, d.strip()) for n, _, d in pairs):
        if not name or not _is_days(number):
            raise ValueError(
                f"has “{name}={number}”; it takes priority=working days, from 1 to "
                f"{LONGEST_TARGET}, like Urgent=3, High=7, none=20"
            )
        if name.casefold() in map(str.casefold, days):
            raise ValueError(f"has “{name}” twice; say one number of days for it")
        days[name] = int(number)
    return days


def _is_days(number: str) -> bool:
    return (
        number.isascii()
        and number.isdecimal()
        and len(number) <= 4
        and 1 <= int(number) <= LONGEST_TARGET
    )


def cadence(lengths: dict[str, str]) -> dict[str, str]:
    """Accept a duration for each severity, or ``off``."""
    if [*map(str.lower, lengths)] == [OFF] and not any(lengths.values()):
        return {OFF: ""}
    for name, length in lengths.items():
        if not name or span(length) is None:
            raise ValueError(
                f"has “{name}={length}”; it takes severities as in Critical=30m, "
                "Major=1h, separated by commas, or off"
            )
    return lengths


def nudges(names: tuple[str, ...]) -> tuple[str, ...]:
    """Accept names of nudges, or ``off``."""
    if names != (OFF,) and not set(names) <= {*EVERY_NUDGE}:
        raise ValueError(
            f"must be some of {', '.join(EVERY_NUDGE)}, separated by commas, or off"
        )
    return names

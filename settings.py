"""Everything the environment decides. Read once, in app.py; passed down from there."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class SettingsError(Exception):
    """The environment does not say what the bot needs; ``faults`` names each thing."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as exc:
        raise ValueError("is not a time zone; use a name like Europe/Lisbon") from exc
    return name


def _http(url: str) -> str:
    try:
        TypeAdapter(AnyHttpUrl).validate_python(url)
    except ValidationError as exc:
        raise ValueError("must be a URL that starts with https:// or http://") from exc
    return url


def _database(url: str) -> str:
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


def _command(name: str) -> str:
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", name):
        raise ValueError("must be a slash and 1 to 31 of a-z, 0-9, - and _")
    if name in ("/incident", "/inc"):
        raise ValueError("belongs to incident.io's own Slack app; choose another")
    return name


def _token(secret: SecretStr) -> SecretStr:
    """Refuse what no HTTP header can carry: a careless copy holds such things."""
    if not re.fullmatch(r"[!-~]*", secret.get_secret_value()):
        raise ValueError("has a space or a special character in it; copy it again")
    return secret


def _prefixed(prefix: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        value = secret.get_secret_value()
        if value and not value.startswith(prefix):
            raise ValueError(f"must start with {prefix}")
        return secret

    return AfterValidator(check)


def _webhook_secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value().removeprefix("whsec_")
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error as exc:
        raise ValueError("is cut short or mistyped; copy it again") from exc
    return secret


def _bare(value: Any, info: ValidationInfo) -> Any:
    """Take off the spaces and quotes that shells and ``--env-file`` leave around.

    What is empty then is not set: it has its default.
    """
    if not isinstance(value, str):
        return value
    bare = value.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        bare = bare[1:-1].strip()
    return bare or Settings.model_fields[str(info.field_name)].default


Secret = Annotated[SecretStr, AfterValidator(_token)]
Url = Annotated[str, AfterValidator(_http)]


class Settings(BaseSettings):
    """One field for each variable of ``.env.example``, where they are explained."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    bare = field_validator("*", mode="before")(_bare)

    slack_bot_token: Annotated[Secret, _prefixed("xoxb-")] = SecretStr("")
    slack_signing_secret: Secret = SecretStr("")
    slack_app_token: Annotated[Secret, _prefixed("xapp-")] = SecretStr("")
    slack_api_url: Url = "https://slack.com/api/"
    incidentio_api_key: Secret = SecretStr("")
    incidentio_api_url: Url = "https://api.incident.io"
    incidentio_webhook_secret: Annotated[
        Secret, _prefixed("whsec_"), AfterValidator(_webhook_secret)
    ] = SecretStr("")
    incidentio_requests_per_minute: Annotated[int, Field(ge=30, le=1200)] = 1100
    slash_command: Annotated[str, AfterValidator(_command)] = "/io"
    database_url: Annotated[str, AfterValidator(_database)] = (
        "sqlite:///incidentio-bot.db"
    )
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    public_url: Url | None = None
    web_threads: Annotated[int, Field(ge=2, le=128)] = 32
    work_threads: Annotated[int, Field(ge=2, le=128)] = 24
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["logfmt", "json"] = "logfmt"
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for what must never show them."""
        values = (value for _, value in self if isinstance(value, SecretStr))
        return tuple(filter(None, (value.get_secret_value() for value in values)))


NEEDED = {
    "slack_bot_token": "the bot token of your Slack app (xoxb-…): OAuth & Permissions",
    "slack_signing_secret": "your Slack app's signing secret: Basic Information",
    "slack_app_token": "an app-level token (xapp-…) with connections:write",
    "incidentio_api_key": "an API key of incident.io: Settings, API keys",
}
"""What each secret is and where it is found, said when it is missing."""


def load(*needed: str) -> Settings:
    """Read the environment and ``.env``; raise ``SettingsError`` with every fault."""
    faults: list[str] = []
    try:
        settings = Settings()
    except ValidationError as exc:
        faults = [_fault(error) for error in exc.errors(include_input=False)]
        settings = Settings(**_defaults(exc))
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError([f"The file .env cannot be read: {exc}."]) from exc
    faults += _missing(settings, needed)
    if faults:
        raise SettingsError(faults)
    return settings


def _defaults(error: ValidationError) -> dict[str, Any]:
    """Stand in for the faulty variables, so that the others can be looked at too."""
    names = {str(e["loc"][0]) for e in error.errors()}
    return {name: Settings.model_fields[name].default for name in names}


def _missing(settings: Settings, needed: Sequence[str]) -> list[str]:
    return [
        f"{name.upper()} is not set: it is {NEEDED[name]}."
        for name in needed
        if not getattr(settings, name).get_secret_value()
    ]


def _fault(error: ErrorDetails) -> str:
    """Name the variable and what it must be; never what it is: it may be secret."""
    limit = error.get("ctx", {})
    match error["type"]:
        case "greater_than_equal":
            why = f"must be at least {limit['ge']}"
        case "less_than_equal":
            why = f"must be at most {limit['le']}"
        case "literal_error":
            why = f"must be one of {limit['expected']}"
        case "int_parsing" | "int_parsing_size":
            why = "must be a whole number"
        case _:
            why = error["msg"].removeprefix("Value error, ")
    return f"{str(error['loc'][0]).upper()} {why}."

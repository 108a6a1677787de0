"""The settings, read from the environment once, by ``app.py``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from runtime import level_names
from runtime import setting_values as values

SETTINGS_FILE = Path(".env")


class SettingsError(Exception):
    """Settings are missing or malformed; ``faults`` has a sentence for each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def _bare(value: Any, info: ValidationInfo) -> Any:
    """Strip the spaces and quotes that shells and ``--env-file`` leave around a value.

    An empty value means the default.
    """
    if not isinstance(value, str):
        return value
    bare = value.strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\"":
        bare = bare[1:-1].strip()
    return bare or Settings.model_fields[str(info.field_name)].default


Secret = Annotated[SecretStr, AfterValidator(values.token)]
Url = Annotated[str, AfterValidator(values.http)]
Who = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(values.listed),
    AfterValidator(values.who),
]
Levels = Annotated[
    dict[str, str],
    NoDecode,
    BeforeValidator(values.paired),
    AfterValidator(values.levels),
]
RoleLevels = Annotated[Levels, AfterValidator(level_names.roles)]
CommandLevels = Annotated[Levels, AfterValidator(level_names.commands)]
Cadence = Annotated[
    dict[str, str],
    NoDecode,
    BeforeValidator(values.paired),
    AfterValidator(values.cadence),
]
Nudges = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(values.listed),
    AfterValidator(values.nudges),
]

Days = Annotated[
    dict[str, int],
    NoDecode,
    BeforeValidator(values.days_by_name),
]


class Settings(BaseSettings):
    """One field for each variable of ``.env.example``, where they are explained."""

    model_config = SettingsConfigDict(
        env_file=SETTINGS_FILE, extra="ignore", frozen=True, env_ignore_empty=True
    )

    bare = field_validator("*", mode="before")(_bare)

    slack_bot_token: Annotated[Secret, values.prefixed("xoxb-")] = SecretStr("")
    slack_signing_secret: Secret = SecretStr("")
    slack_app_token: Annotated[Secret, values.prefixed("xapp-")] = SecretStr("")
    slack_api_url: Url = "https://slack.com/api/"
    incidentio_api_key: Secret = SecretStr("")
    incidentio_api_url: Url = "https://api.incident.io"
    incidentio_webhook_secret: Annotated[
        Secret, values.prefixed("whsec_"), AfterValidator(values.webhook_secret)
    ] = SecretStr("")
    incidentio_requests_per_minute: Annotated[int, Field(ge=30, le=1200)] | None = None
    slash_command: Annotated[str, AfterValidator(values.command)] = "/io"
    database_url: Annotated[str, AfterValidator(values.database)] = (
        "sqlite:///incidentio-bot.db"
    )
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0
    sandbox_port: Annotated[int, Field(ge=1, le=65534)] = 3100
    sandbox_replicas: Annotated[int, Field(ge=1, le=5)] = 1
    sandbox_people: str = ""
    public_url: Url | None = None
    web_threads: Annotated[int, Field(ge=2, le=128)] = 32
    work_threads: Annotated[int, Field(ge=2, le=128)] = 24
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["logfmt", "json"] = "logfmt"
    sentry_dsn: Annotated[SecretStr, AfterValidator(values.dsn)] = SecretStr("")
    timezone: Annotated[str, AfterValidator(values.zone)] = "UTC"
    holidays: Annotated[str, AfterValidator(values.holidays)] = ""
    follow_up_targets: Days = {}
    assign_within: Annotated[int, Field(ge=1, le=365)] = 2
    permissions_from_incidentio: bool = True
    permissions_by_email: bool = False
    role_levels: RoleLevels = {}
    command_levels: CommandLevels = {}
    allowed_to_read: Who = ()
    allowed_to_respond: Who = ()
    allowed_to_administer: Who = ()
    owner_digests: bool = True
    announce_changes: bool = False
    audit_days: Annotated[int, Field(ge=1, le=3650)] = 90
    audit_channel: Annotated[str, AfterValidator(values.channel)] = ""

    update_cadence: Cadence = {}
    update_grace_minutes: Annotated[int, Field(ge=1, le=120)] = 10
    nudges: Nudges = ()
    incident_cards: bool = True

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values of all secrets, to be kept out of logs."""
        held = (value for _, value in self if isinstance(value, SecretStr))
        return tuple(filter(None, (secret.get_secret_value() for secret in held)))


NEEDED = {
    "slack_bot_token": "the bot token of your Slack app (xoxb-…): OAuth & Permissions",
    "slack_signing_secret": "your Slack app's signing secret: Basic Information",
    "slack_app_token": "an app-level token (xapp-…) with connections:write",
    "incidentio_api_key": "an API key of incident.io: Settings, API keys",
}
"""A description of each secret, and where to find it."""


def load(*needed: str) -> Settings:
    """Read the environment and ``.env``.

    Raises:
        SettingsError: settings are malformed, or one of ``needed`` is missing.
    """
    faults: list[str] = []
    malformed: dict[str, Any] = {}
    try:
        settings = Settings()
    except ValidationError as exc:
        faults = [_fault(error) for error in exc.errors(include_input=False)]
        malformed = _defaults(exc)
        settings = Settings(**malformed)
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError([f"The file .env cannot be read: {exc}."]) from exc
    faults += _missing(settings, [name for name in needed if name not in malformed])
    if faults:
        raise SettingsError(faults)
    return settings


def _defaults(error: ValidationError) -> dict[str, Any]:
    """Return defaults for the faulty settings, so that the others are checked too."""
    names = {str(e["loc"][0]) for e in error.errors()}
    return {name: Settings.model_fields[name].default for name in names}


def _missing(settings: Settings, needed: Sequence[str]) -> list[str]:
    return [
        f"{name.upper()} is not set: it is {NEEDED[name]}."
        for name in needed
        if not getattr(settings, name).get_secret_value()
    ]


def _fault(error: ErrorDetails) -> str:
    """Describe a fault without the value, which may be secret."""
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

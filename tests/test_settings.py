"""A bad setting is named with what mends it, all at once, and never shown."""

import os
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from runtime.settings import NEEDED, Settings, SettingsError, load

EXAMPLE = Path(__file__).parent.parent / ".env.example"
NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """An environment in which nothing is set, and no developer's .env is near."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper() in NAMES:
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def env(monkeypatch):
    def set_(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return set_


def faults(*needed):
    with pytest.raises(SettingsError) as refused:
        load(*needed)
    return list(refused.value.faults)


def examples():
    lines = EXAMPLE.read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line)]
    return dict(pairs)


def test_the_example_names_every_setting_and_no_other():
    assert sorted(examples()) == sorted(NAMES)


def test_the_example_holds_the_defaults():
    defaults = {
        name.upper(): "" if shown in (None, "", (), {}) else str(shown)
        for name, field in Settings.model_fields.items()
        for shown in [plain(field.default)]
    }
    assert examples() == defaults


def test_the_example_explains_every_setting():
    paragraphs = EXAMPLE.read_text().split("\n\n")
    explained = [p for p in paragraphs if re.search(r"^[A-Z_]+=", p, re.MULTILINE)]
    assert all(p.startswith("# ") for p in explained)


def test_a_copy_of_the_example_is_the_same_as_nothing(nowhere):
    (nowhere / ".env").write_text(EXAMPLE.read_text())
    assert load() == Settings(_env_file=None)


def plain(value):
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def test_the_file_is_read_and_the_environment_wins(nowhere, env):
    (nowhere / ".env").write_text('PORT=4000\nHOST="::1"\n# TIMEZONE=Nowhere\n')
    env(PORT="5000")
    assert (load().port, load().host, load().timezone) == (5000, "::1", "UTC")


def test_a_file_that_cannot_be_read_is_named(nowhere):
    (nowhere / ".env").write_bytes(b"HOST=\xff\xfe")
    (fault,) = faults()
    assert fault.startswith("The file .env cannot be read")


@pytest.mark.parametrize("written", ["4000", " 4000 ", '"4000"', "'4000'", '" 4000 "'])
def test_spaces_and_quotes_around_a_value_do_not_matter(env, written):
    env(PORT=written)
    assert load().port == 4000


@pytest.mark.parametrize("nothing", ["", "  ", '""', "''", '" "'])
def test_what_is_empty_is_not_set(env, nothing):
    env(PORT=nothing, HOST=nothing, SLACK_BOT_TOKEN=nothing, PUBLIC_URL=nothing)
    assert load() == Settings(_env_file=None)
    assert faults("slack_bot_token")


def test_everything_that_is_missing_is_named_with_where_to_find_it():
    assert faults(*NEEDED) == [
        f"{name.upper()} is not set: it is {where}." for name, where in NEEDED.items()
    ]


def test_everything_that_is_wrong_is_named_at_once(env):
    env(PORT="many", SLASH_COMMAND="/incident", TIMEZONE="Lisboa", LOG_LEVEL="loud")
    found = faults("incidentio_api_key")
    assert [fault.partition(" ")[0] for fault in found] == [
        "SLASH_COMMAND",
        "PORT",
        "LOG_LEVEL",
        "TIMEZONE",
        "INCIDENTIO_API_KEY",
    ]


@pytest.mark.parametrize(
    ("name", "value", "mending"),
    [
        ("PORT", "http", "must be a whole number"),
        ("PORT", "9" * 5000, "must be a whole number"),
        ("PORT", "70000", "must be at most 65535"),
        ("PORT", "-1", "must be at least 0"),
        ("WEB_THREADS", "1", "must be at least 2"),
        ("INCIDENTIO_REQUESTS_PER_MINUTE", "5000", "must be at most 1200"),
        ("LOG_LEVEL", "loud", "must be one of 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("LOG_FORMAT", "xml", "must be one of 'logfmt' or 'json'"),
        ("TIMEZONE", "Lisboa", "is not a time zone; use a name like Europe/Lisbon"),
        ("TIMEZONE", "../../etc/passwd", "is not a time zone"),
        ("HOLIDAYS", "Portugal", "has no holidays known for “PORTUGAL”; use a country"),
        ("HOLIDAYS", "DE-XX", "has no holidays known for “DE-XX”; use a country like"),
        ("FOLLOW_UP_TARGETS", "High", "has “=High”; it takes priority=working days"),
        ("FOLLOW_UP_TARGETS", "High=0", "has “High=0”; it takes priority=working days"),
        (
            "FOLLOW_UP_TARGETS",
            "High=soon",
            "has “High=soon”; it takes priority=working days",
        ),
        ("FOLLOW_UP_TARGETS", "High=²", "has “High=²”; it takes"),
        ("FOLLOW_UP_TARGETS", "High=3,high=4", "has “high” twice; say one number"),
        ("ASSIGN_WITHIN", "0", "must be at least 1"),
        ("COMMAND_LEVELS", "severty=administer", "has “severty”, which is no command"),
        ("COMMAND_LEVELS", "severty=none", "has “severty”, which is no command; per"),
        ("COMMAND_LEVELS", "folowup done=read", "has “folowup done”, which is no co"),
        ("COMMAND_LEVELS", "zzz=read", "has “zzz”, which is no command; docs/commands"),
        (
            "COMMAND_LEVELS",
            "incident=read, incident show=none",
            "has “incident show” twice; say one level for it",
        ),
        ("ROLE_LEVELS", "respnder=none", "has “respnder”, which is no role; perhaps r"),
        ("ROLE_LEVELS", "Viewer=none", "has “Viewer”, which is no role; perhaps vie"),
        ("SLACK_API_URL", "slack.com/api", "must be a URL"),
        ("SLACK_API_URL", "ftp://slack.com", "must be a URL"),
        ("PUBLIC_URL", "bot.example.com", "must be a URL"),
        ("SLASH_COMMAND", "io", "must be a slash and 1 to 31"),
        ("SLASH_COMMAND", "/IO", "must be a slash and 1 to 31"),
        ("SLASH_COMMAND", "/incident", "belongs to incident.io's own Slack app"),
        ("SLASH_COMMAND", "/inc", "belongs to incident.io's own Slack app"),
        ("SLACK_BOT_TOKEN", "xoxp-1", "must start with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "must start with xapp-"),
        ("SLACK_BOT_TOKEN", "xoxb-1 2", "has a space or a special character"),
        ("INCIDENTIO_API_KEY", "“key”", "has a space or a special character"),
        ("INCIDENTIO_WEBHOOK_SECRET", "c2VjcmV0", "must start with whsec_"),
        ("INCIDENTIO_WEBHOOK_SECRET", "whsec_c2Vj!", "is cut short or mistyped"),
        ("DATABASE_URL", "bot.db", "must be a database URL"),
        ("DATABASE_URL", "mysql://h/bot", "must start with sqlite:/// or postgresql"),
        ("DATABASE_URL", "sqlite://", "must name a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("DATABASE_URL", "postgresql://u:p@h:port/bot", "must be a database URL"),
    ],
)
def test_a_bad_value_is_named_with_what_mends_it(env, name, value, mending):
    env(**{name: value})
    (fault,) = faults(*(need for need in NEEDED if need == name.lower()))
    assert fault.startswith(f"{name} {mending}")
    assert fault.endswith(".")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("severty", "severity"),
        ("on call", "oncall"),
        ("followup dnoe", "followup done"),
    ],
)
def test_the_nearest_command_is_named(env, typed, meant):
    env(COMMAND_LEVELS=f"{typed}=administer")
    (fault,) = faults()
    assert fault.endswith(f"perhaps {meant} is meant.")


def test_levels_are_set_for_commands_by_any_of_their_phrases(env):
    env(COMMAND_LEVELS="Followup=respond, ladder  organisation=respond, page=none")
    assert load().command_levels == {
        "followup show": "respond",
        "ladder organisation": "respond",
        "page": "none",
    }


def test_a_custom_role_may_be_called_anything(env):
    env(ROLE_LEVELS="communications-team=respond, custom:owners=read, none=none")
    assert load().role_levels == {
        "communications-team": "respond",
        "owners": "read",
        "none": "none",
    }


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("SLACK_BOT_TOKEN", "hunter2"),
        ("INCIDENTIO_API_KEY", "hunter2 é"),
        ("INCIDENTIO_WEBHOOK_SECRET", "whsec_hunter2!"),
        ("DATABASE_URL", "postgresql://u:1:hunter2@h:hunter2/bot"),
    ],
)
def test_a_bad_secret_is_not_shown(env, name, secret):
    env(**{name: secret})
    assert "hunter2" not in "".join(faults())


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_the_same(env, scheme):
    env(DATABASE_URL=f"{scheme}://u:p%40ss@db.example.com:5432/bot?sslmode=require")
    assert load().database_url == (
        "postgresql+psycopg://u:p%40ss@db.example.com:5432/bot?sslmode=require"
    )


def test_secrets_are_known_and_not_shown(env):
    env(SLACK_BOT_TOKEN="xoxb-hunter2", INCIDENTIO_API_KEY="hunter3")
    settings = load("slack_bot_token", "incidentio_api_key")
    assert settings.secrets == ("xoxb-hunter2", "hunter3")
    assert "hunter" not in repr(settings)


def test_targets_and_holidays_are_read(env):
    env(HOLIDAYS="de-by", FOLLOW_UP_TARGETS=" Very urgent = 3,P=1=9, none=20,")
    settings = load()
    assert settings.holidays == "DE-BY"
    assert settings.follow_up_targets == {"Very urgent": 3, "P=1": 9, "none": 20}


def test_a_cadence_is_given_by_severity_or_turned_off(env):
    env(UPDATE_CADENCE="Critical=15m, Really Bad=2H")
    assert load().update_cadence == {"Critical": "15m", "Really Bad": "2h"}
    env(UPDATE_CADENCE="Off", NUDGES="no_lead, inactive")
    assert load().update_cadence == {"off": ""}
    assert load().nudges == ("no_lead", "inactive")


def test_what_cannot_be_asked_is_named(env):
    env(UPDATE_CADENCE="Critical=soon", NUDGES="no_lead,no_luck")
    cadence, nudges = faults()
    assert "has “Critical=soon”" in cadence
    assert nudges.startswith("NUDGES must be some of no_lead, no_summary, inactive")

"""The doctor, examining configurations that are wrong in one way each."""

import io
import socket
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from admin import clock, doctor
from admin.doctor import examine, print_table
from admin.finding import Finding
from admin.scopes import SCOPES
from storage.database import open_database


@pytest.fixture
def migrated(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/bot.db")
    database.migrate()
    database.close()
    return tmp_path / "bot.db"


@pytest.fixture
def unreachable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}/"


def ill(findings):
    return {f.check: (f.result, f.meaning) for f in findings if f.result != "ok"}


def only(findings):
    ((check, (result, meaning)),) = ill(findings).items()
    return check, result, meaning


def test_a_sound_configuration_has_no_faults(configured, migrated):
    findings = examine(configured())
    assert ill(findings) == {}
    assert [f.check for f in findings] == [
        "Slack bot token",
        "Slack scopes",
        "Slack app token",
        "Slack signing secret",
        "incident.io API key",
        "API key roles",
        "Webhook secret",
        "Database",
        "Clock",
    ]


BEN, EVE = "01HUSER00000000000000BEN00", "01HUSER00000000000000EVE00"


def test_who_is_known_by_an_address_only_is_told(configured, migrated, world):
    del world.incidentio.store.users.get(BEN)["slack_user_id"]
    _, result, meaning = only(examine(configured()))
    assert result == "warning"
    assert "no Slack account to Ben Okafor, so they have no rights" in meaning
    findings = examine(configured(permissions_by_email="true"))
    assert ill(findings) == {}
    (said,) = [f.meaning for f in findings if f.check == "Accounts in Slack"]
    assert said == "PERMISSIONS_BY_EMAIL: Ben Okafor have rights by their address."


def test_accounts_that_share_a_slack_account_are_told(configured, migrated, world):
    world.incidentio.store.users.get(EVE)["slack_user_id"] = "U0BEN"
    _, _, meaning = only(examine(configured()))
    assert meaning.startswith("Ben Okafor and Eve Martin share a Slack account")


def test_files_that_others_can_read_are_named(
    configured, migrated, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(0o640)
    migrated.chmod(0o644)
    check, result, meaning = only(examine(configured()))
    assert (check, result) == ("Files", "warning")
    assert f"chmod 600 .env {migrated}" in meaning


def test_no_socket_is_left_open(configured, world):
    examine(configured())
    called = [call.method for call in world.slack.calls]
    assert sorted(called) == ["apps.connections.open", "auth.test"]
    assert world.slack.sockets.connected == 0


@pytest.mark.parametrize(
    ("name", "value", "check", "words"),
    [
        ("slack_bot_token", "", "Slack bot token", "SLACK_BOT_TOKEN is not set"),
        ("slack_bot_token", "xoxb-no", "Slack bot token", "(invalid_auth)"),
        ("slack_app_token", "", "Slack app token", "SLACK_APP_TOKEN is not set"),
        ("slack_app_token", "xapp-no", "Slack app token", "(invalid_auth)"),
        ("incidentio_api_key", "", "incident.io API key", "INCIDENTIO_API_KEY is not"),
        ("incidentio_api_key", "no", "incident.io API key", "(401)"),
    ],
)
def test_a_token_that_is_missing_or_wrong_is_a_fault(
    configured, name, value, check, words
):
    found, result, meaning = only(examine(configured(**{name: value})))
    assert (found, result) == (check, "fault")
    assert words in meaning


def test_missing_scopes_are_named_with_what_they_are_for(configured, world):
    world.slack.scopes -= {"users:read.email", "im:write"}
    check, result, meaning = only(examine(configured()))
    assert (check, result) == ("Slack scopes", "fault")
    for scope in ("users:read.email", "im:write"):
        assert f"{scope} (to {SCOPES[scope]})" in meaning
    assert "python app.py manifest" in meaning


def test_an_optional_scope_is_only_recommended(configured, world):
    world.slack.scopes -= {"channels:join"}
    check, result, meaning = only(examine(configured()))
    assert (check, result) == ("Slack scopes", "warning")
    assert "install the app again" in meaning


def test_a_key_is_told_which_features_lack_a_role(configured, world):
    world.incidentio.key.roles -= {"incident_creator", "schedule_overrides_editor"}
    world.incidentio.key.roles -= {"schedules_editor", "global_access"}
    found = ill(examine(configured()))
    assert {check: result for check, (result, _) in found.items()} == {
        "Role: declaring incidents": "fault",
        "Role: overrides": "fault",
        "Role: schedules": "warning",
        "Role: private incidents": "warning",
    }
    _, meaning = found["Role: overrides"]
    assert "schedule_overrides_editor or schedules_editor" in meaning


@pytest.mark.parametrize("name", ["slack_api_url", "incidentio_api_url"])
def test_a_service_that_cannot_be_reached_is_a_fault(configured, unreachable, name):
    found = ill(examine(configured(**{name: unreachable})))
    assert {result for result, _ in found.values()} == {"fault"}
    assert all("could not be asked" in meaning for _, meaning in found.values())


def test_http_mode_needs_a_signing_secret_and_no_app_token(configured):
    found = ill(
        examine(
            configured(
                public_url="https://bot.example.com",
                slack_signing_secret="",
                slack_app_token="",
            )
        )
    )
    assert {check: result for check, (result, _) in found.items()} == {
        "Slack signing secret": "fault",
        "Webhook secret": "warning",
    }


def test_socket_mode_needs_no_signing_secret(configured):
    assert ill(examine(configured(slack_signing_secret=""))) == {}


def test_a_signing_secret_of_another_form_is_a_warning(configured):
    check, result, _ = only(examine(configured(slack_signing_secret="sandbox")))
    assert (check, result) == ("Slack signing secret", "warning")


def test_a_database_that_is_not_there_yet_will_be_made(configured, tmp_path):
    assert ill(examine(configured())) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_database_with_nowhere_to_be_is_a_fault(configured, tmp_path):
    settings = configured(database_url=f"sqlite:///{tmp_path}/none/bot.db")
    check, result, meaning = only(examine(settings))
    assert (check, result) == ("Database", "fault")
    assert "its folder is missing" in meaning


def test_an_empty_database_will_be_migrated(configured, tmp_path):
    (tmp_path / "bot.db").touch()
    findings = {f.check: f for f in examine(configured())}
    assert findings["Database"].meaning == "Will be migrated at the next start."


def test_a_database_of_a_newer_version_is_a_fault(configured, migrated):
    with sqlite3.connect(migrated) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "newer version" in only(examine(configured()))[2]


def test_a_database_that_is_locked_is_a_fault(configured, migrated):
    connection = sqlite3.connect(migrated, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert "locked" in only(examine(configured()))[2]
    connection.close()


def test_a_file_that_is_no_database_is_a_fault(configured, tmp_path):
    (tmp_path / "bot.db").touch(0o600)
    (tmp_path / "bot.db").write_text("Dear diary, " * 100)
    assert only(examine(configured()))[1] == "fault"


@pytest.mark.parametrize(
    ("seconds", "result"),
    [(0, "ok"), (5, "ok"), (-6, "warning"), (60, "warning"), (61, "fault")],
)
def test_a_clock_may_be_a_little_wrong(seconds, result):
    assert clock.judge(seconds).result == result


def test_a_clock_is_compared_with_the_dates_of_their_answers(configured):
    def late():
        return datetime.now(UTC) - timedelta(minutes=2)

    check, result, meaning = only(examine(configured(), now=late))
    assert (check, result) == ("Clock", "fault")
    assert "s behind" in meaning


def test_what_fails_unforeseen_is_a_finding_and_not_a_traceback(configured):
    def broken():
        raise OSError("the clock has stopped; ask xoxb-1-2-3")

    check, result, meaning = only(examine(configured(), now=broken))
    assert (check, result) == ("Clock", "fault")
    assert meaning.startswith("Could not be checked (OSError: the clock has stopped")


def test_the_table_says_what_to_do_and_keeps_secrets(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    out = io.StringIO()
    print_table(
        [
            Finding("Slack bot token", "ok", "Works as @bot in Acme."),
            Finding(
                "Database", "fault", "Refuses xoxb-1-2-3. Make a new one, and mend it."
            ),
        ],
        out,
    )
    assert out.getvalue().splitlines() == [
        "Check            Result  What it means, what to do",
        "Slack bot token  ok      Works as @bot in Acme.",
        "Database         fault   Refuses xoxb-… Make a new one, and",
        "                         mend it.",
        "",
        "1 fault, 0 warnings.",
    ]


def test_the_process_exits_with_1_on_a_fault(configured, migrated, capsys):
    assert doctor.run(configured()) == 0
    assert capsys.readouterr().out.endswith("\nAll is well.\n")
    assert doctor.run(configured(slack_bot_token="")) == 1
    assert "sandbox" not in capsys.readouterr().out


def test_a_level_for_a_role_that_nobody_has_is_warned_of(configured, migrated):
    levels = {"communications-team": "respond", "comunications-tem": "administer"}
    nobody = "Nobody in incident.io has the role “comunications-tem”."
    words = f"{nobody} Perhaps communications-team is meant."
    assert only(examine(configured(role_levels=levels))) == (
        "ROLE_LEVELS",
        "warning",
        words,
    )

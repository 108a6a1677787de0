"""The processes, started as their operator starts them."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Event

import psycopg
import pytest

import app
from runtime import processes, tokens
from runtime.settings import Settings
from storage.database import open_database
from storage.errors import DatabaseUnreachable

ROOT = Path(__file__).parent.parent


@pytest.fixture
def environment(world, tmp_path):
    """What a process needs to live between the stand-ins, and nothing else."""
    named = {name.upper(): value for name, value in world.settings.items()}
    database = f"sqlite:///{tmp_path / 'bot.db'}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, **named, "DATABASE_URL": database, "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def start(environment, tmp_path):
    """Start a process away from any ``.env``; it is stopped at the end."""
    started = []

    def run(*arguments):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), *arguments],
            cwd=tmp_path,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


SELDOM = {
    "aiohttp": "slack_sdk's other client, and slack_bolt's",
    "alembic": "a database that is to be migrated",
    "holidays": "a country to know the holidays of",
    "psycopg": "a DATABASE_URL of PostgreSQL",
    "rapidfuzz": "a word that somebody misspells",
    "sandbox": "the sandbox's own process",
    "sqlalchemy.dialects.postgresql": "a DATABASE_URL of PostgreSQL",
}
"""Modules, and what they wait for."""


def test_a_process_starts_without_what_few_need_and_looks_for_no_garbage_in_the_rest():
    code = "import app, gc, sys; print(gc.isenabled(), gc.get_freeze_count())\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    garbage, modules = done.stdout.splitlines()
    collects, frozen = garbage.split()
    assert {*modules.split()} & {*SELDOM} == set()
    assert collects == "True"
    assert int(frozen) > 100_000


def test_one_process_answers_over_a_socket_and_stops_when_told(world, start):
    process = start()
    assert world.slack.sockets.wait(1, timeout=20)
    ana = world.slack.person("ana")
    seen = world.slack.workspace.version

    delivery = ana.types("/io incidents", channel="incidents")

    assert delivery.error is None
    while not ana.sees("incidents"):
        seen = world.slack.workspace.wait(seen, timeout=10)
    assert "Live incidents" in ana.sees("incidents")[-1].words
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "kind=command" in said
    assert "xoxb-sandbox" not in said


@pytest.mark.parametrize(
    "name", [n for n, p in app.PROCESSES.items() if p.takes_options]
)
def test_options_are_explained_without_any_settings(
    name, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)

    assert app.main([*name.split(), "--help"]) == 0
    assert f"python app.py {name}" in capsys.readouterr().out


def test_an_unknown_process_is_answered_with_those_there_are(capsys):
    assert app.main(["frobnicate"]) == 2

    said = capsys.readouterr().err
    for name in ("web", "socket", "worker", "sandbox", "doctor", "manifest", "release"):
        assert name in said


def test_settings_that_others_could_read_are_taken_from_them(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".env"
    file.write_text("SLASH_COMMAND=/bot")
    file.chmod(0o644)

    assert app.main(["manifest"]) == 0

    assert file.stat().st_mode & 0o777 == 0o600
    assert "others could read .env; now only its owner can" in capsys.readouterr().err


@pytest.fixture
def configured(world, tmp_path, monkeypatch):
    """The environment of a process in this one, between the stand-ins."""
    monkeypatch.chdir(tmp_path)
    for name, value in world.settings.items():
        monkeypatch.setenv(name.upper(), value)
    return monkeypatch.setenv


@pytest.mark.parametrize(
    ("process", "name", "bad", "words"),
    [
        ("", "SLACK_APP_TOKEN", "xapp-no", "Slack refuses SLACK_APP_TOKEN (invalid_"),
        ("web", "SLACK_BOT_TOKEN", "xoxb-no", "Slack refuses SLACK_BOT_TOKEN (invalid"),
        ("socket", "SLACK_BOT_TOKEN", "xoxb-no", "It is not a token that Slack knows;"),
        (
            "worker",
            "INCIDENTIO_API_KEY",
            "no",
            "incident.io refuses INCIDENTIO_API_KEY",
        ),
    ],
)
def test_a_token_that_is_refused_stops_the_start_with_what_to_do(
    configured, capsys, process, name, bad, words
):
    configured(name, bad)

    assert app.main([process] if process else []) == 2

    said = capsys.readouterr().err
    assert words in said
    assert "ready" not in said
    assert "Traceback" not in said


@pytest.mark.prove
def test_a_service_that_does_not_answer_refuses_no_token(settings, world):
    world.slack.fail("*", status=503)
    world.incidentio.fail("*", "*", status=503)

    assert tokens.check(settings, over_socket=True) is None


@pytest.mark.parametrize(
    ("process", "setting"), [("web", "PORT"), ("worker", "METRICS_PORT")]
)
def test_a_port_that_is_in_use_is_said_with_its_setting(
    configured, capsys, process, setting
):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        configured(setting, port)
        assert app.main([process]) == 2

    said = capsys.readouterr().err
    assert f"Port {port} of 127.0.0.1 is in use. Set {setting} to another" in said
    assert "ready" not in said


def test_a_host_that_is_not_here_is_said(configured, capsys):
    configured("HOST", "192.0.2.1")

    assert app.main(["web"]) == 2

    assert "Set HOST to an address here" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"], ["web", "--help"]])
def test_help_lists_the_processes(capsys, words):
    assert app.main(words) == 0

    assert "doctor" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("wrker", "worker"), ("audit", "audit export"), ("audit exprt", "audit export")],
)
def test_a_mistyped_process_is_answered_with_the_nearest(capsys, typed, meant):
    assert app.main(typed.split()) == 2

    assert f"Did you mean python app.py {meant}?" in capsys.readouterr().err


def test_every_missing_setting_is_named_at_once(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "INCIDENTIO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "http")

    assert app.main(["web"]) == 2

    said = capsys.readouterr().err
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "INCIDENTIO_API_KEY",
        "PORT",
    ):
        assert name in said
    assert "Traceback" not in said


class Waiting(Event):
    """Does something whenever a process waits."""

    def __init__(self, act):
        super().__init__()
        self._act = act

    def wait(self, timeout=None):  # noqa: ARG002
        self._act()
        return self.is_set()


@pytest.fixture
def missing(postgresql_server):
    """The settings of a bot whose database is not there yet, and how it is made."""
    name = f"late_{os.getpid()}"
    url = postgresql_server.replace("/postgres?", f"/{name}?")

    def make():
        with psycopg.connect(postgresql_server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        with closing(open_database(url)) as made:
            made.migrate()

    return Settings(_env_file=None, database_url=url), make


def test_a_process_that_starts_before_its_database_waits_for_it(missing, caplog):
    settings, make = missing
    with pytest.raises(DatabaseUnreachable):
        processes.prepare(settings)
    processes.prepare(settings, Waiting(make))
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    assert "waiting for the database" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.fixture
def _the_signals_of_before():
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("_the_signals_of_before")
def test_a_signal_in_the_middle_of_a_wait_stops_nothing_for_good():
    with processes.stopping() as stop:
        with stop._cond:  # type: ignore[attr-defined]  # as the thread that waits holds it
            signal.raise_signal(signal.SIGTERM)
        assert stop.wait(60)


def test_a_process_that_waits_for_its_database_can_be_stopped():
    url = "postgresql://bot:hunter2@127.0.0.1:1/bot"
    settings = Settings(_env_file=None, database_url=url)
    stop = Waiting(lambda: None)
    stop.set()
    with pytest.raises(SystemExit) as left:
        processes.prepare(settings, stop)
    assert not left.value.code

"""The audit as its operator takes it out: JSON lines, oldest first."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def export(bot, settings, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)

    def export(*options):
        capsys.readouterr()
        code = app.main(["audit", "export", *options])
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err

    return export


def test_each_entry_is_one_line_with_all_but_what_was_typed(ana, person, export, clock):
    ana.types("/io severity 39 minor")
    clock.advance(days=1)
    person("eve").types("/io severity 36 minor", channel="C0INC36")

    code, lines, _ = export()

    first, second = map(json.loads, lines)
    assert code == 0
    assert list(first) == [
        *("id", "ref", "key", "at", "finished_at", "actor", "account", "channel"),
        *("operation", "target", "incident_id", "changes", "state", "outcome"),
        *("request_id", "attempt"),
    ]
    assert first["at"] == "2026-03-09T10:00:00+00:00"
    assert (first["actor"], first["account"]) == ("U0ANA", "01HUSER00000000000000ANA00")
    assert (first["state"], first["attempt"]) == ("done", 1)
    assert "Leaked API token" in second["target"]
    assert "response_url" not in str(lines)


def test_days_limit_it_and_count_in_full(ana, export, clock):
    for level in ("minor", "major", "critical"):
        ana.types(f"/io severity 39 {level}")
        clock.advance(days=1)

    _, lines, _ = export("--since", "2026-03-10", "--until=2026-03-10")

    assert [json.loads(line)["at"][:10] for line in lines] == ["2026-03-10"]
    assert len(export("--since", "2026-03-10")[1]) == 2
    assert len(export("--until", "2026-03-10")[1]) == 2


@pytest.mark.parametrize(
    "options", [["--since", "yesterday"], ["--since"], ["--all"], ["--until", ""]]
)
def test_a_bad_option_is_answered_with_the_usage(export, options):
    code, lines, said = export(*options)

    assert (code, lines) == (2, [])
    assert "usage: python app.py audit export [-h] [--since YYYY-MM-DD]" in said


@pytest.mark.parametrize("words", [["web", "--since"], ["audit"], ["audit", "x"]])
def test_only_what_takes_options_is_given_any(capsys, words):
    assert app.main(words) == 2

    assert "Usage: python app.py [process]" in capsys.readouterr().err


def test_a_database_that_is_not_migrated_is_said_to_be(export, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///nothing.db")

    code, lines, said = export()

    assert (code, lines) == (1, [])
    assert "cannot start" in said


@pytest.mark.prove
def test_whoever_reads_only_the_beginning_hears_no_complaint(bot, settings):
    for number in range(1200):
        entry = bot.services.journal.accept(
            f"k{number}", operation="x", actor="U0BEN", request={}
        )
        assert entry.fresh
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "audit", "export"],
        env={**kept, "DATABASE_URL": settings.database_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert json.loads(process.stdout.readline())["operation"] == "x"
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()

    assert (process.wait(20), said) == (0, "")

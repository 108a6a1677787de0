"""What is stored about a person is printed and erased, in every table."""

import json

import pytest

import app
from storage.person import RULES
from storage.tables import CleanText, TableBase


@pytest.fixture
def run(bot, settings, monkeypatch, tmp_path, capsys):
    """Run ``person export`` or ``person erase``; returns the code and the lines."""
    monkeypatch.chdir(tmp_path)
    for name in ("database_url", "slack_api_url"):
        monkeypatch.setenv(name.upper(), getattr(settings, name))
    monkeypatch.setenv("SLACK_BOT_TOKEN", settings.slack_bot_token.get_secret_value())

    def run(*words):
        capsys.readouterr()
        code = app.main(["person", *words])
        return code, capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def busy(bot, ana, ben, world):
    """Ben has left a trace in each table that can have one."""
    actions = world.incidentio.store.actions
    action = next(a.id for a in actions if a.status == "outstanding")
    ana.types("/io cover Platform 1h")
    ben.types("/io prefs mute")
    ben.types("/io remind")
    ben.presses("More")
    ben.submits(name="Mornings")
    ben.types("/io reminder run")
    ben.chooses("pick", "Mornings")
    ana.types(f"/io action assign {action} ben")
    ben.types(f"/io action snooze {action} 1d")
    ben.types("/io cadence later INC-39 1h")
    ben.types("/io catchup INC-39")
    ana.types("/io page <@U0BEN> Wake up")
    ana.submits()
    bot.reminders.tick()


def test_each_table_has_a_rule_of_how_a_person_is_erased():
    tables = TableBase.metadata.tables
    assert RULES.keys() == tables.keys()
    for name, rule in RULES.items():
        for column in (*rule.own, *rule.emptied):
            assert isinstance(tables[name].columns[column].type, CleanText)


def test_an_export_has_every_row_that_names_the_person(run, busy):
    code, lines = run("export", "U0BEN")

    rows = [json.loads(line) for line in lines]
    assert code == 0
    assert {row["table"] for row in rows} >= {
        "journal_entries",
        "rules",
        "slots",
        "preferences",
        "snoozes",
        "last_actions",
        "update_choices",
        "last_looks",
        "cover_requests",
    }
    assert all("U0BEN" in line or "Ben Okafor" in line for line in lines)


def test_who_is_erased_is_nowhere_in_the_files_and_the_audit_stays(
    run, busy, kept, bot, ana
):
    before = len(bot.services.audit.search(limit=99))
    code, lines = run("erase", "ben@acme.example")
    assert code == 0
    assert lines[0].startswith("U0BEN, 01HUSER00000000000000BEN00, Ben Okafor, ben@")
    assert "Nothing was changed: add --yes to do it." in lines
    assert kept("U0BEN")

    code, lines = run("erase", "U0BEN", "--yes")

    assert (code, lines[-2]) == (0, "Done.")
    assert not kept("U0BEN")
    assert not kept("Ben Okafor")
    assert len(bot.services.audit.search(limit=99)) == before
    assert run("export", "U0BEN")[1] == []
    ana.types("/io reminders")
    ana.types("/io audit")
    assert "somebody who was erased (erased-" in ana.last.words


def test_a_write_that_is_not_finished_is_waited_for(run, bot):
    bot.services.journal.accept("k", operation="x", actor="U0BEN", request={})

    assert run("erase", "U0BEN", "--yes")[0] == 1


@pytest.mark.parametrize("words", [["export"], ["erase", "U0BEN", "--all"]])
def test_wrong_options_are_answered_with_the_usage(run, words):
    assert run(*words)[0] == 2


def test_nobody_by_an_email_is_said(run, capsys):
    assert run("export", "nobody@acme.example")[0] == 1

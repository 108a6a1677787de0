"""Answers reach the person, whatever Slack and incident.io do meanwhile."""

import pytest


def test_a_lookup_from_a_list_is_shown_beside_it(ana):
    ana.types("/io oncall")
    before = len(ana.sees())

    ana.presses("Coming shifts")

    assert len(ana.sees()) == before + 1
    assert "shifts" in ana.last.text


@pytest.mark.settings(announce_changes=True)
def test_a_confirmation_stands_where_a_channel_could_not_be_told(ana, world):
    world.slack.fail("chat.postMessage", error="is_archived", times=1)

    ana.types("/io severity 39 low", channel="incidents")

    assert "is now *Low*" in ana.last.words
    assert "was not told: That channel is archived." in ana.last.words


@pytest.mark.settings(announce_changes=True)
def test_a_channel_that_takes_one_message_a_second_is_waited_for(ana, world):
    world.slack.fail("chat.postMessage", retry_after=1, times=1)

    ana.types("/io severity 39 low", channel="incidents")

    assert any("is now *Low*" in m.text for m in ana.sees("C0INC39"))
    assert "was not told" not in ana.last.words


@pytest.fixture
def slow(world, bot, patience):
    """incident.io takes longer than a form may be waited for in silence."""
    patience(0)
    bot.services.catalog.expire("live_incidents")
    world.incidentio.fail("GET", "/v2/incidents", delay=0.3, times=1)


def test_what_takes_long_gets_its_form_in_the_view_that_waits(ana, slow):
    ana.types("/io update INC-27")

    assert "INC-27" in ana.modal.words


def test_a_question_that_comes_late_stands_in_the_channel(ana, slow):
    ana.types("/io update", channel="incidents")

    assert "Which incident?" in ana.last.words
    ana.chooses("Choose", "INC-27 Image uploads fail above 5 MB")
    assert "INC-27" in ana.modal.words


def test_closing_the_view_that_waits_loses_nothing(ana, world, bot, slow):
    world.slack.fail("views.update", error="not_found")

    ana.types("/io update", channel="incidents")

    assert "Which incident?" in ana.last.words


def test_whoever_closes_it_hears_no_more_of_the_form(ana, world, slow):
    world.incidentio.fail("GET", "/v2/incidents/*", delay=0.3, times=1)
    world.slack.fail("views.update", error="not_found")
    before = ana.sees()

    ana.types("/io update INC-27")

    assert "views.update" in [call.method for call in world.slack.calls]
    assert ana.sees() == before


def test_a_reference_that_people_are_told_is_in_the_log(ana, bot, caplog, monkeypatch):
    for executor in bot.executors:
        monkeypatch.setattr(executor, "_most", 0)

    ana.types("/io incidents")

    ref = ana.last.text.partition("(ref `")[2].rstrip("`)")
    assert ref
    assert any(getattr(r, "ref", None) == ref for r in caplog.records)


def test_a_fault_while_a_form_is_taken_keeps_the_form(ana, bot, monkeypatch):
    ana.types("/io declare Kept")
    monkeypatch.setattr(bot.ledger, "accept", lambda *_: 1 / 0)

    ana.submits(summary="All of it", severity="Low")

    assert "The bot made a mistake" in ana.modal.words
    assert ana.modal.state["summary"]["summary"]["value"] == "All of it"


def test_a_line_that_writes_is_not_run_to_redraw_a_message(ana, world):
    ana.types("/io mine")
    severity = world.incidentio.store.incident("39").severity_id
    for block in ana.last.blocks:
        origin, mark, rest = block.get("block_id", "").partition("#")
        if mark and origin:
            block["block_id"] = f"severity INC-39 low#{rest}"

    ana.presses("Done")

    assert "done" in ana.last.text.lower() or "completed" in ana.last.text.lower()
    assert world.incidentio.store.incident("39").severity_id == severity


def test_what_is_known_is_shown_and_said_to_be_old_without_incident_io(
    ana, bot, warm, world, clock
):
    clock.advance(seconds=50)
    ana.types("/io severity 39 low", channel="general")
    clock.advance(seconds=50)
    world.incidentio.fail("*", "/*", status=503)

    ana.types("/io incidents", channel="general")
    assert "INC-39" in ana.last.words
    assert "incident.io gave nothing newer: this is as of <!date^" in ana.last.words
    for line in ("severities", "statuses", "types"):
        ana.types(f"/io {line}", channel="general")
        assert "Try again" not in ana.last.words, line
    ana.types("/io remind", channel="general")
    assert ana.modal

    world.incidentio.clear_faults()
    clock.advance(seconds=16)
    bot.services.catalog.warm()
    ana.types("/io incidents", channel="general")
    assert "as of" not in ana.last.words


def test_nobody_who_looks_something_up_waits_for_a_limit_that_is_used_up(
    ana, warm, world
):
    ana.types("/io severity 39 low", channel="general")
    world.incidentio.fail("GET", "*", status=429, headers={"Retry-After": "10"})
    before = len(world.incidentio.requests)

    for _ in range(2):
        ana.types("/io incidents", channel="general")
        assert "INC-39" in ana.last.words
        assert "incident.io gave nothing newer: this is as of" in ana.last.words
    ana.types("/io timeline 39", channel="general")

    assert "Try again in " in ana.last.words
    ana.types("/io help", channel="general")
    assert "Every day" in ana.last.words
    assert len(world.incidentio.requests) == before + 1


def test_a_change_waits_for_a_limit_that_is_used_up(ana, warm, world):
    refusal = {"status": 429, "headers": {"Retry-After": "10"}, "times": 1}
    world.incidentio.fail("*", "/v2/incident*", **refusal)

    ana.types("/io severity 39 minor", channel="general")

    assert world.incidentio.incident(39)["severity"]["name"] == "Minor"

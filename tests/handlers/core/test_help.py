"""Help: ten commands first, then topics; all of it what the reader may do."""

import pytest


@pytest.fixture
def kim(person):
    """A viewer."""
    return person("kim")


MORE = "More commands need the {} role in incident.io. Ask <@U0"


def test_a_viewer_is_shown_what_viewers_can_do(kim):
    kim.types("/io help")
    said = kim.last.words
    first = said.partition("*Topics*")[0]
    assert first.count("`/io ") == 10
    assert "`/io oncall" in said
    assert "`/io declare" not in said
    assert "Declare an incident" not in kim.last.buttons
    assert MORE.format("Responder") in said
    assert "declare" not in kim.last.text


def test_who_was_paged_may_be_a_viewer(kim):
    kim.types("/io help")
    assert "`/io escalation ack" in kim.last.words


def test_a_topic_leaves_out_what_is_not_for_the_reader(kim, ben):
    kim.types("/io help role")
    assert "`/io roles " in kim.last.words
    assert "`/io role create" not in kim.last.words
    assert MORE.format("Administrator") in kim.last.words
    ben.types("/io help role")
    assert "`/io role create" in ben.last.words
    assert "More commands" not in ben.last.words


def test_a_topic_of_which_nothing_is_for_the_reader_says_so(kim):
    kim.types("/io help declare")
    assert "`/io declare" not in kim.last.words
    said = "Declare an incident: you need the Responder role in incident.io."
    assert said in kim.last.words


def test_a_responder_is_told_of_what_administrators_do(person):
    chi = person("chi")
    chi.types("/io help all")
    assert "`/io declare" in chi.last.words
    assert "`/io role create" not in chi.last.words
    assert MORE.format("Administrator") in chi.last.words


@pytest.mark.settings(command_levels={"severity": "administer"})
def test_help_goes_by_the_settings_too(person, ben):
    chi = person("chi")
    chi.types("/io help")
    assert "`/io severity" not in chi.last.words
    ben.types("/io help")
    assert "`/io severity" in ben.last.words


@pytest.mark.settings(role_levels={"viewer": "none"})
def test_who_may_not_even_read_is_told_whom_to_ask(kim):
    kim.types("/io help")
    assert "You need the Responder role in incident.io to do this. Ask" in kim.last.text
    assert "`/io" not in kim.last.words


def test_where_it_is_not_known_what_somebody_may_do_all_is_shown(kim, world, bot):
    world.incidentio.fail("GET", "/v2/users", status=503)
    bot.services.catalog.expire("users")
    kim.types("/io help")
    assert "`/io declare" in kim.last.words


def test_repeated_help_is_answered_once(ana, world, bot):
    delivery = ana.types("/io help")
    before = len(ana.sees())
    world.slack.redeliver(delivery, times=2)
    bot.wait_idle()
    assert len(ana.sees()) == before

"""Every delivery is acknowledged at once, done once, and answered."""

import json
import logging
from urllib.parse import urlencode

import pytest
import requests

from tests.web.conftest import signed

CHANNEL = "C0INC27"


def test_the_bare_command_offers_what_is_likely_wanted(ana):
    ana.types("/io", channel="incidents")

    assert {"Declare an incident", "Live incidents", "Help"} <= set(ana.last.buttons)


def test_in_an_incidents_channel_it_offers_that_incident(ana):
    ana.types("/io", channel=CHANNEL)

    assert "INC-27" in ana.last.text
    assert {"Page", "On call", "Post update", "Edit", "Help"} <= {*ana.last.buttons}


def test_in_an_incidents_channel_it_shows_the_state(ana, world):
    ana.types("/io", channel="C0INC39")

    incident = world.incidentio.incident(39)
    said = ana.last.words
    assert incident["name"] in said
    assert incident["summary"] in said
    assert f"*🟧 {incident['severity']['name']}*" in said
    assert f"*🔴 {incident['incident_status']['name']}*" in said
    ana.presses("Change lead" if "Change lead" in ana.last.buttons else "Set lead")
    assert [f.label for f in ana.modal.fields.values()][:1] == ["Incident Lead"]


def test_help_says_the_commands_of_every_day_and_opens_topics(ana):
    ana.types("/io help")

    assert "/io declare" in ana.last.words
    assert "Also `ack`" in ana.last.words
    ana.presses("Schedules")
    assert "/io schedule entries" in ana.last.words


def test_help_lists_every_phrase(ana, bot):
    ana.types("/io help all")

    for command in bot.router.commands.values():
        assert (command.name in ana.last.words) is not command.flags.hidden


@pytest.mark.parametrize("line", ["/io help declare", "/io declare help"])
def test_help_explains_one_noun(ana, line):
    ana.types(line)

    assert "declare" in ana.last.words
    assert "reminders" not in ana.last.words


def test_a_typo_is_answered_with_what_was_meant(ana):
    ana.types("/io incidnts closed")
    assert "Did you mean `/io incidents closed`" in ana.last.text

    ana.presses("/io incidents closed")

    assert "Closed incidents" in ana.last.words


def test_words_that_mean_nothing_are_answered_with_help(ana):
    ana.types("/io xyzzy")
    assert "I don't know `xyzzy`" in ana.last.text

    ana.presses("Help")

    assert "/io declare" in ana.last.words


def test_any_words_get_an_answer(ana, subtests):
    for words in [
        '"',
        "x" * 4_000,
        "<!channel> & <script>",
        "\u200b",
        "“open",
        "help help help",
        "page:2",
        "incident " + "9" * 40,
        "incidents page:99999",
        "\N{RIGHT-TO-LEFT OVERRIDE}incident",
    ]:
        with subtests.test(words):
            before = len(ana.sees())

            ana.types(f"/io {words}")

            assert len(ana.sees()) == before + 1
            assert "<!channel>" not in ana.last.text


def test_a_repeated_lookup_is_answered_once(ana, world, bot):
    delivery = ana.types("/io incidents")
    before = len(ana.sees())

    world.slack.redeliver(delivery, times=3)
    bot.wait_idle()

    assert len(ana.sees()) == before


def test_a_repeated_command_opens_its_form_once(ana, world, bot):
    delivery = ana.types("/io declare Once")

    world.slack.redeliver(delivery, times=2)
    bot.wait_idle()

    opened = [call for call in world.slack.calls if call.method == "views.open"]
    assert len(opened) == 1


def test_a_mention_takes_the_same_grammar(ana):
    ana.mentions("incidents", channel=CHANNEL)

    assert "Live incidents" in ana.last.words
    assert ana.last.ephemeral


def test_a_mention_in_a_thread_is_answered_there(ana, world):
    ana.says("look", CHANNEL)
    parent = world.slack.messages(CHANNEL)[-1]

    ana.mentions("incident", channel=CHANNEL, thread_ts=parent.ts)

    assert ana.last.thread_ts == parent.ts


def test_a_direct_message_takes_the_same_grammar(ana):
    ana.dms("incidents")

    assert "Live incidents" in ana.last.words


def test_what_takes_a_form_comes_as_a_button_where_slack_gives_no_trigger(ana):
    ana.mentions("declare Broken in a thread", channel=CHANNEL)

    ana.presses("Open the form")

    assert ana.modal.state["name"]["name"]["value"] == "Broken in a thread"


def test_a_target_that_is_left_out_is_asked_for(ana):
    ana.types("/io incident", channel="incidents")
    assert "Which incident?" in ana.last.words

    ana.chooses("Choose", "INC-27 Image uploads fail above 5 MB")

    assert "INC-27" in ana.last.text


def test_an_answer_that_asked_is_replaced_by_what_was_chosen(ana):
    ana.types("/io incident", channel="incidents")
    before = len(ana.sees())

    ana.chooses("Choose", "INC-27 Image uploads fail above 5 MB")

    assert len(ana.sees()) == before


def test_lists_turn_their_pages_in_place(ana, world):
    world.slack.workspace.unsupported_blocks.add("data_table")
    ana.types("/io incidents all")
    first = ana.last.words
    before = len(ana.sees())

    ana.presses("Next")

    assert len(ana.sees()) == before
    assert ana.last.words != first
    ana.presses("Previous")
    assert ana.last.words == first


def test_incident_io_failing_is_said_with_a_reference(ana, world):
    world.incidentio.fail("GET", "/v2/incidents*", status=500)

    ana.types("/io incidents all")

    assert "(ref `" in ana.last.text
    assert "Traceback" not in ana.last.words


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 401}, "API key"),
        ({"status": 403}, "may not do this"),
        ({"status": 429}, "limiting requests"),
        ({"status": 200, "body": "<html>Sorry</html>"}, "cannot use"),
        ({"drop": True}, "does not answer"),
    ],
)
def test_each_failure_says_what_to_do(ana, world, fault, said):
    world.incidentio.fail("GET", "/v2/incidents", **fault)

    ana.types("/io incidents all")

    assert said in ana.last.text


def test_a_used_up_response_url_is_no_dead_end(ana, world):
    world.slack.fail("response_url", status=404)

    ana.types("/io incidents")

    assert "Live incidents" in ana.last.words


def test_a_text_that_begins_with_a_number_is_not_about_that_incident(ana):
    ana.types("/io update 3 customers cannot pay", channel=CHANNEL)

    assert "INC-27" in ana.modal.words
    assert "3 customers cannot pay" in ana.modal.words


def test_elsewhere_it_is_asked_which_incident_the_text_is_for(ana):
    ana.types("/io update 3 customers cannot pay", channel="incidents")

    ana.chooses("Choose", "INC-27 Image uploads fail above 5 MB")

    assert "3 customers cannot pay" in ana.modal.words


JSON = "application/json"


FORM = "application/x-www-form-urlencoded"


def payload(**given):
    return FORM, urlencode({"payload": json.dumps(given)}).encode()


def event(**given):
    return JSON, json.dumps({"type": "event_callback", **given}).encode()


ANA = {"id": "U0ANA", "team_id": "T0ACME"}


SHAPES = {
    "nothing": (FORM, b""),
    "truncated JSON": (JSON, b'{"type": "event_callback", "event": {'),
    "a list": (JSON, b"[]"),
    "a number": (JSON, b"7"),
    "a broken payload": (FORM, b"payload=%7B%22type%22%3A"),
    "a payload that is a list": (FORM, b"payload=[]"),
    "deep nesting": (JSON, b'{"a": ' + b"[" * 200_000),
    "no UTF-8": (JSON, b'{"type": "\xff'),
    "an unknown type": payload(type="surprise", user=ANA),
    "a command without a person": (FORM, b"command=%2Fio&trigger_id=1&channel_id=C"),
    "a button without a person": payload(type="block_actions", trigger_id="1"),
    "a button of a text": payload(type="block_actions", user="U0ANA", trigger_id="1"),
    "a press of nothing": payload(
        type="block_actions", user=ANA, trigger_id="1", actions=[]
    ),
    "a form without a view": payload(type="view_submission", user=ANA),
    "a view that is a list": payload(type="view_submission", user=ANA, view=[1]),
    "options without a menu": payload(type="block_suggestion", user=ANA),
    "a shortcut without a name": payload(type="shortcut", user=ANA, trigger_id="1"),
    "an event that is a number": event(event=3, event_id="Ev1"),
    "an event without an id": event(event={"type": "app_mention", "user": "U0ANA"}),
    "a mention by nobody": event(event={"type": "app_mention"}, event_id="Ev1"),
    "links without a message": event(
        event={"type": "link_shared", "user": "U0ANA", "channel": "C", "links": []},
        event_id="Ev1",
    ),
    "links that are numbers": event(
        event={
            "type": "link_shared",
            "user": "U0ANA",
            "channel": "C",
            "message_ts": "1.2",
            "links": [7],
        },
        event_id="Ev1",
    ),
    "authorizations that are a text": event(
        event={"type": "x"}, event_id="Ev1", authorizations="T0ACME"
    ),
}


@pytest.fixture
def post(world, bot):
    secret = world.slack.courier.signing_secret

    def send(kind, body):
        headers = {**signed(body, secret=secret), "Content-Type": kind}
        url = world.slack.courier.request_url
        return requests.post(url, data=body, headers=headers, timeout=30)

    return send


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_slack_does_not_send_is_refused_without_a_trace(post, shape, caplog):
    caplog.set_level(logging.WARNING)
    answer = post(*shape)
    assert (answer.status_code, answer.text) == (400, "Bad Request\n")
    (line,) = caplog.records
    assert line.exc_info is None
    assert len(line.getMessage()) < 100


def test_slacks_check_of_the_address_is_answered(post):
    challenge = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    answer = post(JSON, challenge)
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})

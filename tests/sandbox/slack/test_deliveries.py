"""What the app is sent, signed, and what becomes of its answers."""

import json
from threading import Barrier, Event

import pytest
import requests
from flask import Flask, request
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient

from sandbox.serve import serve
from sandbox.slack import SlackSandbox
from sandbox.slack.delivery.courier import sign
from tests.sandbox.slack.asking import text

PUBLISHED_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PUBLISHED_BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
PUBLISHED_SIGNATURE = (
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
)


def button(label, action_id="go", **more):
    return {"type": "button", "text": text(label), "action_id": action_id} | more


def actions(*elements):
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


class Wire(Flask):
    def __init__(self, name):
        super().__init__(name)
        self.received, self.answers = [], []


@pytest.fixture
def wire(slack):
    """An app that only writes down what it is sent, and answers as told."""
    http = Wire("wire")

    @http.post("/")
    def take():
        http.received.append((dict(request.headers), request.get_data(as_text=True)))
        answer = http.answers.pop(0) if http.answers else ""
        return answer() if callable(answer) else answer

    with serve(http) as server:
        slack.deliver_to(server.url + "/")
        yield http


def test_requests_are_signed_as_slack_publishes_it():
    assert sign(PUBLISHED_SECRET, "1531420618", PUBLISHED_BODY) == PUBLISHED_SIGNATURE


def test_slacks_own_verifier_accepts_the_signature(wire, ana):
    ana.types("/io é & ü")
    headers, body = wire.received[0]
    assert SignatureVerifier("sandbox").is_valid_request(body, headers)
    assert not SignatureVerifier("other").is_valid_request(body, headers)


def test_a_command_carries_what_slack_documents(ana, wire, slack):
    payload = ana.types("/io override @ben in #general", "general").payload
    assert payload["command"] == "/io"
    assert payload["text"] == "override <@U0BEN|ben> in <#C0GENERAL|general>"
    assert payload["channel_name"] == "general"
    assert payload["user_name"] == "ana"
    assert payload["response_url"].startswith(slack.url)


@pytest.mark.parametrize(
    ("answer", "shown", "public"),
    [
        ("Just text", "Just text", False),
        ({"text": "For all", "response_type": "in_channel"}, "For all", True),
        ({"text": "For me"}, "For me", False),
    ],
)
def test_the_answer_to_a_command_may_be_text_or_json(wire, ana, answer, shown, public):
    wire.answers.append(answer)
    ana.types("/io")
    assert ana.last.text == shown
    assert ana.last.ephemeral is not public


def test_an_empty_answer_says_nothing(wire, ana):
    ana.types("/io")
    assert ana.sees() == []


def test_a_late_answer_is_told_to_the_person(wire, slack, ana):
    answered = Event()
    wire.answers.append(lambda: answered.wait(30) and "late")
    slack.courier.timeout = 0.05

    delivery = ana.types("/io slow")
    answered.set()

    assert delivery.error == "operation_timeout"
    assert delivery.acked_at is None
    assert ana.toasts == ['/io failed with the error "operation_timeout"']
    assert slack.violations == ["/io: operation_timeout (None)"]


def test_an_app_that_answers_with_an_error_failed(wire, slack, ana):
    wire.answers.append(("gone", 404))
    delivery = ana.types("/io")
    assert (delivery.status, delivery.error) == (404, "dispatch_failed")


def test_nobody_at_home_is_a_failure_too(slack, ana):
    slack.deliver_to("http://127.0.0.1:9/")
    assert ana.types("/io").error == "dispatch_failed"
    assert SlackSandbox().person("ana").types("/io").error == "dispatch_failed"


def test_a_button_sends_the_message_it_was_on(wire, slack, web, ana):
    blocks = actions(button("Done", value="FU1"), button("Skip", "skip"))
    posted = web.chat_postMessage(channel="C0INCIDENTS", text="Due", blocks=blocks)

    payload = ana.presses("Done").payload

    (action,) = payload["actions"]
    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == "U0ANA"
    assert (
        payload["message"]["ts"] == posted["ts"] == payload["container"]["message_ts"]
    )
    assert payload["channel"] == {"id": "C0INCIDENTS", "name": "incidents"}
    assert payload["enterprise"] is None
    assert action["value"] == "FU1"
    assert (action["block_id"], action["action_id"]) == ("row", "go")


def test_a_button_on_an_ephemeral_message_sends_no_message(wire, web, ana):
    blocks = actions(button("Done"))
    web.chat_postEphemeral(
        channel="C0INCIDENTS", user="U0ANA", text="Due", blocks=blocks
    )
    payload = ana.presses("Done").payload
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


def test_buttons_are_told_apart_by_number_and_message(wire, web, ana):
    first = web.chat_postMessage(
        channel="C0INCIDENTS",
        text="1",
        blocks=actions(button("Done", "a", value="1"), button("Done", "b", value="2")),
    )["ts"]
    web.chat_postMessage(
        channel="C0INCIDENTS", text="2", blocks=actions(button("Done", value="3"))
    )
    older = next(message for message in ana.sees() if message.ts == first)

    def value(delivery):
        return delivery.payload["actions"][0]["value"]

    assert value(ana.presses("Done")) == "3"
    assert value(ana.presses("Done", older)) == "1"
    assert value(ana.presses("Done", older, nth=1)) == "2"
    with pytest.raises(LookupError, match="nothing to use is called 'Gone'"):
        ana.presses("Gone")


def test_menus_and_their_state_in_a_message(wire, web, ana):
    options = [{"text": text(n), "value": n.lower()} for n in ("One day", "A week")]
    blocks = actions(
        {"type": "static_select", "action_id": "snooze", "options": options}
        | {"placeholder": text("Snooze")},
        {"type": "overflow", "action_id": "more", "options": options},
    )
    web.chat_postMessage(channel="C0INCIDENTS", text="Due", blocks=blocks)

    chosen = ana.chooses("Snooze", "A week").payload
    more = ana.chooses("more", "one day").payload

    assert chosen["actions"][0]["selected_option"]["value"] == "a week"
    state = more["state"]["values"]["row"]
    assert state["snooze"]["selected_option"]["value"] == "a week"
    assert more["actions"][0]["selected_option"]["value"] == "one day"


def test_a_response_url_works_five_times(wire, slack, ana):
    url = ana.types("/io").payload["response_url"]
    client = WebhookClient(url)
    for number in range(5):
        assert client.send(text=str(number)).status_code == 200
    answer = client.send(text="one too many")
    assert answer.status_code == 404
    assert "used_url" in answer.body
    assert len(ana.sees()) == 5
    assert "more than 5 times" in slack.violations[0]


def test_a_response_url_lasts_half_an_hour(wire, slack, ana, clock):
    client = WebhookClient(ana.types("/io").payload["response_url"])
    clock.advance(minutes=31)
    assert client.send(text="late").status_code == 404
    assert ana.sees() == []


def test_an_ephemeral_message_is_replaced_and_deleted_in_place(wire, web, ana, ben):
    web.chat_postEphemeral(
        channel="C0INCIDENTS", user="U0ANA", text="1", blocks=actions(button("Next"))
    )
    client = WebhookClient(ana.presses("Next").payload["response_url"])

    client.send(text="Page 2", replace_original=True)
    assert [message.words for message in ana.sees()] == ["Page 2"]
    client.send(text="Said aloud", response_type="in_channel")
    assert ben.last.text == "Said aloud"
    client.send(delete_original=True)
    assert [message.text for message in ana.sees()] == ["Said aloud"]


def test_a_response_url_refuses_broken_blocks(wire, slack, ana):
    client = WebhookClient(ana.types("/io").payload["response_url"])
    answer = client.send(text="x", blocks=[{"type": "divider", "colour": "red"}])
    assert answer.status_code == 400
    assert "invalid additional property: colour" in answer.body
    assert slack.calls[-1].error == "invalid_blocks"


def test_a_mention_is_an_event_where_the_bot_is(wire, slack, ana):
    parent = slack.person("ben").says("It burns", "incidents")

    event = ana.mentions("incidents", thread_ts=parent.ts).payload["event"]

    assert event["type"] == "app_mention"
    assert event["text"] == "<@U0BOT> incidents"
    assert event["thread_ts"] == parent.ts
    assert ana.mentions("hello", "random").error == "not_in_channel"
    assert len(wire.received) == 1


def test_direct_messages_and_the_home_are_events(wire, ana):
    said = ana.dms("help <now> & then").payload["event"]
    home = ana.opens_home().payload["event"]
    assert (said["type"], said["channel_type"]) == ("message", "im")
    assert said["text"] == "help &lt;now&gt; &amp; then"
    assert home["type"] == "app_home_opened"
    assert ana.joins("random").payload["event"]["type"] == "member_joined_channel"


def test_links_are_an_event_wherever_they_are_posted(wire, slack, ana):
    link = "https://app.incident.io/acme/incidents/12"
    ana.says(f"See {link}, {link} and https://example.com", "random")
    ((_, sent),) = wire.received
    event = json.loads(sent)["event"]
    assert event["type"] == "link_shared"
    assert [found["url"] for found in event["links"]] == [link]
    assert not event["is_bot_user_member"]

    slack.scopes.discard("links:read")
    ana.says(f"See {link}", "random")
    assert len(wire.received) == 1


def test_an_event_that_fails_is_repeated_three_times(wire, slack, ana, clock):
    wire.answers += [("no", 500)] * 4

    ana.dms("hello")
    assert len(wire.received) == 2
    clock.advance(minutes=1)
    slack.tick()
    clock.advance(minutes=5)
    slack.tick()
    clock.advance(hours=1)
    slack.tick()

    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in wire.received]
    bodies = {body for _, body in wire.received}
    assert numbers == [None, "1", "2", "3"]
    assert wire.received[1][0]["X-Slack-Retry-Reason"] == "http_error"
    assert len(bodies) == 1


def test_an_app_can_decline_repetition(wire, slack, ana):
    wire.answers.append(("no", 500, {"X-Slack-No-Retry": "1"}))
    ana.dms("hello")
    assert slack.tick() == []
    assert len(wire.received) == 1


def test_any_delivery_can_be_repeated_word_for_word(wire, slack, ana):
    delivery = ana.types("/io declare")
    slack.redeliver(delivery, times=2)
    together = Barrier(5)
    wire.answers += [lambda: str(together.wait(30))] * 5

    at_once = slack.redeliver(delivery, at_once=5)

    assert [copy.status for copy in at_once] == [200] * 5
    assert len(wire.received) == 8
    assert len({body for _, body in wire.received}) == 1


def test_shortcuts_carry_a_trigger_and_the_message(wire, slack, ana):
    message = slack.person("ben").says("It burns", "incidents")
    everywhere = ana.shortcut("declare").payload
    there = ana.shortcut_on(message, "follow").payload

    assert everywhere["type"] == "shortcut"
    assert slack.triggers.exchange(everywhere["trigger_id"]).user == "U0ANA"
    assert there["type"] == "message_action"
    assert there["message"]["text"] == "It burns"
    assert there["response_url"]


def test_a_foreign_response_url_is_unknown(slack):
    answer = requests.post(f"{slack.url}/response/guess", json={}, timeout=30)
    assert answer.status_code == 404


def test_a_command_reaches_the_app_and_its_answer_is_seen(app, ana):
    app.command("/io")(lambda ack, command: ack(f"You said {command['text']}"))

    delivery = ana.types("/io hello there")

    assert delivery.status == 200
    assert ana.last.text == "You said hello there"
    assert ana.last.ephemeral


def test_an_ephemeral_answer_is_seen_by_nobody_else(app, ana, ben):
    app.command("/io")(lambda ack: ack("psst"))

    ana.types("/io")

    assert not ben.sees("incidents")


def test_a_modal_opens_is_filled_in_and_answered(declares, ana):
    submitted = []

    @declares.view("declare")
    def on_declare(ack, view, client, body):
        ack()
        submitted.append(view["state"]["values"])
        client.chat_postMessage(channel="C0INCIDENTS", text="Declared")

    ana.types("/io declare")
    assert ana.modal.title == "Declare"
    assert "Severity" in ana.modal.words

    delivery = ana.submits(Title="Database is down", severity="Major")

    assert delivery.error is None
    assert ana.modal is None
    assert submitted[0]["title"]["title"]["value"] == "Database is down"
    assert submitted[0]["severity"]["severity"]["selected_option"]["value"] == "major"
    assert ana.last.text == "Declared"


def test_slack_holds_back_what_is_incomplete(declares, ana):
    ana.types("/io declare")

    assert ana.submits().errors == {"title": "Please complete this required field."}


@pytest.mark.parametrize("line", ["/other", "io"])
def test_a_command_of_another_app_is_not_delivered(app, ana, line):
    with pytest.raises(LookupError):
        ana.types(line)

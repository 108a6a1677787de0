"""Commands and modals, through a bare Bolt app over signed HTTP."""

import pytest


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


def test_a_modal_opens_is_filled_in_and_answered(app, ana, form):
    submitted = []

    @app.command("/io")
    def declare(ack, command, client):
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=form())

    @app.view("declare")
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


def test_slack_holds_back_what_is_incomplete(app, ana, form):
    @app.command("/io")
    def declare(ack, command, client):
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=form())

    ana.types("/io declare")

    assert ana.submits().errors == {"title": "Please complete this required field."}


@pytest.mark.parametrize("line", ["/other", "io"])
def test_a_command_of_another_app_is_not_delivered(app, ana, line):
    with pytest.raises(LookupError):
        ana.types(line)

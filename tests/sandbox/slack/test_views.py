"""Views: stacks, hashes, what is kept, what is refused."""

from typing import Any

import pytest

from tests.sandbox.slack.asking import refusal, text


@pytest.fixture
def trigger(slack):
    return lambda user="U0ANA": slack.triggers.issue(user)


@pytest.fixture
def opened(web, form, trigger):
    return lambda **changes: web.views_open(trigger_id=trigger(), view=form(**changes))[
        "view"
    ]


def test_a_trigger_works_once_and_for_three_seconds(web, form, trigger, clock):
    used, old = trigger(), trigger()
    web.views_open(trigger_id=used, view=form())

    answer = refusal(web.views_open, trigger_id=used, view=form())
    assert answer["error"] == "exchanged_trigger_id"
    clock.advance(seconds=3.1)
    answer = refusal(web.views_open, trigger_id=old, view=form())
    assert answer["error"] == "expired_trigger_id"
    answer = refusal(web.views_open, trigger_id="1.2.3", view=form())
    assert answer["response_metadata"]["messages"] == ["invalid `trigger_id`"]


def test_a_broken_view_is_refused_and_its_trigger_kept(web, form, trigger):
    fresh = trigger()
    long = form(title=text("x" * 25))
    answer = refusal(web.views_open, trigger_id=fresh, view=long)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    web.views_open(trigger_id=fresh, view=form())


def test_an_update_keeps_what_was_typed(web, form, opened, ana):
    view = opened()
    ana.fills(title="Half a na", severity="Major")

    other = form(title=text("Again"))
    other["blocks"][1]["block_id"] = "level"
    updated = web.views_update(view_id=view["id"], view=other, hash=view["hash"])

    assert ana.modal.title == "Again"
    assert ana.modal.fields["title"].value == "Half a na"
    assert ana.modal.fields["level"].value["value"] == "minor"
    assert updated["view"]["hash"] != view["hash"]


def test_an_update_with_an_old_hash_is_refused(web, form, opened):
    view = opened()
    web.views_update(view_id=view["id"], view=form(), hash=view["hash"])
    answer = refusal(
        web.views_update, view_id=view["id"], view=form(), hash=view["hash"]
    )
    assert answer["error"] == "hash_conflict"


def test_a_closed_view_is_not_found(web, form, opened, ana):
    view = opened(external_id="mine")
    web.views_update(external_id="mine", view=form(external_id="mine"))
    ana.closes()
    answer = refusal(web.views_update, view_id=view["id"], view=form())
    assert answer["error"] == "not_found"


def test_three_views_are_the_deepest_stack(web, form, opened, trigger, ana):
    root = opened()
    second = web.views_push(trigger_id=trigger(), view=form(title=text("Two")))["view"]
    web.views_push(trigger_id=trigger(), view=form(title=text("Three")))

    answer = refusal(web.views_push, trigger_id=trigger(), view=form())

    assert answer["error"] == "push_limit_reached"
    assert second["root_view_id"] == second["previous_view_id"] == root["id"]
    ana.closes()
    assert ana.modal.title == "Two"


def test_a_view_cannot_be_pushed_onto_nothing(web, form, trigger):
    answer = refusal(web.views_push, trigger_id=trigger(), view=form())
    assert answer["error"] == "invalid_arguments"


def test_a_home_is_published_to_one_person(web, ana, ben):
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "Yours"}}
    web.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [section]})
    assert ana.home.words == "Yours"
    assert ben.home is None


def test_errors_are_shown_beside_their_inputs(app, opened, ana):
    errors = {"title": "Say more."}
    app.view("declare")(lambda ack: ack(response_action="errors", errors=errors))
    opened()

    assert ana.submits(title="x").errors == errors
    assert ana.modal.errors == errors
    assert "Say more." in ana.modal.words


def test_errors_for_an_unknown_input_show_nothing_and_are_noted(
    app, slack, opened, ana
):
    errors = {"nowhere": "Lost."}
    app.view("declare")(lambda ack: ack(response_action="errors", errors=errors))
    opened()

    delivery = ana.submits(title="x")

    assert delivery.errors == {}
    assert delivery.error == "invalid_response"
    assert "nowhere" in slack.violations[0]
    assert ana.modal


def test_a_submission_may_update_push_or_clear(app, form, opened, ana):
    answers = [
        {"response_action": "update", "view": form(title=text("Updated"))},
        {"response_action": "push", "view": form(title=text("Pushed"))},
        {"response_action": "clear"},
    ]
    app.view("declare")(lambda ack: ack(answers.pop(0)))
    opened()

    ana.submits(title="x")
    assert ana.modal.title == "Updated"
    ana.submits()
    assert ana.modal.title == "Pushed"
    ana.submits(title="y")
    assert ana.modal is None


def test_a_broken_view_in_an_answer_is_noted(app, slack, form, opened, ana):
    broken = form(title=text(""))
    app.view("declare")(lambda ack: ack(response_action="update", view=broken))
    opened()
    assert ana.submits(title="x").error == "invalid_response"
    assert "must be more than 0 characters" in slack.violations[0]


def test_the_same_submission_can_arrive_five_times_at_once(app, opened, ana):
    seen = []
    app.view("declare")(lambda ack, view: (seen.append(view["id"]), ack()))
    opened()

    deliveries = ana.submit_at_once(5, title="Once")

    assert [delivery.status for delivery in deliveries] == [200] * 5
    assert len(seen) == 5
    assert len(set(seen)) == 1
    assert ana.modal is None


@pytest.mark.parametrize(
    ("element", "value", "said"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "number"),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "9"},
            "9.5",
            "at most 9",
        ),
        ({"type": "email_text_input"}, "ana", "email"),
        ({"type": "url_text_input"}, "acme", "URL"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["ana", "ben"], "1"),
        ({"type": "datepicker"}, "", "required"),
    ],
)
def test_slack_checks_inputs_before_it_submits(opened, ana, element, value, said):
    block = {"type": "input", "block_id": "it", "label": text("It")}
    opened(blocks=[block | {"element": element | {"action_id": "it"}}])
    delivery = ana.submits(it=value)
    assert delivery.status is None
    assert said in delivery.errors["it"]


def test_inputs_hold_what_slack_would_send(opened, ana, clock):
    kinds: dict[str, tuple[Any, dict[str, Any]]] = {
        "users_select": ("ben", {"selected_user": "U0BEN"}),
        "multi_users_select": (["ana"], {"selected_users": ["U0ANA"]}),
        "conversations_select": (
            "#incidents",
            {"selected_conversation": "C0INCIDENTS"},
        ),
        "channels_select": ("general", {"selected_channel": "C0GENERAL"}),
        "datepicker": (clock(), {"selected_date": "2026-03-02"}),
        "timepicker": (clock(), {"selected_time": "09:00"}),
        "datetimepicker": (
            clock(),
            {"selected_date_time": int(clock().timestamp())},
        ),
        "number_input": (3, {"value": "3"}),
    }
    opened(
        blocks=[
            {
                "type": "input",
                "block_id": kind,
                "label": text(kind),
                "element": {"type": kind, "action_id": "a"}
                | ({"is_decimal_allowed": True} if kind == "number_input" else {}),
            }
            for kind in kinds
        ]
    )
    ana.fills(**{kind: value for kind, (value, _) in kinds.items()})
    for kind, (_, held) in kinds.items():
        assert ana.modal.state[kind]["a"] == {"type": kind, **held}


def test_checkboxes_and_radios_are_ticked_by_label_or_value(opened, ana):
    options = [{"text": text(n), "value": n.lower()} for n in ("Red", "Green")]
    blocks = [
        {
            "type": "input",
            "block_id": kind,
            "label": text(kind),
            "element": {"type": kind, "action_id": "a", "options": options},
        }
        for kind in ("checkboxes", "radio_buttons")
    ]
    opened(blocks=blocks)
    ana.fills(checkboxes=["Green", "red"], radio_buttons="Red")
    assert ana.modal.fields["checkboxes"].value == options
    assert ana.modal.fields["radio_buttons"].value == options[0]
    with pytest.raises(LookupError, match="no option is called 'Blue'"):
        ana.fills(radio_buttons="Blue")


def test_an_input_that_dispatches_tells_the_app_at_once(app, form, opened, ana):
    heard = []
    app.action("severity")(
        lambda ack, body: (ack(), heard.append(body["view"]["state"]["values"]))
    )
    view = form()
    view["blocks"][1]["dispatch_action"] = True
    opened(blocks=view["blocks"])

    (delivery,) = ana.fills(severity="Major")

    assert delivery.status == 200
    assert heard[0]["severity"]["severity"]["selected_option"]["value"] == "major"


def external(**more):
    element = {"type": "external_select", "action_id": "team", **more}
    block = {"type": "input", "block_id": "team", "label": text("Team")}
    return [block | {"element": element}]


def test_an_external_menu_asks_the_app(app, opened, ana):
    app.options("team")(
        lambda ack, payload: ack(
            options=[{"text": text(f"Pay {payload['value']}"), "value": "t1"}]
        )
    )
    opened(blocks=external(min_query_length=1))

    assert ana.suggests("team", "me")[0]["text"]["text"] == "Pay me"
    assert ana.suggests("team", "") == [], "too short to be asked"
    ana.fills(team="t1")
    assert ana.modal.fields["team"].value["value"] == "t1"


def test_a_hundred_suggestions_are_the_most(app, slack, opened, ana):
    many = [{"text": text(str(n)), "value": str(n)} for n in range(101)]
    app.options("team")(lambda ack: ack(options=many))
    opened(blocks=external(min_query_length=0))
    assert ana.suggests("team") == []
    assert "no more than 100 items allowed" in slack.violations[0]


def test_closing_is_told_when_asked_for(app, opened, ana):
    heard = []

    @app.view_closed("declare")
    def on_close(ack, body):
        ack()
        heard.append(body["is_cleared"])

    opened()
    assert ana.closes() is None
    opened(notify_on_close=True)
    assert ana.closes().status == 200
    assert heard == [False]


def test_a_channel_chosen_in_a_modal_can_carry_a_response_url(app, opened, ana):
    element = {
        "type": "conversations_select",
        "action_id": "where",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    block = {"type": "input", "block_id": "where", "label": text("Where")}

    @app.view("declare")
    def on_submit(ack, respond):
        ack()
        respond("There", response_type="in_channel")

    opened(blocks=[block | {"element": element}])
    ana.submits(where="general")
    assert ana.sees("general")[0].text == "There"

"""Adding, assigning, editing and deleting follow-ups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.items.follow_ups import labels_in
from tests.handlers.asked import writes
from tests.rendered import unanswered

HERE = "C0INC27"
BEN = "01HUSER00000000000000BEN00"
PATH = "/v3/follow_ups"


def test_a_new_one_is_announced_where_it_belongs(ana, of, world):
    ana.types("/io followup new INC-27 Add an alert & <test> it", channel="general")
    assert ana.modal.fields["title"].value == "Add an alert & <test> it"
    ana.submits(
        assignee="ben",
        follow_up_priority_option="High",
        labels="a, b,a",
        description="x",
    )
    made = of(27)[-1]
    assert (made.title, made.labels) == ("Add an alert & <test> it", ["a", "b"])
    assert made.assignee_id == BEN
    told = ana.sees(HERE)[-1]
    assert told.ephemeral_to is None
    assert "Add an alert &amp; &lt;test&gt; it” was added by <@U0ANA>," in told.text
    assert "owned by <@U0BEN>, High priority." in told.text
    ana.presses("Done", message=told)
    assert made.status == "completed"


def test_five_submissions_at_once_make_one(ana, of):
    before = len(of(27))
    ana.types("/io followup new Only once", channel=HERE)
    ana.submit_at_once(5)
    assert len(of(27)) == before + 1
    assert ana.sees(HERE)[-1].ephemeral_to is None


def test_one_made_before_a_crash_is_not_made_again(ana, crash_after_work, restart, of):
    crash_after_work()
    before = len(of(27))
    ana.types("/io followup new Only once", channel=HERE)
    ana.submits()
    restart()
    assert len(of(27)) == before + 1
    assert "was added by <@U0ANA>" in ana.last.text


def test_one_done_before_a_crash_is_said_as_done_after_it(
    ana, crash_after_work, restart, one, world
):
    crash_after_work()
    ana.types(f"/io followup done {one.id}")
    restart()
    assert "is done, by <@U0ANA>." in ana.last.text
    assert len(writes(world)) == 1


def test_outside_an_incident_the_form_asks_for_it(ana, bot, of):
    ana.types("/io followup new", channel="general")
    assert unanswered(bot.router, ana.modal.view.content) == []
    ana.submits(incident="INC-39 Elevated errors in the API", title="Here")
    assert of(39)[-1].title == "Here"


def test_a_message_makes_one_with_a_link_to_it(ana, of):
    message = ana.says("Who owns <retries>?\nAsk ben", channel=HERE)
    ana.shortcut_on(message, "followup.from_message")
    assert ana.modal.fields["title"].value == "Who owns <retries>?"
    ana.submits()
    made = of(27)[-1]
    assert made.description.startswith("Who owns <retries>?\nAsk ben\n\nhttps://")
    assert f"/archives/{HERE}/p" in made.description


def test_an_owner_without_an_account_is_refused_beside_the_field(ana, world):
    ana.types("/io followup new Something", channel=HERE)
    ana.submits(assignee="max")
    assert "no account in incident.io" in ana.modal.errors["assignee"]
    assert writes(world) == []


def test_assigning_by_words_says_old_and_new(ana, one):
    ana.types(f"/io followup assign {one.id} @ana")
    assert "is now owned by <@U0ANA> (was <@U0BEN>), by <@U0ANA>." in ana.last.text
    ana.types(f"/io followup assign {one.id} me")
    assert "is already owned by <@U0ANA>. Nothing was changed." in ana.last.text
    ana.types(f"/io followup assign {one.id} Chi Nguyen")
    assert "is now owned by <@U0CHI>" in ana.last.text


def test_the_form_has_the_owner_and_empty_it_unassigns(ana, one):
    ana.types("/io followups", channel=HERE)
    rows = ana.last.words.split("Details")
    row = next(n for n, words in enumerate(rows) if one.title in words)
    ana.presses("Assign", nth=row)
    assert ana.modal.fields["assignee"].value == "U0BEN"
    ana.submits(assignee=None)
    assert one.assignee_id is None
    assert "is now unassigned (was <@U0BEN>)" in ana.last.words
    assert "3 outstanding" in ana.last.words


def test_an_owner_who_is_not_in_slack_is_named(ana, one, world, bot):
    user = next(u for u in world.incidentio.store.users if u["id"] == BEN)
    user["slack_user_id"], user["name"] = "", "Ben & <Co>"
    ana.types(f"/io followup show {one.id}")
    assert "Ben &amp; &lt;Co&gt;" in ana.last.words
    ana.types(f"/io followup assign {one.id}")
    assert ana.modal.fields["assignee"].value is None
    assert "Currently owned by Ben &amp; &lt;Co&gt;" in ana.modal.words


def test_the_card_has_every_field_and_the_buttons(ana, bot, world):
    store = world.incidentio.store
    rich = next(f for f in store.follow_ups if f.external_issue)
    rich.status, rich.labels = "outstanding", ["<!channel>"]
    rich.priority_id = next(iter(store.priorities))["id"]
    rich.category_id = next(iter(store.categories))["id"]
    rich.team_id = next(iter(store.teams))["id"]
    ana.types(f"/io followup show {rich.id}")
    for label in ("Owner", "Team", "Priority", "Category", "Labels", "Issue", "Added"):
        assert f"*{label}*" in ana.last.words
    assert "&lt;!channel&gt;" in ana.last.words
    assert {"Edit", "Delete", "Snooze 3 days"} <= set(ana.last.buttons)
    assert unanswered(bot.router, {"blocks": ana.last.blocks}) == []


def test_editing_sends_only_what_was_touched(ana, one, world):
    one.description, one.labels = "Long\n" * 900, ["a, b", "c"]
    ana.types(f"/io followup edit {one.id}")
    ana.submits(title="Better", status="Not doing")
    (request,) = writes(world)
    assert request.json["description"] == "Long\n" * 900
    assert request.json["labels"] == ["a, b", "c"]
    assert (one.title, one.status) == ("Better", "not_doing")
    assert "→ “Better”\n• Status: “Outstanding” → “Not doing”" in ana.last.text


def test_what_somebody_else_changed_meanwhile_is_shown_first(ana, one, world):
    ana.types(f"/io followup edit {one.id}")
    one.title, one.labels = "Theirs", ["theirs"]
    ana.submits(title="Mine")
    assert "Somebody else changed *Title* to “Theirs” since" in ana.modal.words
    assert writes(world) == []
    assert ana.modal.fields["title"].value == "Mine"
    ana.submits()
    assert (one.title, one.labels) == ("Mine", ["theirs"])


def test_a_refusal_stands_beside_the_field_it_is_about(ana, one, world):
    ana.types(f"/io followup edit {one.id}")
    field = "follow_up_priority_option_id"
    problem = {"code": "x", "message": "No such priority.", "source": {"field": field}}
    body = {"type": "validation_error", "status": 422, "errors": [problem]}
    world.incidentio.fail("PUT", f"{PATH}/*", status=422, body=body)
    ana.submits(title="Kept")
    assert ana.modal.errors == {"follow_up_priority_option": "No such priority."}
    assert ana.modal.fields["title"].value == "Kept"


def test_deleting_is_asked_back_and_then_gone(ana, one, world):
    ana.types(f"/io followup show {one.id}")
    ana.presses("Delete")
    assert "was deleted, by <@U0ANA>." in ana.last.text
    assert world.incidentio.store.follow_ups.get(one.id) is None


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 401}, "does not accept the bot's API key"),
        ({"status": 403}, "may not do this"),
        ({"status": 500}, "(ref `"),
        ({"status": 429, "headers": {"Retry-After": "60"}}, "limiting requests"),
        ({"status": 200, "body": "<html>maintenance</html>"}, "cannot use"),
        ({"drop": True}, "(ref `"),
    ],
)
def test_a_failing_incidentio_is_explained(ana, one, world, fault, words):
    world.incidentio.fail("PUT", f"{PATH}/*", **fault)
    ana.types(f"/io followup done {one.id}")
    assert words in ana.last.text


def test_an_answer_that_did_not_apply_it_is_not_called_done(ana, one, world, bot):
    shown = bot.services.api.follow_ups.show(one.id).model_dump(mode="json")
    world.incidentio.fail("PUT", f"{PATH}/*", status=200, body={"follow_up": shown})
    ana.types(f"/io followup done {one.id}")
    assert "was not changed: in incident.io it is still" in ana.last.text


@given(st.lists(st.text(max_size=5), max_size=5))
def test_labels_are_read_once_each(labels):
    found = labels_in(", ".join(labels))
    assert len(found) == len(set(found))
    assert all(label and label == label.strip() for label in found)

"""Paging people from Slack: the form, the question before, and the page."""

import pytest

from tests.handlers.pages import buttons, card, made, notified, page


def posted(world):
    paths = ("POST", "/v2/escalations")
    return [r for r in world.incidentio.requests if (r.method, r.path) == paths]


@pytest.mark.parametrize("lacks", [(), ("alert",)])
def test_the_question_is_an_alert_once_slack_is_known_to_take_one(ana, world, lacks):
    world.slack.workspace.unsupported_blocks |= {*lacks}
    wanted = [] if lacks else ["alert"]

    def alerts():
        return [b["type"] for b in ana.modal.blocks if b["type"] == "alert"]

    ana.types("/io page")
    ana.fills(people=["ben"])
    assert alerts() == wanted
    ana.submits(title="It burns")
    assert alerts() == wanted
    assert "*This pages <@U0BEN> now*" in ana.modal.words
    ana.submits()
    assert "Paged so far: <@U0BEN>" in ana.last.words


def test_the_form_says_who_would_be_hit_and_follows_the_path(ana):
    ana.types("/io page Card payments fail")
    assert ana.modal.fields["title"].value == "Card payments fail"
    assert "Choose a path or people" in ana.modal.words

    ana.fills(path="Payments")
    assert "*This pages <@U0HANA> now* on *Payments*." in ana.modal.words
    ana.fills(path="Management")
    assert "*This pages <@U0ANA> and <@U0BEN> now*" in ana.modal.words
    assert ana.modal.fields["title"].value == "Card payments fail"


def test_a_page_is_confirmed_before_it_is_sent(ana, world):
    ana.types("/io page Card payments fail")
    ana.submits(path="Payments", description="All of them")

    assert "*This pages <@U0HANA> now*" in ana.modal.words
    assert ana.modal.view.content["submit"]["text"] == "Page now"
    assert made(world) == []

    ana.submits()
    (row,) = made(world)
    assert (row.title, row.description) == ("Card payments fail", "All of them")
    assert notified(row) == ["Hana Sato"]
    assert "Paged so far: <@U0HANA>" in ana.last.text
    assert ana.last.ephemeral_to is None


def test_a_line_that_says_everything_is_confirmed_once(ana, world):
    ana.types("/io page path:Payments Card payments fail")
    assert ana.modal.view.content["submit"]["text"] == "Page now"
    assert made(world) == []

    ana.submits()

    assert len(made(world)) == 1


def test_words_can_name_the_path_or_people(ana, world):
    page(ana)
    ana.types("/io page @ben @chi look at this")
    assert "*This pages <@U0BEN> and <@U0CHI> now*" in ana.modal.words
    assert ana.modal.fields["title"].value == "look at this"
    ana.submits()
    assert notified(made(world)[1]) == ["Ben Okafor", "Chi Nguyen"]


def test_a_path_that_there_is_not_is_said(ana):
    ana.types("/io page path:Nonsense help")
    assert "No escalation path matches" in ana.last.text
    assert "`Payments`" in ana.last.text


def test_a_path_or_people_but_not_both(ana, world):
    ana.types("/io page Which")
    ana.fills(path="Payments", people=["ben"])
    ana.submits()
    assert "not both" in ana.modal.errors["people"]
    ana.closes()
    ana.types("/io page Whom")
    ana.submits()
    assert "Choose a path here" in ana.modal.errors["path"]
    assert made(world) == []


def test_somebody_without_an_account_is_said_beside_the_field(ana, world):
    ana.types("/io page @max come")
    assert "Without an incident.io account: <@U0MAX>" in ana.modal.words
    ana.submits()
    assert "max has no account in incident.io" in ana.modal.errors["people"]
    assert made(world) == []


def test_who_is_on_call_may_change_before_it_is_confirmed(ana, world, clock):
    clock.advance(hours=2, minutes=55)
    ana.types("/io page path:Payments Card payments fail")
    assert "<@U0HANA>" in ana.modal.words
    clock.advance(minutes=10)

    ana.submits()

    assert "Who is on call has changed" in ana.modal.words
    assert "*This pages <@U0IVO> now*" in ana.modal.words
    assert made(world) == []
    ana.submits()
    assert notified(made(world)[0]) == ["Ivo Petrov"]


def test_another_path_on_the_question_is_asked_anew(ana, world):
    ana.types("/io page path:Payments Card payments fail")
    ana.fills(path="Management")
    assert ana.modal.view.content["submit"]["text"] == "Page"
    ana.submits()
    assert "meanwhile" not in ana.modal.words
    assert made(world) == []
    ana.submits()
    assert notified(made(world)[0]) == ["Ana Ferreira", "Ben Okafor"]


def test_nobody_on_call_is_said_and_allowed(ana, world):
    path = next(
        p for p in world.incidentio.store.escalation_paths if p["name"] == "Payments"
    )
    path["path"][0]["level"]["targets"] = []
    ana.types("/io page path:Payments Hello")
    assert "*Nobody is on call* for *Payments* now" in ana.modal.words
    ana.submits()
    assert notified(made(world)[0]) == []
    assert "no one was notified yet" in ana.last.text


def test_a_key_that_may_not_read_paths_can_page_people(ana, world):
    world.incidentio.fail("GET", "/v2/escalation_paths*", status=403)
    ana.types("/io page @ben hello")
    assert "may not read escalation paths" in ana.modal.words
    ana.submits()
    assert notified(made(world)[0]) == ["Ben Okafor"]


def test_the_channels_incident_is_linked_unless_it_is_unticked(ana, world):
    number = world.incidentio.incident(39)["reference"]
    ana.types("/io page @ben look", channel="C0INC39")
    assert f"Link to {number}" in ana.modal.words
    ana.submits()
    incident = world.incidentio.store.incident("39")
    assert made(world)[0].incident_ids == [incident.id]
    assert number in card(ana, "C0INC39").words

    ana.types("/io page @ben look", channel="C0INC39")
    ana.submits(link=[])
    assert made(world)[1].incident_ids == []


def test_the_card_stands_in_the_channel_for_everybody(ana, ben, world):
    page(ana)
    shown = card(ben)
    assert "*🔴 Paging*" in shown.words
    assert "Paged by: <@U0ANA>" in shown.words
    assert buttons(shown) == ["Acknowledge", "Snooze 30 min", "Reassign", "Cancel page"]


def test_where_the_key_may_act_for_people_they_are_named(ana, world):
    world.incidentio.key.roles.add("act_on_behalf_of_users")
    page(ana)
    assert made(world)[0].creator["user"]["name"] == "Ana Ferreira"
    assert "API key" not in card(ana).words
    assert "API key" not in ana.last.text


def test_the_same_submission_many_times_pages_once(ana, world):
    ana.types("/io page path:Payments Card payments fail")
    ana.submit_at_once(5)
    assert len(made(world)) == 1
    assert len([m for m in ana.sees("incidents") if "Paged so far" in m.words]) == 1


def test_a_process_that_dies_after_paging_does_not_page_again(
    ana, world, crash_after_work, restart
):
    ana.types("/io page path:Payments Card payments fail")
    crash_after_work()
    ana.submits()
    restart()

    assert len(posted(world)) == 2
    assert len(made(world)) == 1


def test_no_answer_to_a_page_is_asked_again_with_the_same_key(ana, world):
    ana.types("/io page path:Payments Card payments fail")
    world.incidentio.fail("POST", "/v2/escalations", drop="after", times=1)
    ana.submits()
    assert len({r.json["idempotency_key"] for r in posted(world)}) == 1
    assert len(made(world)) == 1


def test_what_was_typed_survives_a_failure(ana, world):
    ana.types("/io page path:Payments Card payments fail")
    world.incidentio.fail("POST", "/v2/escalations", status=503)
    ana.submits(description="Since noon")
    assert "It is not known whether the page was sent" in ana.modal.words
    assert "Since noon" in ana.modal.words
    world.incidentio.clear_faults()
    ana.submits()
    assert len(made(world)) == 1


def test_too_many_pages_a_minute_are_said(ana, world):
    ana.types("/io page path:Payments Card payments fail")
    body = {"rate_limit": {"retry_after": "2026-03-09T10:05:00Z"}, "errors": []}
    world.incidentio.fail("POST", "/v2/escalations", status=429, body=body)
    ana.submits()
    assert "The page was not sent" in ana.modal.words
    assert "limiting requests" in ana.modal.words
    assert made(world) == []


@pytest.mark.parametrize("line", ["page help me", "escalation reassign Refunds"])
def test_a_viewer_may_not_page(person, world, line):
    kim = person("kim")
    kim.types(f"/io {line}")
    assert "the Responder role in incident.io" in kim.last.text
    assert kim.modal is None

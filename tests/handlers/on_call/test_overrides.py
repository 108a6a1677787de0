"""Putting somebody else on call, as people do it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures import START


def at(hour, minute=0, day=9):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def made(world):
    """The overrides there are besides the one of the first day."""
    return list(world.incidentio.store.overrides)[1:]


def shown(person, name):
    field = person.modal.fields
    found = next(f for key, f in field.items() if key.partition("#")[0] == name)
    return found.value


def until(person):
    return datetime.fromtimestamp(shown(person, "end_at"), UTC)


def direct(world, handle):
    return [message.text for message in world.slack.person(handle).dm]


def test_the_form_proposes_the_rest_of_the_present_shift(ana, clock):
    clock.advance(minutes=2)
    ana.types("/io override Payments")

    assert shown(ana, "start_at") == at(10, 5).timestamp()
    assert until(ana) == at(13)
    assert shown(ana, "user") == "U0ANA"
    assert "• <@U0HANA>, " in ana.modal.words


def test_without_a_schedule_the_form_first_asks_for_one(ana):
    ana.types("/io override")
    assert set(ana.modal.fields) == {"schedule"}

    ana.fills(schedule="Payments")

    assert until(ana) == at(13)
    assert "<@U0HANA>" in ana.modal.words


def test_choosing_another_layer_shows_whom_it_would_displace(ana):
    ana.types("/io override Platform")
    assert "<@U0ANA>, " in ana.modal.words
    ana.fills(end_at=at(15))

    ana.fills(seat="Secondary")

    assert "<@U0FAY>, " in ana.modal.words
    assert "<@U0ANA>, " not in ana.modal.words


def test_choosing_another_schedule_changes_its_layers(ana):
    ana.types("/io override Platform")
    ana.fills(seat="Secondary")
    ana.fills(schedule="Support in office hours")

    assert not any(name.startswith("seat") for name in ana.modal.fields)
    assert "Next handover:" in ana.modal.words


def test_an_end_that_was_chosen_stays_when_the_layer_changes(ana):
    ana.types("/io override Platform")
    ana.fills(end_at=at(15))
    ana.fills(seat="Secondary")
    assert until(ana) == at(15)

    ana.fills(schedule="Payments")

    assert until(ana) == at(15)


def test_another_start_leaves_the_end_alone_and_says_when_the_shift_changes(ana):
    ana.types("/io override Payments")
    ana.fills(start_at=at(14))

    assert until(ana) == at(13)
    assert "The end has to be after the start." in ana.modal.words
    change = int(at(10, day=10).timestamp())
    assert f"Next handover: <!date^{change}^" in ana.modal.words


def test_the_field_of_the_end_is_never_renewed(ana):
    ana.types("/io override Platform")
    proposed = until(ana)
    for change in (
        {"start_at": at(11)},
        {"seat": "Secondary"},
        {"schedule": "Payments"},
        {"start_at": at(20)},
    ):
        ana.fills(**change)
        assert "end_at" in ana.modal.fields
        assert until(ana) == proposed


def test_an_end_chosen_while_the_form_is_slow_is_the_one_submitted(ana, bot, world):
    ana.types("/io override Platform")
    world.incidentio.fail("GET", "/v2/schedule_entries*", delay=0.3)
    hasty = world.slack.person("ana")
    hasty.fills(start_at=at(14))
    hasty.fills(end_at=at(14, 30))
    assert bot.wait_idle()
    assert until(ana) == at(14, 30)

    ana.submits(user="gus")

    (row,) = made(world)
    assert (row.start_at, row.end_at) == (at(14), at(14, 30))


def test_an_end_entered_while_the_form_follows_the_start_is_kept(ana):
    ana.types("/io override Payments")
    ana.fills(start_at=at(11), end_at=at(12))

    assert until(ana) == at(12)


def test_in_a_gap_the_proposal_ends_where_the_next_shift_begins(ana, clock):
    clock.advance(hours=9)
    ana.types("/io override Support")

    assert until(ana) == at(8, day=10)
    assert "*Nobody is on call* from <!date^" in ana.modal.words


def test_the_form_warns_of_an_override_that_is_in_the_way(ana):
    ana.types("/io override Payments")
    ana.fills(start_at=at(9, day=10))
    ana.fills(end_at=at(11, day=10))

    assert "There is an override already" in ana.modal.words
    assert "<@U0GUS>" in ana.modal.words


def test_an_override_is_created_confirmed_and_told_to_both(ana, world):
    ana.types("/io override Payments")
    sent = ana.submits(user="gus")

    assert sent.errors == {}
    (row,) = made(world)
    assert (row.start_at, row.end_at) == (at(10), at(13))
    said = ana.last
    assert said.ephemeral_to == "U0ANA"
    assert "<@U0GUS> is on call from" in said.text
    assert "(was <@U0HANA>), by <@U0ANA>." in said.text
    assert "On call during this time" not in said.text, "it is as it was asked for"
    (new,), (old,) = direct(world, "gus"), direct(world, "hana")
    assert new.startswith("You are on call for *<")
    assert "in place of <@U0HANA>. <@U0ANA> asked for it." in new
    assert "in your place. <@U0ANA> asked for it." in old
    assert direct(world, "ana") == []


@pytest.mark.parametrize(("days", "messages"), [(0, 1), (2, 2)])
def test_who_was_told_is_told_again_only_before_a_later_shift(
    ana, world, bot, clock, days, messages
):
    start = at(11, day=9 + days)
    ana.types(f"/io override Payments @gus {start:%Y-%m-%d} 11 1h")
    assert len(made(world)) == 1
    clock.at = start - timedelta(minutes=14)
    for _ in range(4):
        clock.advance(minutes=1)
        bot.reminders.tick()

    assert len(direct(world, "gus")) == messages


def test_taking_over_oneself_tells_only_the_other(ana, world):
    ana.types("/io override Payments")
    ana.submits()

    assert direct(world, "ana") == []
    assert len(direct(world, "hana")) == 1


def test_everybody_who_is_displaced_is_told(ana, world):
    ana.types("/io override Payments")
    ana.submits(user="gus", end_at=at(9, day=10))

    assert len(direct(world, "hana")) == len(direct(world, "ivo")) == 1
    assert "(was <@U0HANA> and <@U0IVO>)" in ana.last.text


def test_the_layer_that_was_chosen_is_overridden(ana, world):
    ana.types("/io override Platform")
    ana.fills(seat="Primary · Layer 2")
    ana.submits(user="gus")

    (row,) = made(world)
    rotations = next(
        r for r in world.incidentio.store.schedules if r["name"] == "Platform"
    )["config"]["rotations"]
    assert row.layer_id == rotations[0]["layers"][1]["id"]
    assert "Primary · Layer 2: <@U0GUS>" in ana.last.text


def test_who_could_do_little_when_paged_is_said_before_it_is_made(ana, world):
    ana.types("/io override Payments")
    world.slack.fail("views.update", error="not_found", times=1)
    ana.fills(user="kim")
    ana.submits()
    said = "<@U0KIM>: may acknowledge and snooze what they are paged for"
    assert said in ana.modal.words
    assert made(world) == []

    ana.submits()
    assert len(made(world)) == 1


def test_it_is_said_as_soon_as_somebody_is_chosen(ana, world):
    world.slack.person("gus").user.active = False
    ana.types("/io override Payments")
    ana.fills(user="gus")
    assert "<@U0GUS>: their Slack account is deactivated" in ana.modal.words
    ana.fills(user="eve")
    assert "deactivated" not in ana.modal.words


def test_overriding_from_the_list_redraws_the_list(ana):
    ana.types("/io oncall Payments")
    listed = ana.last
    ana.presses("Override")
    ana.submits(user="gus")

    assert "by <@U0ANA>" in listed.words
    assert "<@U0GUS> until" in listed.words


def test_a_submission_that_outran_the_form_shows_the_rest_of_it(ana, world):
    ana.types("/io override")
    world.slack.fail("views.update", error="hash_conflict", times=1)
    ana.fills(schedule="Platform")

    ana.submits()

    assert shown(ana, "user") == "U0ANA"
    assert "Primary · Layer 1" in ana.modal.words
    assert made(world) == []


def test_five_submissions_at_once_make_one_override(ana, world):
    ana.types("/io override Payments")
    ana.submit_at_once(5, user="gus")

    assert len(made(world)) == 1
    assert len(direct(world, "gus")) == 1


def test_an_override_whose_answer_was_lost_is_not_made_twice(ana, world):
    ana.types("/io override Payments")
    world.incidentio.fail("POST", "/v2/schedule_overrides", drop="after", times=1)
    ana.submits(user="gus")
    assert "It is not known whether" in ana.modal.words

    ana.submits()

    assert len(made(world)) == 1
    assert "(was <@U0HANA>), by <@U0ANA>" in ana.last.text
    assert len(direct(world, "hana")) == 1


def test_an_override_made_before_a_crash_is_only_announced_after_it(
    ana, world, crash_after_work, restart
):
    ana.types("/io override Payments")
    crash_after_work()
    ana.submits(user="gus")
    restart()

    assert len(made(world)) == 1
    assert "<@U0GUS> is on call from" in ana.last.text
    assert "(was <@U0HANA>), by <@U0ANA>" in ana.last.text


def test_the_confirmation_stands_when_the_result_cannot_be_read(ana, world):
    ana.types("/io override Payments")
    store = world.incidentio.store.overrides
    add = store.add

    def added(*args):
        add(*args)
        world.incidentio.fail("GET", "/v2/schedule_entries", status=500)

    store.add = added
    ana.submits(user="gus")

    assert len(made(world)) == 1
    assert "did not say who is on call now" in ana.last.text
    assert "by <@U0ANA>" in ana.last.text


def test_who_cannot_be_told_is_named(ana, world):
    world.slack.fail("chat.postMessage", error="user_not_found", times=1)
    ana.types("/io override Payments")
    ana.submits(user="gus")
    assert "<@U0GUS> was not told: Slack does not know that person" in ana.last.words


def test_who_is_not_in_slack_is_named(ana, bot, world):
    user = world.incidentio.store.user(field="slack_user_id", value="U0HANA")
    user["slack_user_id"] = ""
    bot.services.catalog.expire("users")
    ana.types("/io override Payments")
    ana.submits(user="gus")
    assert (
        "Not told, as incident.io links no Slack account to them: Hana Sato"
        in ana.last.text
    )


def test_the_form_opens_on_what_is_known_when_incidentio_is_down(ana, world):
    world.incidentio.fail("GET", "/v2/schedule_entries", status=503)
    ana.types("/io override Payments")

    assert until(ana) == at(13)
    assert "did not say who is on call" in ana.modal.words


def test_a_schedule_without_rotations_has_nothing_to_override(ana, bot, world):
    row = next(r for r in world.incidentio.store.schedules if r["name"] == "Payments")
    row["config"]["rotations"] = []
    bot.services.catalog.expire("schedules")

    ana.types("/io override Payments")
    assert "nothing to override" in ana.modal.words
    sent = ana.submits()

    assert "no rotation in force" in sent.answer["errors"]["schedule"]


def test_by_message_the_form_is_one_button_away(ana):
    ana.mentions("override Payments")
    ana.presses("Open the form")
    assert until(ana) == at(13)


def test_the_start_may_be_weeks_away(ana, world):
    ana.types("/io override Payments")
    ana.fills(start_at=START + timedelta(days=30))
    ana.submits(user="gus", end_at=START + timedelta(days=31))
    assert len(made(world)) == 1


def test_among_very_many_schedules_one_is_searched_for(ana, bot, world):
    store = world.incidentio.store.schedules
    row = next(r for r in store if r["name"] == "Payments")
    for number in range(100):
        name = f"Team {number}"
        store.add(name, {**row, "id": name, "name": name})
    bot.services.catalog.expire("schedules")

    ana.types("/io override")
    ana.fills(schedule="Team 42")

    assert until(ana) == at(13)
    ana.submits(user="gus")
    assert made(world)[0].schedule_id == "Team 42"


def override_of(world):
    return next(iter(world.incidentio.store.overrides), None)


def test_an_override_is_deleted_from_the_list_which_is_redrawn(ana, world):
    ana.types("/io overrides Payments")
    listed = ana.last
    ana.presses("Delete")

    assert override_of(world) is None
    assert "the override of <@U0GUS> from <!date^" in listed.words
    assert "was deleted, by <@U0ANA>." in listed.words
    assert "None. The rotation applies." in listed.words


def test_those_concerned_are_told(ana, world):
    ana.types(f"/io override delete {override_of(world).id}")

    assert "On call during this time:\n• <@U0IVO>, " in ana.last.text
    (gone,), (back,) = direct(world, "gus"), direct(world, "ivo")
    assert gone.startswith("You are no longer on call for *<")
    assert gone.endswith("<@U0IVO> is instead.")
    assert back.startswith("You are on call again for *<")
    assert direct(world, "ana") == []


def test_one_that_is_gone_is_said_to_be(ana, world):
    id_ = override_of(world).id
    world.incidentio.store.overrides.remove(id_)
    ana.types(f"/io override delete {id_}")
    assert "no longer exists" in ana.last.text


def test_the_result_that_cannot_be_read_does_not_undo_the_deletion(ana, world):
    world.incidentio.fail("GET", "/v2/schedule_entries", status=500)
    ana.types(f"/io override delete {override_of(world).id}")
    assert override_of(world) is None
    assert "did not say who is on call now" in ana.last.text
    assert len(direct(world, "gus")) == 1


def test_a_failure_is_explained(ana, world):
    world.incidentio.fail("DELETE", "/v2/schedule_overrides/*", status=422)
    ana.types(f"/io override delete {override_of(world).id}")
    assert "The override was not deleted." in ana.last.text
    assert override_of(world)


def test_who_may_only_read_deletes_nothing(person, world):
    kim = person("kim")
    kim.types(f"/io override delete {override_of(world).id}")
    assert "You need the Responder role in incident.io" in kim.last.text
    assert override_of(world)


def test_one_that_is_over_is_deleted_without_asking_who_is_on_call(ana, world, clock):
    clock.advance(days=3)
    ana.types(f"/io override delete {override_of(world).id}")
    assert override_of(world) is None
    assert "did not answer" not in ana.last.text


def test_without_an_id_the_usage_is_said(ana):
    ana.types("/io override delete")
    assert "Usage: `/io override delete <override>`" in ana.last.text

"""Who is on call, as people ask it."""

import pytest

from handlers.core.context import Context
from handlers.core.shifts import my_shifts, shifts_of
from sandbox.slack.block_kit.traversal import visible_text


def schedule_of(world, name):
    return next(row for row in world.incidentio.store.schedules if row["name"] == name)


@pytest.fixture
def ctx(bot):
    return lambda user: Context(
        services=bot.services, user=user, channel="C0INCIDENTS", key="k", ref="r"
    )


def test_all_schedules_say_who_is_on_call_and_who_is_next(ana):
    ana.types("/io oncall")

    said = ana.last
    assert "Payments: Hana Sato" in said.text
    assert "Platform: Ana Ferreira, Ben Okafor and Fay O'Neill" in said.text
    assert "Primary · Layer 1*: <@U0ANA> until" in said.words
    assert "then <@U0BEN> until" in said.words
    assert "Europe/London, 10:00 there" in said.words
    assert said.ephemeral_to == "U0ANA"


def test_next_is_found_for_the_layer_whose_changeover_is_days_away(ana, world):
    ana.types("/io oncall Platform")

    primary = next(line for line in ana.last.words.splitlines() if "Layer 2" in line)
    assert "<@U0BEN> until" in primary
    assert "then <@U0CHI> until" in primary


def test_one_schedule_is_named_by_the_beginning_of_its_name(ana):
    ana.types("/io oncall support")
    assert ana.last.text == "On call now: Support in office hours: Fay O'Neill"


def test_a_name_may_hold_what_slack_escapes(ana, bot, world):
    schedule_of(world, "Payments")["name"] = "R&D <on call>"
    bot.services.catalog.expire("schedules")

    ana.types("/io oncall R&D <on")

    assert ana.last.text == "On call now: R&amp;D &lt;on call&gt;: Hana Sato"


def test_words_that_fit_several_schedules_are_asked_about(ana):
    ana.types("/io oncall p")
    ana.chooses("Choose", "Payments", message=ana.last)
    assert "Payments: Hana Sato" in ana.last.text


def test_outside_working_hours_it_says_so_once_and_who_is_next(ana, clock):
    clock.advance(hours=10)
    ana.types("/io oncall Support")

    said = ana.last
    assert said.text.endswith("nobody is on call")
    assert "\nOutside working hours. Next: <@U0BEN> from" in said.words
    assert "obody" not in said.words
    assert "⚠️" not in said.words


def test_it_is_loud_that_nobody_is_on_call_who_should_be(ana, world):
    rotations = schedule_of(world, "Payments")["config"]["rotations"]
    rotations[0]["users"] = []
    ana.types("/io oncall Payments")

    assert "⚠️ *Nobody is on call* now.\n" in ana.last.words
    assert ana.last.words.count("obody") == 1


def test_a_rotation_without_people_leaves_its_layer_empty(ana, world):
    row = schedule_of(world, "Platform")
    row["config"]["rotations"][1]["users"] = []

    ana.types("/io oncall Platform")

    assert "*Secondary*: *Nobody is on call.*" in ana.last.words
    assert "⚠️" not in ana.last.words


def test_a_schedule_without_a_configuration_shows_who_is_on_call_all_the_same(
    ana, world
):
    row = schedule_of(world, "Payments")
    row["config"]["rotations"] = []

    ana.types("/io oncall Payments")

    assert "no rotation in force" in ana.last.words


def test_a_rotation_version_that_is_still_to_come_is_left_out(ana, world):
    row = schedule_of(world, "Payments")
    rotation = row["config"]["rotations"][0]
    coming = {**rotation, "name": "To come", "effective_from": "2026-04-01T09:00:00Z"}
    row["config"]["rotations"].append(coming)

    ana.types("/io oncall Payments")

    assert "To come" not in ana.last.words
    assert ana.last.words.count("<@U0HANA>") == 1


def test_somebody_without_a_slack_account_is_named(ana, world):
    user = world.incidentio.store.user(field="slack_user_id", value="U0HANA")
    user["slack_user_id"] = ""
    user["name"] = "Hana <!channel>"

    ana.types("/io oncall Payments")

    assert "Hana &lt;!channel&gt;" in ana.last.words
    assert "<!channel>" not in ana.last.text


def test_a_deleted_schedule_says_so(ana, world):
    world.incidentio.fail("GET", "/v2/schedules/*", status=404)
    ana.types("/io oncall Payments")
    assert ana.last.text == "That schedule was deleted."


def test_a_key_without_the_role_is_explained(ana, world):
    world.incidentio.fail("GET", "/v2/schedules*", status=403)
    ana.types("/io oncall")
    assert "The bot's API key may not do this" in ana.last.text


def test_a_failing_incidentio_is_explained(ana, world):
    for fault in ({"status": 500}, {"body": "<h1>Oops</h1>"}, {"status": 401}):
        world.incidentio.fail("GET", "/v2/schedules/*", **fault)
        ana.types("/io oncall Platform")
        assert "incident.io" in ana.last.text
        assert "(ref `" in ana.last.text


def test_schedules_lists_their_rotations_and_people(ana):
    ana.types("/io schedules")
    words = ana.last.words
    assert "Rotations Primary and Secondary, 7 people" in words
    assert "On call now: <@U0HANA>" in words

    ana.presses("Coming shifts", nth=1)
    assert ana.last.text.startswith("Platform, Mon 9 Mar 10:00 UTC to Mon 16 Mar")


def test_an_organisation_without_schedules_is_told_so(ana, bot, world):
    for row in list(world.incidentio.store.schedules):
        world.incidentio.store.schedules.remove(row["id"])
    bot.services.catalog.expire("schedules")

    for line in ("oncall", "oncall x", "schedules", "override", "overrides x"):
        ana.types(f"/io {line}")
        assert "no schedules" in ana.last.text


def test_many_schedules_are_paged(ana, world):
    store, row = world.incidentio.store, schedule_of(world, "Payments")
    for number in range(10):
        name = f"Team {number}"
        store.schedules.add(name, {**row, "id": name, "name": name})

    ana.types("/io oncall")
    ana.presses("Next")
    assert "Team 5" in ana.last.text
    ana.types("/io schedules")
    ana.presses("Next")
    assert "Team 9" in ana.last.text


def test_my_shifts_are_those_of_the_coming_two_weeks(ctx):
    drawn = visible_text([block.to_dict() for block in my_shifts(ctx("U0BEN"))])
    first, second, *others = drawn.splitlines()[1:]
    assert "Platform" in first
    assert "Primary · Layer 2: now, until" in first
    assert "Support" in second
    assert any("Primary · Layer 1" in line for line in others)


def test_my_shifts_have_the_override_that_puts_me_on_a_strange_schedule(ctx, bot):
    found = shifts_of(
        ctx("U0GUS"),
        bot.services.catalog.user_by_slack("U0GUS"),
        ctx("U0GUS").now.replace(day=11),
    )
    assert "Payments" in {shift.schedule.name for shift in found}


def test_who_has_no_shifts_or_no_account_gets_none(ctx):
    assert my_shifts(ctx("U0KIM")) == []
    assert my_shifts(ctx("U0MAX")) == []


def test_my_shifts_that_cannot_be_read_do_not_spoil_the_rest(ctx, world):
    for status, said in ((403, "may not read schedules"), (500, "did not say")):
        world.incidentio.fail("GET", "/v2/schedule_entries", status=status)
        drawn = [block.to_dict() for block in my_shifts(ctx("U0BEN"))]
        assert said in visible_text(drawn)


@pytest.mark.parametrize("line", ["oncall me", "my shifts", "when am i on call"])
def test_one_asks_when_one_is_on_call(ana, person, line):
    ana.types(f"/io {line}")
    assert "*On call*" in ana.last.words
    assert "Platform" in ana.last.words

    outsider = person("max")
    outsider.types(f"/io {line}")
    assert "incident.io has no account that is linked" in outsider.last.text

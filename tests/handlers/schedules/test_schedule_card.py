"""A schedule with everything that is set up in it."""

import pytest

from sandbox.slack.block_kit.tables import cell_text


def schedule_of(world, name):
    return next(row for row in world.incidentio.store.schedules if row["name"] == name)


def test_the_card_says_all_that_is_set_up(ana):
    ana.types("/io schedule show Platform")

    words = ana.last.words
    assert ana.last.text == (
        "Platform: on call now: Ana Ferreira, Ben Okafor and Fay O'Neill"
    )
    assert "(Europe/London, 10:00 there)" in words
    assert "• <@U0ANA> · Primary · Layer 1, <!date^" in words
    assert "Handover: weekly, Mondays 09:00" in words
    assert "Handover: daily, at 09:00" in words
    assert "1. <@U0ANA>, 2. <@U0BEN>, 3. <@U0CHI>, 4. <@U0DOV>" in words
    assert "Layers: Layer 1 and Layer 2 (2 people at a time)" in words
    assert "Scheduling: sequential" in words
    assert "Working hours: always" in words
    assert "*Team*: `01HQ" in words
    assert "Created <!date^" in words
    assert "*Next*\n• <@U0" in words


def test_versions_to_come_holidays_and_annotations_are_shown(ana):
    ana.types("/io schedule Support")

    words = ana.last.words
    assert "*Desk*, now, until <!date^" in words
    assert "*Desk*, from <!date^" in words
    assert "1. <@U0BEN>, 2. <@U0FAY>, 3. <@U0EVE>" in words
    assert "Working hours: Monday to Friday 09:00 to 17:00" in words
    assert "*Holidays shown*: FR" in words
    assert "*Annotations*: `incident.io/terraform/version` 5.4.0" in words


def test_a_version_that_was_replaced_says_until_when_it_counted(ana, world):
    rotations = schedule_of(world, "Payments")["config"]["rotations"]
    rotations.append({**rotations[0], "effective_from": "2026-03-01T09:00:00Z"})
    ana.types("/io schedule show Payments")
    assert "*On call*, until <!date^1772355600^" in ana.last.words


@pytest.mark.parametrize(
    ("handovers", "said"),
    [
        ([(2, "weekly")], "every 2 weeks, Mondays 09:00"),
        ([(3, "daily")], "every 3 days, at 09:00"),
        ([(8, "hourly")], "every 8 hours, at 00 past"),
        ([(1, "daily"), (3, "daily")], "daily, then every 3 days, in turn, at 09:00"),
        ([(1, "fortnightly")], "fortnightly, at 09:00"),
    ],
)
def test_handovers_are_in_words(ana, world, handovers, said):
    (rotation,) = schedule_of(world, "Payments")["config"]["rotations"]
    written = [{"interval": n, "interval_type": kind} for n, kind in handovers]
    rotation["handovers"] = written
    if "fortnightly" in said:
        rotation["users"] = []  # the stand-in could not say who is on call
    ana.types("/io schedule show Payments")
    assert f"Handover: {said}\n" in ana.last.words


def test_many_versions_are_paged(ana, world):
    rotations = schedule_of(world, "Payments")["config"]["rotations"]
    for number in range(12):
        rotations.append({**rotations[0], "id": f"R{number}", "name": f"Rota {number}"})
    ana.types("/io schedule show Payments")
    assert "*Rota 11*" not in ana.last.words
    ana.presses("Next")
    assert "*Rota 11*" in ana.last.words
    assert "On call now" not in ana.last.words


def test_what_people_wrote_breaks_nothing(ana, world):
    row = schedule_of(world, "Payments")
    row["annotations"] = {"<!here>`": "*<!channel>*"}
    row["config"]["rotations"][0]["name"] = "<!everyone>"
    row["config"]["rotations"][0]["layers"][0]["name"] = "<@U0ANA>"
    ana.types("/io schedule show Payments")
    assert "<!h" not in ana.last.words
    assert "<!e" not in ana.last.words
    assert "<@U0ANA>" not in ana.last.words


def test_a_schedule_without_rotations_says_so(ana, world):
    schedule_of(world, "Payments")["config"]["rotations"] = []
    ana.types("/io schedule show Payments")
    assert "No rotation: nobody will be on call." in ana.last.words
    assert "⚠️ *Nobody is on call* now" in ana.last.words


def test_the_list_leads_to_the_card(ana):
    ana.types("/io schedules")
    ana.presses("Show")
    assert "Handover: weekly" in ana.last.words
    assert ana.last.buttons[:3] == ["Edit", "Edit as JSON", "Override"]


def test_a_schedule_deleted_since_it_was_listed_is_said_so(ana, bot, world):
    bot.services.catalog.schedules()
    world.incidentio.store.schedules.remove(schedule_of(world, "Payments")["id"])
    ana.types("/io schedule show Payments")
    assert ana.last.text == "That schedule was deleted."


def lines(person):
    return [line for line in person.last.words.splitlines() if "<@" in line]


def test_the_coming_week_is_a_table(ana):
    ana.types("/io schedule entries Payments")
    (table,) = [b for b in ana.last.blocks if b["type"] == "data_table"]
    rows = [[cell_text(cell) for cell in row] for row in table["rows"]]
    assert rows[0] == ["From", "Until", "Who", "Override"]
    assert [row[2] for row in rows if row[-1] == "yes"] == ["<@U0GUS>"]


def test_the_coming_week_is_shown_with_its_override_marked(ana, world):
    world.slack.workspace.unsupported_blocks.add("data_table")
    ana.types("/io schedule entries Payments")

    marked = [line for line in lines(ana) if "_override_" in line]
    assert len(marked) == 1
    assert "<@U0GUS>" in marked[0]


def test_days_are_those_of_the_person(person):
    jo = person("jo")
    jo.types("/io schedule entries Payments tomorrow tomorrow")
    assert "Tue 10 Mar 04:00 UTC to Wed 11 Mar 04:00 UTC" in jo.last.text


def test_a_name_of_several_words_may_be_followed_by_days(ana):
    ana.types("/io schedule entries Support in office hours from wed to fri")
    assert "Wed 11 Mar 00:00 UTC to Sat 14 Mar 00:00 UTC: 3 shifts" in ana.last.text
    assert len(lines(ana)) == 3


def test_days_without_anybody_on_call_say_so_loudly(ana):
    ana.types("/io schedule entries Support sat sun")
    assert "⚠️ *Nobody is on call* in all of this time" in ana.last.words


SENSELESS = [
    ("Payments someday", "“someday” is not a day"),
    ("Payments fri yesterday", "ends before it starts"),
    ("Payments 2026-01-01 2026-12-31", "At most 92 days"),
    ("Payments today tomorrow more", "I didn't understand “more”"),
    ("Payments <!channel>", "!channel"),
]


def test_days_that_make_no_sense_are_explained(ana):
    for words, said in SENSELESS:
        ana.types(f"/io schedule entries {words}")
        assert said in ana.last.text
        assert "<!" not in ana.last.text
        assert "Usage: `/io schedule entries [schedule] [from] [to]" in ana.last.text


def test_no_schedule_at_all_is_asked_for(ana):
    ana.types("/io schedule entries")
    ana.chooses("Choose", "Payments", message=ana.last)
    assert ana.last.text.startswith("Payments, ")


def test_long_lists_are_paged(ana):
    ana.types("/io schedule entries Platform today +60d")
    assert len(lines(ana)) == 40
    ana.presses("Next")
    assert 0 < len(lines(ana)) <= 40


def test_the_overrides_of_a_schedule_are_listed(ana, clock):
    ana.types("/io overrides Payments")
    assert "Payments: 1 override" in ana.last.text
    assert "<@U0GUS>: <!date^" in ana.last.words

    clock.advance(days=1, hours=1)
    ana.types("/io overrides Payments")
    assert "<@U0GUS>: now, until <!date^" in ana.last.words

    clock.advance(days=1)
    ana.types("/io overrides Payments")
    assert "None. The rotation applies." in ana.last.words

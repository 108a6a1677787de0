"""Declaring an incident, as a responder does it."""

import pytest


def incidents(world):
    return len(list(world.incidentio.store.incidents))


def newest(world):
    store = world.incidentio.store
    return store.incident(str(store.next_number() - 1))


def test_declaring_answers_in_the_channel_with_the_card(ana, ben, world):
    ana.types("/io declare Checkout is down", channel="incidents")
    assert ana.modal.title == "Declare an incident"

    sent = ana.submits(summary="Cards are refused", severity="Low")

    assert sent.errors == {}
    assert newest(world).name == "Checkout is down"
    assert newest(world).summary == "Cards are refused"
    said = ben.sees("incidents")[-1]
    assert "INC-41" in said.text
    assert "<@U0ANA>" in said.text
    assert "Cards are refused" in said.words


def test_the_asker_leads_unless_they_choose_otherwise(ana, world):
    ana.types("/io declare Led")
    ana.submits(severity="Low")

    assert "01HUSER00000000000000ANA00" in newest(world).roles.values()


def test_every_kind_of_custom_field_arrives(ana, world):
    ana.types("/io declare Fields")
    ana.presses("More")
    store = world.incidentio.store
    kinds = {field["field_type"]: field for field in store.custom_fields}
    options = {
        kind: [o["id"] for o in store.options if o["custom_field_id"] == field["id"]]
        for kind, field in kinds.items()
    }
    entered = {
        "text": "Because",
        "link": "https://example.com/run",
        "numeric": "12.5",
        "single_select": options["single_select"][0],
        "multi_select": options["multi_select"][:2],
    }

    ana.submits(
        **{f"field:{kinds[k]['id']}": v for k, v in entered.items()}, severity="Low"
    )

    stored = newest(world).fields
    assert set(stored) == {kinds[kind]["id"] for kind in entered}


def test_a_private_incident_answers_only_the_person(ana, ben, world):
    ana.types("/io declare Secret breach", channel="incidents")
    ana.presses("More")
    ana.submits(visibility="private", severity="Low")

    assert newest(world).visibility == "private"
    assert "Secret breach" in ana.last.words
    assert not any("Secret breach" in m.words for m in ben.sees("incidents"))


def test_a_test_incident_is_one(ana, world):
    ana.types("/io declare Drill")
    ana.presses("More")
    ana.submits(mode="test", severity="Low")

    assert newest(world).mode == "test"


def test_the_same_form_five_times_at_once_declares_once(ana, world):
    before = incidents(world)
    ana.types("/io declare Twice is once")

    ana.submit_at_once(5, severity="Low")

    assert incidents(world) == before + 1
    assert sum("Twice is once" in m.words for m in ana.sees("incidents")) == 1


def test_the_same_form_again_later_declares_nothing_more(ana, world, bot):
    ana.types("/io declare Again")
    sent = ana.submits(severity="Low")
    before = incidents(world)

    world.slack.redeliver(sent, times=2)
    bot.wait_idle()

    assert incidents(world) == before


def test_a_name_of_only_spaces_declares_nothing(ana, world):
    before = incidents(world)
    ana.types("/io declare")
    sent = ana.submits(name="    ", severity="Low")

    assert sent.answer["errors"] == {"name": "Say what is happening, in a few words."}
    assert incidents(world) == before
    assert ana.sees("incidents") == []


def test_a_message_becomes_an_incident(ana, world):
    message = ana.says("Payments are failing & <people> complain\nsince 9", "incidents")
    ana.shortcut_on(message, "declare.from_message")

    ana.submits(severity="Low")

    assert newest(world).name == "Payments are failing & <people> complain"
    assert "since 9" in newest(world).summary


def test_the_shortcut_works_anywhere(ana, world):
    ana.shortcut("declare")

    ana.submits(name="From the shortcut menu", severity="Low")

    assert newest(world).name == "From the shortcut menu"
    assert "From the shortcut menu" in ana.last.words


def test_a_severity_deleted_meanwhile_is_said_beside_the_field(ana, world):
    ana.types("/io declare Late")
    ana.fills(severity="Low")
    store = world.incidentio.store
    gone = ana.modal.state["severity"]["severity"]["selected_option"]["value"]
    store.severities.remove(gone)
    world.incidentio.fail(
        "POST",
        "/v2/incidents",
        status=422,
        body={
            "type": "validation_error",
            "status": 422,
            "request_id": "req-1",
            "errors": [
                {
                    "code": "invalid_value",
                    "message": "Severity was not found",
                    "source": {"field": "severity_id"},
                }
            ],
        },
        times=1,
    )

    sent = ana.submits()

    assert sent.errors == {"severity": "Severity was not found"}
    assert ana.modal.state["name"]["name"]["value"] == "Late"


def test_a_problem_with_no_field_stands_above_the_form(ana, world):
    world.incidentio.fail(
        "POST",
        "/v2/incidents",
        status=422,
        body={
            "type": "validation_error",
            "status": 422,
            "request_id": "req-2",
            "errors": [
                {
                    "code": "invalid_value",
                    "message": "Team is required",
                    "source": {"field": "owning_team_ids"},
                }
            ],
        },
    )
    ana.types("/io declare Kept")

    ana.submits(summary="All I typed", severity="Low")

    assert "incident.io says “Team is required”" in ana.modal.words
    assert ana.modal.state["summary"]["summary"]["value"] == "All I typed"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 500}, "not known whether"),
        ({"status": 401}, "API key"),
        ({"status": 403}, "may not do this"),
        ({"status": 429}, "limiting requests"),
        ({"drop": True}, "not known whether"),
        ({"status": 200, "body": "<html>"}, "cannot use"),
    ],
)
def test_what_was_typed_survives_any_failure(ana, world, fault, said):
    ana.types("/io declare Typed at night")
    world.incidentio.fail("POST", "/v2/incidents", **fault)

    ana.submits(summary="Line one\nLine two", severity="Low")

    assert said in ana.modal.words
    assert "(ref " in ana.modal.words
    world.incidentio.clear_faults()
    before = incidents(world)
    assert ana.submits(severity="Low").errors == {}
    assert incidents(world) == before + 1
    assert newest(world).summary == "Line one\nLine two"


def test_an_answer_lost_after_the_work_does_not_declare_twice(ana, world):
    before = incidents(world)
    ana.types("/io declare Lost answer")
    world.incidentio.fail("POST", "/v2/incidents", drop="after", times=1)

    ana.submits(severity="Low")

    assert incidents(world) == before + 1
    assert "Lost answer" in ana.last.words


@pytest.mark.parametrize("budget", [0])
def test_a_slow_incident_io_is_waited_for_in_a_view_that_says_so(ana, world, bot):
    ana.types("/io declare Slow")
    world.incidentio.fail("POST", "/v2/incidents", delay=0.3, times=1)

    ana.submits(severity="Low")

    assert newest(world).name == "Slow"
    assert "Slow" in ana.sees("incidents")[-1].words


def test_a_lead_without_an_account_is_said_beside_the_field(ana):
    ana.types("/io declare Led by max")

    sent = ana.submits(lead="max", severity="Low")

    assert "no account in incident.io" in sent.errors["lead"]


@pytest.mark.settings(command_levels={"declare": "read"})
def test_where_everybody_may_declare_no_account_is_needed(person, world):
    max_ = person("max")
    max_.types("/io declare Reported by a contractor")

    max_.submits(severity="Low")

    assert newest(world).name == "Reported by a contractor"


@pytest.mark.parametrize(
    "name",
    ["<!channel> & friends", "🔥" * 20, "\N{RIGHT-TO-LEFT OVERRIDE}abc", "a" * 200],
)
def test_names_are_kept_as_typed_and_can_do_no_harm(ana, ben, world, name):
    ana.types("/io declare")
    ana.submits(name=name, severity="Low")

    assert newest(world).name == name
    said = ben.sees("incidents")[-1]
    mrkdwn = [
        b["text"]["text"] for b in said.blocks if b["type"] == "section" and "text" in b
    ]
    assert not any("<!channel>" in words for words in [said.text, *mrkdwn])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("R&D < 5 > 3", "R&D < 5 > 3"),
        ("ask @ben about it", "ask @ben about it"),
        ("see https://example.com/a?b=1&c=2", "see https://example.com/a?b=1&c=2"),
    ],
)
def test_words_arrive_as_they_were_typed(ana, typed, name):
    ana.types(f"/io declare {typed}")

    assert ana.modal.state["name"]["name"]["value"] == name


@pytest.mark.usefixtures("warm")
def test_the_form_opens_while_incident_io_is_down(ana, world):
    world.incidentio.fail("*", "*", drop=True)

    ana.types("/io declare From the cache")

    assert ana.modal.state["name"]["name"]["value"] == "From the cache"


def test_slack_refusing_the_form_is_said(ana, world):
    world.slack.fail("views.open", error="trigger_expired")

    ana.types("/io declare Too late")

    assert "three seconds" in ana.last.text
    world.slack.clear_faults()
    ana.presses("Open the form")
    assert ana.modal.state["name"]["name"]["value"] == "Too late"


def test_of_very_many_custom_fields_the_first_are_in_the_form(ana, bot, world):
    store = world.incidentio.store.custom_fields
    row = next(f for f in store if f["field_type"] == "text")
    for number in range(95):
        id_ = f"FIELD{number:02}"
        store.add(id_, {**row, "id": id_, "name": f"Field {number}"})
    bot.services.catalog.expire("custom_fields")

    ana.types("/io declare Many")

    assert ana.modal.title == "Declare an incident"
    assert len(ana.modal.blocks) <= 100
    assert "Set these with Edit, or in incident.io" in ana.modal.words
    assert ana.submits(severity="Low").errors == {}
    assert newest(world).name == "Many"


def test_changes_made_after_it_was_declared_unseen_are_not_lost_in_silence(ana, world):
    ana.types("/io declare Checkout is down")
    world.incidentio.fail("POST", "/v2/incidents", drop="after")
    ana.submits(severity="Low")
    world.incidentio.clear_faults()
    before = incidents(world)

    ana.submits(name="Everything is down", summary="All of it", severity="Low")

    assert incidents(world) == before
    said = ana.last.text
    assert "*INC-41*" in said or "INC-41" in said
    assert "your later changes to name and summary were not applied" in said


def test_the_same_asked_again_is_only_announced(ana, world):
    ana.types("/io declare Checkout is down")
    world.incidentio.fail("POST", "/v2/incidents", drop="after")
    ana.submits(severity="Low")
    world.incidentio.clear_faults()
    ana.submits(severity="Low")

    assert "not applied" not in ana.last.text
    assert "was declared by <@U0ANA>. Follow along in <#C0INC41>." in ana.last.text


def test_the_card_says_who_and_through_what_it_was_declared(ana):
    ana.types("/io declare Checkout is down")
    ana.submits(severity="Low")
    assert "*Created through*\nincidentio-bot (API key)" in ana.last.words
    assert "Declared by" not in ana.last.words


def test_who_cannot_lead_is_told_why(ana):
    ana.types("/io declare Checkout is down")
    for handle, why in (
        ("max", "has no account in incident.io."),
        ("lee", "account in incident.io is deactivated."),
    ):
        sent = ana.submits(lead=handle, severity="Low")
        assert why in sent.answer["errors"]["lead"]


def test_nothing_is_chosen_for_the_declarer_but_what_they_typed(ana):
    ana.types("/io declare Checkout is down")
    assert ana.modal.fields["severity"].value is None
    assert [*ana.modal.fields] == ["name", "severity", "type", "summary", "lead"]
    ana.closes()

    ana.types("/io declare Major outage in Europe")
    assert "'text': 'Major'" in str(ana.modal.fields["severity"].value)
    assert ana.modal.fields["name"].value == "Major outage in Europe"


def test_more_shows_the_rest_and_keeps_what_was_typed(ana, world):
    ana.types("/io declare Checkout is down")
    assert "Not shown: Visibility, Status, Mode" in ana.modal.words
    ana.fills(severity="Major", summary="All of it")
    ana.presses("More")

    assert "More" not in ana.modal.buttons
    assert {"status", "visibility", "mode"} <= {*ana.modal.fields}
    ana.submits(mode="test")
    declared = newest(world)
    assert (declared.summary, declared.mode) == ("All of it", "test")
    assert (
        world.incidentio.store.severities.get(declared.severity_id)["name"] == "Major"
    )


def test_the_form_says_at_once_what_a_type_decides(ana, world):
    ana.types("/io declare A key was leaked")
    ana.fills(severity="Major")
    ana.presses("More")
    assert "visibility" in ana.modal.fields

    ana.fills(type="Security (always private)")
    assert "*Security* incidents are private" in ana.modal.words
    assert "visibility" not in ana.modal.fields
    assert ana.modal.fields["name"].value == "A key was leaked"
    ana.submits()
    assert newest(world).visibility == "private"
    assert ana.last.ephemeral


def test_the_form_says_that_a_type_begins_in_triage(ana, world):
    kind = next(t for t in world.incidentio.store.types if t["name"] == "Security")
    kind["create_in_triage"] = "always"
    ana.types("/io declare A key was leaked")
    ana.presses("More")
    ana.fills(type="Security (always private)")
    assert "*Security* incidents start in triage" in ana.modal.words
    assert "status" not in ana.modal.fields

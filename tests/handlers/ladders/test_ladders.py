"""A ladder is seen before it is turned on, and told as it was seen."""

import pytest

pytestmark = pytest.mark.usefixtures("over")

HERE = "C0INC27"
"""The channel of a live public incident with outstanding follow-ups."""


def rule(bot, id_="ladder"):
    return bot.services.rules.get(id_)


def set_up(ana, line="ladder edit organisation", channel=HERE, **filled):
    ana.types(f"/io {line}", channel=channel)
    assert ana.submits(**filled).errors == {}


def test_there_is_none_until_somebody_turns_it_on(ana, bot):
    ana.types("/io ladder", channel=HERE)
    assert "The ladder of the organisation: not set" in ana.last.text
    ana.presses("Set it up")
    assert ana.modal.fields["owner_days#here"].value == "0"
    ana.submits()
    assert "If it were on" in ana.modal.words
    assert rule(bot, f"ladder-{HERE}") is None


def test_it_tells_whom_the_preview_named(ana, ben, bot, world, clock):
    set_up(ana, owner_days="0", lead_days="", channel_days="")
    seen = ana.modal.words
    assert ana.submits().answer == {"response_action": "clear"}
    assert "is on, by <@U0ANA>: the owner once the target has passed." in ana.last.text
    clock.advance(minutes=1)
    bot.reminders.tick()

    told = {
        handle: world.slack.person(handle).dm
        for handle in ("ana", "ben", "chi", "dov", "eve", "fay", "gus", "jo")
    }
    for handle, messages in told.items():
        asked = [m for m in messages if "overdue" in m.text]
        mentioned = f"<@U0{handle.upper()}> (the owner)" in seen
        assert bool(asked) is mentioned, handle
    assert "would be told of" in seen


def test_buttons_of_its_message_work_it_off(ana, bot, world, clock, person):
    set_up(ana, owner_days="0", lead_days="", channel_days="")
    ana.submits()
    clock.advance(minutes=1)
    bot.reminders.tick()
    handle, asked = next(
        (handle, m)
        for handle in ("ben", "chi", "dov", "eve", "fay", "gus", "jo")
        for m in world.slack.person(handle).dm
        if "overdue" in m.text and "Manage" in m.buttons
    )
    owner = person(handle)
    before = asked.words.count("Snooze…")
    owner.chooses("run.more", "Done", message=asked)
    asked = next(m for m in owner.dm if m.ts == asked.ts)
    assert asked.words.count("Snooze…") == before - 1


def test_off_it_keeps_its_steps(ana, bot):
    set_up(ana)
    ana.submits()
    ana.types("/io ladder", channel=HERE)
    assert "The ladder of the organisation: on" in ana.last.text
    ana.presses("Turn off")
    assert rule(bot).state == "paused"
    ana.types("/io ladder", channel=HERE)
    assert "Paused by <@U0ANA>." in ana.last.words
    ana.presses("Preview and turn on")
    ana.submits()
    assert rule(bot).state == "active"
    assert [s["to"] for s in rule(bot).options["steps"]] == ["owner", "lead", "channel"]
    ana.types("/io ladder off organisation", channel=HERE)
    ana.types("/io ladder off organisation", channel=HERE)
    assert "is off already" in ana.last.text


def test_what_is_on_is_only_looked_at(ana, bot):
    set_up(ana)
    ana.submits()
    ana.types("/io ladder preview organisation", channel=HERE)
    assert not ana.modal.submit
    assert "old of" in ana.modal.words


@pytest.mark.parametrize(
    ("filled", "field", "said"),
    [
        ({"lead_days": "9"}, "channel_days", "Not before the step above: 9 or more."),
        ({"person_days": "9"}, "who", "Choose the person, or leave the step out."),
        (
            {"who": "ben"},
            "person_days",
            "Say after how many days, or leave the step out.",
        ),
        (
            {"owner_days": "", "lead_days": "", "channel_days": ""},
            "owner_days",
            "Take at least one step.",
        ),
    ],
)
def test_what_does_not_fit_is_said_beside_it(ana, bot, filled, field, said):
    ana.types("/io ladder edit organisation", channel=HERE)
    sent = ana.submits(**filled)
    assert sent.answer["errors"] == {f"{field}#organisation": said}


def test_a_channel_of_no_incident_names_teams(ana, ben, bot, world):
    ana.types("/io ladder edit", channel="general")
    ana.submits(teams=["Payments"])
    assert "If it were on" in ana.modal.words
    ana.submits()
    made = rule(bot, "ladder-C0GENERAL")
    assert len(made.options["teams"]) == 1
    assert "turned" not in ben.sees("general")[-1].text
    assert "The ladder of <#C0GENERAL> is on, by <@U0ANA>" in (
        ben.sees("general")[-1].text
    )
    ana.types("/io ladder", channel="general")
    assert "Follow-ups of Payments." in ana.last.words


def test_the_form_follows_whose_ladder_it_is(ana, bot):
    set_up(ana, owner_days="1")
    ana.submits()
    ana.types("/io ladder edit", channel=HERE)
    assert ana.modal.fields["owner_days#here"].value == "0"
    ana.fills(scope="Of the whole organisation")
    assert ana.modal.fields["owner_days#organisation"].value == "1"


def test_who_responds_sets_a_channels_and_not_the_organisations(person, bot):
    chi = person("chi")
    chi.types("/io ladder edit organisation", channel=HERE)
    assert "the Administrator role in incident.io" in chi.last.text
    chi.types("/io ladder edit", channel=HERE)
    chi.fills(scope="Of the whole organisation")
    assert "the Administrator role in incident.io" in chi.modal.words
    chi.submits()
    assert rule(bot) is None
    chi.types("/io ladder edit", channel=HERE)
    chi.submits()
    chi.submits()
    assert rule(bot, f"ladder-{HERE}").state == "active"
    chi.types("/io ladder off organisation", channel=HERE)
    assert "the Administrator role in incident.io" in chi.last.text


def test_a_channel_the_bot_is_not_in_is_refused(ana, bot, world):
    world.slack.add_channel("C0SECRET", "secret", private=True, has_bot=False)
    ana.types("/io ladder edit organisation", channel=HERE)
    sent = ana.submits(where="C0SECRET")
    assert "Invite it, or choose another one." in str(sent.answer["errors"])


def test_without_a_reading_there_is_no_preview(ana, bot, world, clock):
    ana.types("/io ladder edit organisation", channel=HERE)
    clock.advance(minutes=5)
    world.incidentio.fail("GET", "/v3/follow_ups", status=503)
    world.incidentio.fail("GET", "/v2/follow_ups", status=503)
    ana.submits()
    assert "The preview could not be made" in ana.modal.words
    assert rule(bot) is None


def test_nothing_of_a_private_incident_is_in_a_preview(ana, bot, world):
    store = world.incidentio.store
    private = {f"INC-{i.number}" for i in store.incidents if i.visibility == "private"}
    assert private
    set_up(ana)
    assert not [one for one in private if f"({one})" in ana.modal.words]


def test_it_is_no_reminder_of_the_channel(ana, bot):
    set_up(ana, "ladder edit")
    ana.submits()
    ana.types("/io reminders", channel=HERE)
    assert "0 reminders here" in ana.last.text


def test_other_words_are_refused(ana, bot):
    ana.types("/io ladder off nonsense", channel=HERE)
    assert "“nonsense” has no ladder: say `here` or `organisation`." in ana.last.text


def test_the_steps_are_in_the_audit(ana, bot):
    set_up(ana)
    ana.submits()
    entry = next(e for e in bot.services.audit.search() if e.operation == "ladder.edit")
    assert entry.target == "ladder of the organisation (ladder)"
    assert entry.changes["state"] == ["off", "on"]
    assert entry.changes["steps"][1].startswith("the owner once the target has passed")

"""The Home tab: what it shows to whom, and when it is published."""

import pytest

from handlers.core.pipeline.homes import TRIES
from storage.home_tabs import HomeTabs
from tests.handlers.asked import writes

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FINISHED = "Ask the database team for a heap dump"


def published(world):
    return [c for c in world.slack.calls if c.method == "views.publish"]


def refused(world):
    return [call.error for call in published(world) if call.error]


@pytest.fixture
def tick(bot, clock):
    """Let time pass, and let the bot look."""

    def after(**passed):
        clock.advance(**passed)
        bot.homes.tick()

    return after


@pytest.fixture
def told(world, bot, _front):
    """The bot is told of changes by webhooks."""
    url = _front.url.replace("/slack/events", "/incidentio/webhooks")
    world.incidentio.webhooks.send_to(url, SECRET)


def test_it_shows_shifts_work_incidents_and_who_is_on_call(ana, world):
    ana.opens_home()

    words = ana.home.words
    order = [
        "Declare an incident",
        "On call for *Platform Primary · Layer 1* until",
        "*Your work: 2 actions and 3 follow-ups outstanding*",
        FINISHED,
        "*Live incidents: 11*",
        "🔴 Fixing · 🟥 Critical",
        "🔴 Monitoring · 🟦 Low",
        "*On call now*",
        "<@U0ANA> and <@U0BEN> until",
        "*What you are sent*",
        "Your digest comes at 09:30 on working days",
    ]
    places = [words.index(part) for part in order]
    assert places == sorted(places)
    assert len(ana.home.blocks) < 60
    assert (len(published(world)), refused(world)) == (1, [])


def test_it_shows_the_next_shift_too(person, clock):
    hana = person("hana")
    hana.opens_home()
    words = hana.home.words
    assert "On call for *Payments* until" in words
    assert "Next: *Payments*, " in words


def test_who_has_no_shift_is_told_so(person):
    kim = person("kim")
    kim.opens_home()
    assert "You are not on call in the next two weeks." in kim.home.words


def test_opening_it_again_publishes_nothing_that_is_there(ana, world):
    ana.opens_home()
    ana.opens_home()
    assert len(published(world)) == 1


def test_the_other_tab_is_not_drawn(ana, world):
    ana.opens_home("messages")
    assert published(world) == []


def test_a_repeated_event_is_one(ana, world, bot):
    delivery = world.slack.person("ana").opens_home()
    world.slack.redeliver(delivery, 3)
    assert bot.wait_idle()
    assert len(published(world)) == 1


def test_who_opens_it_first_is_told_what_it_is_for_a_day(ana, tick):
    ana.opens_home()
    assert ana.home.words.startswith("Here you run incidents in Slack")
    tick(hours=25)
    ana.opens_home()
    assert "Here you run incidents" not in ana.home.words


def test_what_is_pressed_is_done_once_and_said_there(ana, world, bot, tick):
    ana.opens_home()
    before = ana.sees()
    ana.presses("Done", ana.home)

    words = ana.home.words
    said = f"the action “{FINISHED}” is done (was outstanding), by <@U0ANA>."
    assert said in words.partition("\n")[0]
    assert words.count(FINISHED) == 1, "the action itself is gone"
    assert "1 action and 3 follow-ups" in words
    (entry,) = bot.services.audit.search()
    assert (entry.operation, entry.actor) == ("action done", "U0ANA")
    assert len(writes(world)) == 1
    assert len(published(world)) == 2
    others = [m for m in ana.sees() if m not in before]
    assert [m.channel for m in others] == ["C0INC32"], "its own channel is told"

    bot.homes.tick()
    assert len(published(world)) == 2, "it is up to date"
    tick(minutes=2)
    assert said not in ana.home.words


def test_a_form_that_was_opened_there_says_there_what_came_of_it(ana, world):
    ana.opens_home()
    ana.presses("Assign", ana.home)
    ana.submits(assignee="ben")
    assert "is now owned by <@U0BEN>" in ana.home.words.partition("\n")[0]
    assert ana.dm == []


def test_a_refusal_is_said_there(ana, world):
    ana.opens_home()
    world.incidentio.fail("PATCH", "/v2/*", status=500)
    world.incidentio.fail("POST", "/v*/actions/*", status=500)
    world.incidentio.fail("PUT", "/v*/*", status=500)
    ana.presses("Done", ana.home)
    assert "It is not known whether" in ana.home.words.partition("\n")[0]


def test_the_answer_to_a_lookup_is_a_message_and_it_is_said_where(ana):
    ana.opens_home()
    ana.presses("Details", ana.home)
    assert FINISHED in ana.dm[-1].words
    assert ana.home.words.startswith("The answer is under *Messages*.")


def test_what_was_pressed_before_a_crash_is_said_there_after_it(
    ana, world, crash_before_work, restart
):
    ana.opens_home()
    crash_before_work()
    ana.presses("Done", ana.home)
    assert writes(world) == []

    restart()

    assert len(writes(world)) == 1
    assert "is done (was outstanding)" in ana.home.words.partition("\n")[0]
    assert ana.dm == []


def test_where_it_cannot_be_published_the_outcome_is_a_message(ana, world):
    ana.opens_home()
    world.slack.fail("views.publish", error="internal_error")
    ana.presses("Done", ana.home)
    assert "is done (was outstanding)" in ana.dm[-1].text


def test_writes_of_others_are_shown_together_at_the_next_look(ana, ben, world, tick):
    ana.opens_home()
    ben.types("/io severity INC-39 critical", channel="general")
    ben.types("/io severity INC-34 critical", channel="general")
    tick(seconds=5)
    assert ana.home.words.count("🟥 Critical") == 3
    assert len(published(world)) == 2


def test_an_override_shows_who_is_on_call_from_now_on(ana, ben, tick):
    ana.opens_home()
    assert "Payments>*: <@U0HANA> until" in ana.home.words
    ben.types("/io override Payments @kim 2h", channel="general")
    ben.submits()
    tick(seconds=5)
    assert "Payments>*: <@U0KIM> until" in ana.home.words


def test_a_tab_that_nobody_opened_lately_is_left_alone(ana, ben, world, tick):
    ana.opens_home()
    tick(minutes=31)
    ben.types("/io severity INC-39 critical", channel="general")
    tick(seconds=5)
    assert len(published(world)) == 1


@pytest.mark.settings(incidentio_webhook_secret=SECRET)
@pytest.mark.usefixtures("told")
def test_webhooks_are_followed_at_once(ana, world, tick):
    ana.opens_home()
    world.incidentio.make_private(39)
    tick(seconds=5)
    assert "Elevated errors" not in ana.home.words


def test_what_becomes_private_is_hidden_however_long_ago_it_was_opened(
    person, world, bot, tick
):
    gus, eve = person("gus"), person("eve")
    for one in (gus, eve):
        one.opens_home()
        assert "Elevated errors" in one.home.words
    tick(hours=30)
    gus.types("/io incidents", channel="general")  # what is remembered is new
    incident = world.incidentio.store.incident("39")
    account = world.incidentio.store.user(field="slack_user_id", value="U0EVE")
    incident.members = {account["id"]: "responder"}
    world.incidentio.make_private(39)
    world.slack.fail("views.publish", error="internal_error", times=1)
    bot.veil.tick()
    tick(seconds=5)
    tick(seconds=5)
    assert "Elevated errors" not in gus.home.words
    assert "Elevated errors" in eve.home.words


def test_without_webhooks_changes_are_found_within_minutes(ana, world, tick):
    ana.opens_home()
    world.incidentio.store.incident("39").name = "Renamed in incident.io"
    tick(seconds=61)
    assert "Renamed" not in ana.home.words
    for _ in range(3):
        tick(seconds=61)
    assert "Renamed" in ana.home.words


def test_a_crowd_is_served_in_turns(world, bot, person, tick, monkeypatch):
    people = [person(h) for h in ("ana", "ben", "chi", "eve", "fay")]
    for one in people:
        one.opens_home()
    monkeypatch.setattr("handlers.core.pipeline.homes.AT_ONCE", 2)
    people[0].types("/io severity INC-39 critical", channel="general")
    counts = []
    for _ in range(4):
        tick(seconds=5)
        counts.append(len(published(world)))
    assert counts == [7, 9, 10, 10]


def test_slack_is_given_the_time_that_it_asks_for(ana, ben, world, tick):
    ana.opens_home()
    ben.opens_home()
    world.slack.fail("views.publish", retry_after=30, times=1)
    ben.types("/io severity INC-39 critical", channel="general")
    tick(seconds=5)
    tried = len(published(world))
    assert refused(world) == ["ratelimited"]
    tick(seconds=20)
    assert len(published(world)) == tried
    tick(minutes=2)
    assert ana.home.words.count("🟥 Critical") == 2
    assert ben.home.words.count("🟥 Critical") == 2


def test_who_opens_it_while_slack_takes_none_gets_it_before_all_others(
    ana, world, person, tick, monkeypatch
):
    monkeypatch.setattr("handlers.core.pipeline.homes.AT_ONCE", 1)
    others = [person(h) for h in ("ben", "chi", "eve", "fay")]
    for one in others:
        one.opens_home()
    others[0].types("/io severity INC-39 critical", channel="general")
    tick(seconds=5)
    world.slack.fail("views.publish", retry_after=10, times=1)
    ana.opens_home()

    tick(seconds=5)
    assert refused(world) == ["ratelimited"]
    tick(seconds=6)

    assert "Here you run incidents" in ana.home.words


def test_it_is_not_tried_for_ever(ana, world, tick):
    world.slack.fail("views.publish", error="internal_error")
    ana.opens_home()
    for _ in range(10):
        tick(seconds=5)

    assert len(published(world)) == 1 + TRIES


@pytest.mark.parametrize("drop", [True, "after"])
def test_it_is_published_after_a_doubt(ana, world, drop):
    ana.opens_home()
    world.slack.fail("views.publish", drop=drop, times=1)
    ana.presses("Done", ana.home)
    assert "is done" in ana.dm[-1].text

    ana.opens_home()
    assert "1 action and 3 follow-ups" in ana.home.words


def test_what_another_has_published_meanwhile_is_not_overwritten_unseen(
    ana, ben, world, tick
):
    ana.opens_home()
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "Another"}}
    world.slack.views.publish("U0ANA", {"type": "home", "blocks": [block]})
    ben.types("/io severity INC-39 critical", channel="general")
    tick(seconds=5)
    assert refused(world) == ["hash_conflict"]
    assert ana.home.words.count("🟥 Critical") == 2


def test_replicas_publish_a_tab_once(ana, ben, start, bot, world, clock):
    other = start()
    ana.opens_home()
    ben.types("/io severity INC-39 critical", channel="general")
    clock.advance(minutes=2)
    bot.homes.tick()
    other.homes.tick()
    assert len(published(world)) == 2
    clock.advance(minutes=2)
    other.homes.tick()
    assert ana.home.words.count("🟥 Critical") == 2
    assert refused(world) == []


def test_who_holds_it_is_left_to_publish_it(ana, bot, world, clock, sqlite):
    ana.opens_home()
    tabs = HomeTabs(sqlite)
    tab = tabs.get("U0ANA")
    lease = tabs.claim(tab)
    assert not bot.homes.publish("U0ANA")
    clock.advance(minutes=3)
    assert bot.homes.publish("U0ANA"), "the other one is gone"
    late = tabs.record_drawn(
        tab, lease, clock(), fingerprint="x", view_hash="x", named=[]
    )
    assert not late


def test_insiders_see_their_private_incidents_and_others_do_not(ana, person, world):
    eve, gus = person("eve"), person("gus")
    eve.opens_home()
    gus.opens_home()
    assert "Leaked API token" in eve.home.words
    assert "Leaked API token" not in gus.home.words


def test_a_viewer_is_offered_what_they_may_do(person):
    kim = person("kim")
    kim.opens_home()
    assert "*On call now*" in kim.home.words
    assert not {"Declare an incident", "Page somebody"} & {*kim.home.buttons}


def test_somebody_without_an_account_sees_what_there_is(person):
    max_ = person("max")
    max_.opens_home()
    words = max_.home.words
    assert "incident.io has no account that is linked" in words
    assert "*Live incidents" in words
    assert "Your shifts" not in words


def test_who_is_known_by_their_address_only_is_told_so(ana, world):
    account = world.incidentio.store.user(field="slack_user_id", value="U0ANA")
    del account["slack_user_id"]
    ana.opens_home()
    assert "incident.io knows you only by your address" in ana.home.words


def test_a_guest_is_told_why_there_is_nothing(person, bot):
    dee = person("ben")
    dee.user.guest = "one channel"
    dee.opens_home()
    assert "Guests in Slack may not do this." in dee.home.words
    assert dee.home.buttons == []


def test_people_of_other_companies_are_told_so(ben):
    ben.user.team = "T0OTHER"
    ben.opens_home()
    assert "Only people of the bot's own workspace can use it." in ben.home.words
    assert len(ben.home.blocks) == 1


@pytest.mark.settings(command_levels="oncall=administer")
def test_a_part_that_is_not_for_everybody_is_left_out(person, world):
    kim = person("kim")
    kim.opens_home()
    assert "*On call now*" not in kim.home.words
    assert "*Live incidents" in kim.home.words


def test_without_incident_io_the_last_known_is_shown_and_said_to_be_old(
    ana, world, bot, clock, warm
):
    ana.opens_home()
    world.incidentio.fail("*", "*", status=503)
    clock.advance(minutes=5)
    bot.services.catalog.refresh()
    ana.opens_home()
    words = ana.home.words
    assert "Elevated errors" in words
    assert "incident.io gave nothing newer: this is as of" in words


def test_without_incident_io_from_the_start_it_says_so(ana, world):
    world.incidentio.fail("*", "*", status=503)
    ana.opens_home()
    words = ana.home.words
    assert words.startswith("Your Home tab was not shown. Try again in a minute.")
    assert words.count("Try again in a minute") == 1


def test_more_than_fits_is_cut_and_can_be_shown(ana, world):
    world.incidentio.add_follow_ups(150)
    for row in list(world.incidentio.store.follow_ups):
        row.assignee_id = world.incidentio.store.user(
            field="slack_user_id", value="U0ANA"
        )["id"]
    ana.opens_home()
    assert len(ana.home.blocks) <= 100
    assert "Show all" in ana.home.buttons


def test_tabs_that_were_not_opened_for_long_are_forgotten(ana, bot, sqlite, clock):
    ana.opens_home()
    clock.advance(days=181)
    bot.homes.tick()
    assert HomeTabs(sqlite).get("U0ANA") is None

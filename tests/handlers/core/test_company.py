"""Who is ours is decided by the acting person's company, for all they can do."""

import json
from itertools import product

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from sandbox.company import PEOPLE
from slack.company import RETRY_AFTER, Company
from slack.people import People

HERE = "incidents"
ENTERPRISE = "E0ACME"
STRANGER = "Only people of the bot's own workspace"


def types(user):
    user.types("/io incidents", channel=HERE)


def presses(user):
    user.presses("Coming shifts")


def submits(user):
    user.submits(name="Theirs", severity="Low")


def uses_a_shortcut(user):
    user.shortcut("declare")


def mentions(user):
    user.mentions("incidents", channel="C0INC27")


def writes(user):
    user.dms("incidents")


ACTS = (types, presses, submits, uses_a_shortcut, mentions, writes)


@pytest.fixture
def ready(ben, world):
    """There is a message with buttons, and a form is open."""
    ben.types("/io oncall", channel=HERE)
    ben.types("/io declare Mine")


@pytest.fixture
def stranger(ready, ben):
    """Ben works for another company from now on."""
    ben.user.team = "T0OTHER"
    return ben


def secrets(world):
    names = {row["name"] for row in world.incidentio.store.schedules}
    return names | {incident.name for incident in world.incidentio.store.incidents}


@pytest.fixture
def refused(world, subtests):
    """Let somebody act in every way; assert that it does nothing, and names nothing."""

    def refused(user):
        for act in ACTS:
            with subtests.test(act.__name__):
                _refused(user, world, act)

    return refused


def _refused(user, world, act):
    before, declared = user.sees(), len(list(world.incidentio.store.incidents))
    world.incidentio.requests.clear()
    act(user)
    shown = [m.words for m in user.sees()[len(before) :]]
    if act is submits:
        shown.append(user.modal.words)
    assert STRANGER in " ".join(shown)
    assert not [name for name in secrets(world) if name in " ".join(shown)]
    assert world.incidentio.requests == []
    assert len(list(world.incidentio.store.incidents)) == declared


def test_nobody_of_another_company_is_answered(stranger, refused):
    refused(stranger)


@pytest.fixture
def grid(world):
    """Our workspace is one of an enterprise."""
    world.slack.enterprise = ENTERPRISE


def test_an_enterprise_of_ours_makes_no_stranger_one_of_ours(grid, stranger, refused):
    refused(stranger)


def test_nor_does_an_enterprise_of_theirs(grid, stranger, refused):
    stranger.user.enterprise = "E0OTHER"
    refused(stranger)


@pytest.fixture
def sister(grid, world):
    world.slack.person("ben").user.enterprise = ENTERPRISE


def test_people_of_another_workspace_of_our_enterprise_are_ours(
    sister, ready, ben, subtests
):
    ben.user.team = "T0SISTER"

    for act in ACTS:
        with subtests.test(act.__name__):
            before = len(ben.sees())
            act(ben)
            assert len(ben.sees()) > before or ben.modal
            assert STRANGER not in " ".join(m.words for m in ben.sees())


def test_somebody_whose_workspace_slack_does_not_know_is_refused(ready, ben, refused):
    ben.user.team = None
    refused(ben)


@pytest.fixture
def mention(ana, world, bot):
    """Deliver a mention by Ana, of whom Slack was not asked yet, changed a little."""
    sent = ana.mentions("xyzzy", channel="C0INC27")

    def deliver(outer=(), **event):
        payload = json.loads(json.dumps(sent.payload)) | dict(outer)
        payload["event_id"] = f"Ev{len(ana.sees())}"
        asked = payload["event"]["text"].replace("xyzzy", "incidents")
        payload["event"] |= {"text": asked, **event}
        again = sent.again()
        again.payload = payload
        body, headers = world.slack.courier.request(again)
        url = world.slack.courier.request_url
        requests.post(url, data=body, headers=headers, timeout=5)
        bot.wait_idle()
        return ana.last.words

    return deliver


THEIRS = {"team_id": "T0OTHER", "is_ext_shared_channel": True}
GRID = {**THEIRS, "enterprise": {"id": ENTERPRISE}, "enterprise_id": ENTERPRISE}


def test_a_mention_is_judged_by_its_author(mention, subtests):
    teams = product(["T0ACME", None], ["T0OTHER", "E0OTHER", None])
    for outer, (ours, theirs) in product([{}, THEIRS, GRID], teams):
        with subtests.test(outer=outer, ours=ours, theirs=theirs):
            assert STRANGER in mention(outer, team=ours, user_team=theirs)


def test_a_null_workspace_is_refused(mention):
    assert STRANGER in mention(team=None)


def test_in_a_shared_channel_ours_are_ours(mention):
    assert STRANGER not in mention(THEIRS, team="T0OTHER", user_team="T0ACME")


def test_where_the_delivery_does_not_say_whose_they_are_slack_is_asked(mention, world):
    ana = world.slack.person("ana").user
    assert STRANGER not in mention(THEIRS, team="T0OTHER")
    ana.team = "T0OTHER"
    assert STRANGER not in mention(THEIRS), "it was asked a moment ago"


def test_who_cannot_be_looked_up_is_refused(mention, world):
    world.slack.fail("users.info", error="user_not_found")
    assert STRANGER in mention(THEIRS, team="T0ACME")


def test_options_show_nothing_to_strangers(ben):
    ben.types("/io remind", channel=HERE)
    ben.presses("More")
    assert ben.suggests("labels", "SEC")
    ben.user.team = "T0OTHER"
    assert ben.suggests("labels", "SEC") == []


def test_what_cannot_be_checked_is_refused_until_slack_answers(ana, world, bot):
    world.slack.fail("auth.test", error="internal_error", times=1)

    ana.types("/io incidents", channel=HERE)

    assert "Try again in a minute" in ana.last.words
    assert world.incidentio.requests == []


def test_a_message_that_cannot_be_checked_is_delivered_again(ana, world, bot):
    world.slack.fail("auth.test", error="internal_error", times=1)

    assert ana.dms("incidents").status == 503


def test_slack_is_asked_once_and_not_in_a_hurry(world):
    at = [0.0]
    slack = WebClient("xoxb-sandbox", base_url=world.slack_url + "/api/")
    people = People(slack, timezone="UTC", now=world.slack.now)
    company = Company(slack, people, clock=lambda: at[0])
    asked = lambda: [c.method for c in world.slack.calls].count("auth.test")  # noqa: E731
    world.slack.fail("auth.test", error="internal_error", times=1)
    for at[0] in (0.0, 1.0, RETRY_AFTER - 0.1):
        with pytest.raises(SlackClientError):
            company.includes(PEOPLE[0].slack_id, "T0ACME")
    assert asked() == 1
    at[0] = RETRY_AFTER
    for _ in range(3):
        assert company.includes(PEOPLE[0].slack_id, "T0ACME")
    assert asked() == 2

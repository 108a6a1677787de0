"""People without an account, with a new one, and those of private incidents."""

import pytest

from handlers.core.arguments.people import find_account
from handlers.core.context import Context
from handlers.core.directory import VisibleIncidents
from incidentio.errors import IncidentioError
from sandbox.company import PEOPLE

PRIVATE = 36
"""A live private incident of the sandbox."""


@pytest.fixture
def secret(world):
    return world.incidentio.store.incident(str(PRIVATE))


@pytest.fixture
def inside(world, secret):
    """One who takes part in the private incident."""
    members = set(secret.members)
    return next(p for p in PEOPLE if p.active and p.incidentio_id in members)


@pytest.fixture
def directory(bot, inside):
    s = bot.services
    return VisibleIncidents(
        s.api, s.catalog, s.memberships, s.channels, user=inside.slack_id, channel="C"
    )


def numbers(incidents):
    return [int(i.reference.removeprefix("INC-")) for i in incidents]


@pytest.mark.usefixtures("warm")
def test_somebody_without_an_account_costs_one_question_about_them(bot, world):
    ctx = Context(bot.services, user="U0ANA", channel="C", key="k", ref="r")
    world.incidentio.requests.clear()
    assert find_account(ctx, "U0NOBODY") is None
    (asked,) = world.incidentio.requests
    assert asked.query["slack_user_id"] == ["U0NOBODY"]


def test_an_account_made_a_moment_ago_is_found(bot, world):
    ctx = Context(bot.services, user="U0ANA", channel="C", key="k", ref="r")
    row = world.incidentio.store.users.get(PEOPLE[1].incidentio_id)
    row["slack_user_id"] = "U0NEW"
    assert find_account(ctx, "U0NEW").id == PEOPLE[1].incidentio_id


def test_that_nobody_can_say_who_may_see_it_is_explained(person, inside, secret, world):
    secret.roles.clear()
    world.incidentio.fail("GET", "/v2/incident_participants", status=401)
    who = person(inside.handle)
    who.types(f"/io incident {PRIVATE}", channel="general")
    assert "There is no incident" not in who.last.text
    assert "key" in who.last.text


def test_a_list_leaves_out_what_nobody_can_say_of(directory, secret, world):
    secret.roles.clear()
    world.incidentio.fail("GET", "/v2/incident_participants", status=401)
    live = directory.live()
    assert live
    assert PRIVATE not in numbers(live)
    with pytest.raises(IncidentioError):
        directory.incident(PRIVATE)


@pytest.mark.usefixtures("warm")
def test_suggestions_ask_nobody_and_know_what_was_asked(directory, world):
    assert directory.me
    world.incidentio.requests.clear()
    first = directory.suggested()
    assert first
    assert PRIVATE in numbers(directory.live())
    assert PRIVATE in numbers(directory.suggested())
    paths = {r.path for r in world.incidentio.requests}
    assert paths <= {"/v2/incident_participants"}


def test_who_declared_it_and_was_taken_out_does_not_see_it(bot, secret):
    s = bot.services
    outside = next(
        p
        for p in PEOPLE
        if p.active and p.incidentio_id and p.incidentio_id not in secret.members
    )
    there = VisibleIncidents(
        s.api, s.catalog, s.memberships, s.channels, user=outside.slack_id, channel="C"
    )
    secret.creator = {"user": {"id": outside.incidentio_id, "name": "x"}}
    s.catalog.expire("live_incidents")
    assert PRIVATE not in numbers(there.live())

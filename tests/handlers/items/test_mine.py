"""What is mine to do, over all incidents."""

import pytest

from tests.handlers.incidents.incident_state import keep_out
from tests.rendered import unanswered

BEN = "01HUSER00000000000000BEN00"
CHI = "01HUSER00000000000000CHI00"


@pytest.fixture
def store(world):
    return world.incidentio.store


def own(store, user, number):
    """Give somebody the first ``number`` outstanding follow-ups, and nothing else."""
    for item in (*store.follow_ups, *store.actions):
        item.assignee_id = None if item.assignee_id == user else item.assignee_id
    live = [f for f in store.follow_ups if f.status == "outstanding"]
    usual = [f for f in live if store.incidents.get(f.incident_id).mode == "standard"]
    for item in usual[:number]:
        item.assignee_id = user
    return usual[:number]


def test_actions_come_first_then_the_pressing_and_old(ben, bot, store):
    first, second = own(store, BEN, 2)
    ranked = sorted(store.priorities, key=lambda p: p["rank"])
    first.title, first.priority_id = "later", ranked[-1]["id"]
    second.title, second.priority_id = "sooner", ranked[0]["id"]
    action = next(a for a in store.actions if a.status == "outstanding")
    action.assignee_id, action.description = BEN, "now"
    ben.types("/io mine")

    words = ben.last.words
    assert "Your work: 1 action and 2 follow-ups outstanding" in words
    assert words.index("*now*") < words.index("*sooner*") < words.index("*later*")
    assert "On call" in words
    assert unanswered(bot.router, {"blocks": ben.last.blocks}) == []


def test_what_is_done_leaves_the_list(ben, store):
    first, second = own(store, BEN, 2)
    first.title, second.title = "One", "Two"
    ben.types("/io mine")
    listed = ben.last
    row = listed.words[: listed.words.index("*One*")].count("Not doing")
    ben.presses("Done", nth=row)

    assert first.status == "completed"
    assert "1 follow-up outstanding" in listed.words
    assert "*One*" not in listed.words
    assert "“One” is done (was outstanding)" in listed.words


def test_what_was_given_away_leaves_the_list(ben, store):
    (only,) = own(store, BEN, 1)
    ben.types("/io mine")
    ben.presses("Assign")
    ben.submits(assignee="chi")
    assert only.assignee_id == CHI
    assert "Your work: nothing is outstanding" in ben.last.words


def test_changes_made_elsewhere_are_read_and_no_more(ben, store, world, clock):
    own(store, BEN, 3)
    ben.types("/io mine")
    clock.advance(hours=1)
    changed = next(f for f in store.follow_ups if f.assignee_id == BEN)
    changed.status, changed.updated_at = "completed", clock()
    world.incidentio.requests.clear()
    ben.types("/io mine")
    assert "2 follow-ups outstanding" in ben.last.words
    lists = [r for r in world.incidentio.requests if r.path == "/v3/follow_ups"]
    assert len(lists) == 1
    assert "updated_at" in str(lists[0].query)


def test_what_was_deleted_elsewhere_goes_once_it_is_pressed(ben, store):
    (only,) = own(store, BEN, 1)
    ben.types("/io mine")
    store.follow_ups.remove(only.id)
    ben.presses("Done")
    assert "it was deleted" in ben.last.text
    ben.types("/io mine")
    assert "nothing is outstanding" in ben.last.text


def test_many_are_turned(ben, store):
    own(store, BEN, 20)
    ben.types("/io mine")
    ben.presses("Next")
    ben.presses("Next")
    assert ben.last.buttons.count("Done") == 4
    assert "On call" not in ben.last.words
    ben.presses("Done")
    assert ben.last.buttons.count("Done") == 3


def test_ones_own_of_a_private_incident_are_there(person, store, world):
    secret = next(f for f in store.follow_ups if _private(store, f))
    secret.status, secret.assignee_id = "outstanding", CHI
    keep_out(world, CHI, store.incidents.get(secret.incident_id).number)
    chi = person("chi")
    chi.types("/io mine", channel="general")
    pages = chi.last.words
    while "Next" in chi.last.buttons:
        chi.presses("Next")
        pages += chi.last.words
    assert "🔒" in pages
    assert "a private incident" in pages
    assert store.incidents.get(secret.incident_id).name not in pages
    assert chi.last.ephemeral_to == "U0CHI"


def test_an_owner_works_on_what_is_in_a_private_incident_without_its_name(
    person, store, world
):
    secret = next(f for f in store.follow_ups if _private(store, f))
    incident = store.incidents.get(secret.incident_id)
    secret.status, secret.assignee_id = "outstanding", CHI
    keep_out(world, CHI, incident.number)
    chi = person("chi")
    chi.types(f"/io followup show {secret.id}", channel="general")
    assert "a private incident" in chi.last.words
    assert incident.name not in chi.last.words
    chi.presses("Done")
    assert secret.status == "completed"
    assert incident.name not in chi.last.words


def test_who_is_of_a_private_incident_reads_its_name(person, store):
    secret = next(f for f in store.follow_ups if _private(store, f))
    incident = store.incidents.get(secret.incident_id)
    own(store, CHI, 0)
    secret.status, secret.assignee_id = "outstanding", CHI
    incident.roles[next(iter(incident.roles), "lead")] = CHI
    chi = person("chi")
    chi.types("/io mine", channel="general")
    assert incident.name.replace("&", "&amp;") in chi.last.words


def _private(store, item):
    return store.incidents.get(item.incident_id).visibility == "private"


def test_without_an_account_one_is_told_what_to_do(person):
    person("max").types("/io mine")
    assert "incident.io has no account that is linked" in person("max").last.text
    assert "Ask an administrator" in person("max").last.text


def test_when_nothing_could_be_read_it_does_not_say_there_is_nothing(ben, world):
    world.incidentio.fail("GET", "/v3/*", status=500)
    ben.types("/io mine")
    assert "could not be read" in ben.last.text
    assert "(ref `" in ben.last.text
    assert "nothing is outstanding" not in ben.last.text


def test_when_one_kind_cannot_be_read_the_other_is_shown(ben, store, world):
    own(store, BEN, 2)
    world.incidentio.fail("GET", "/v3/actions*", status=500)
    ben.types("/io mine")
    assert "2 follow-ups outstanding" in ben.last.words
    assert "Your actions could not be read" in ben.last.words

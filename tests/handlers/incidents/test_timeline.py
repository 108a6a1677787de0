"""The timeline: what happened, read and written from Slack."""

from datetime import UTC, datetime, timedelta

import pytest

from incidentio.timeline_items import TimelineItem, TimelineItems
from tests.fixtures import START
from tests.handlers.asked import writes
from tests.handlers.incidents.incident_state import keep_out


def added(world):
    return [dict(item) for item in world.incidentio.store.timeline_items]


def test_the_timeline_tells_what_was_shared_the_newest_first(ana):
    ana.types("/io update: We found it", channel="C0INC39")
    ana.types("/io timeline", channel="C0INC39")

    assert "Update shared: Investigating" in ana.last.words
    assert "We found it" in ana.last.words
    assert ana.last.words.index("We found it") < ana.last.words.rindex("Update shared")


def test_words_become_an_entry_at_the_time_that_is_chosen(ana, world):
    ana.types("/io timeline add INC-39 Deploy of api 4.2")
    assert ana.modal.fields["title"].value == "Deploy of api 4.2"
    earlier = START - timedelta(hours=1)

    ana.submits(at=earlier, description="By the pipeline")

    (item,) = added(world)
    assert item["title"] == "Deploy of api 4.2"
    assert item["timestamp"].startswith(f"{earlier:%Y-%m-%dT%H:%M}")
    assert "is on the timeline" in ana.last.text
    ana.types("/io timeline INC-39")
    assert "Deploy of api 4.2" in ana.last.words
    assert "By the pipeline" in ana.last.words


def test_the_same_form_five_times_adds_once(ana, world):
    ana.types("/io timeline add INC-39 Deploy")
    ana.submit_at_once(5)

    assert len(added(world)) == 1


@pytest.mark.parametrize(
    ("filled", "field", "said"),
    [
        ({"at": START + timedelta(days=1)}, "at", "still to come"),
        ({"title": " "}, "title", "Say in a few words"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(ana, world, filled, field, said):
    ana.types("/io timeline add INC-39 Deploy")
    ana.submits(**filled)

    assert said in ana.modal.errors[field]
    assert writes(world) == []


def test_a_message_is_added_with_its_time_and_its_link(ana, ben, world, clock):
    sent = ben.writes("Rolled back api", channel="C0INC39")
    clock.advance(minutes=5)
    ana.shortcut_on(sent, "timeline.from_message")
    ana.submits()

    (item,) = added(world)
    assert item["title"] == "Rolled back api"
    assert "/archives/C0INC39/" in item["description"]
    written = datetime.fromtimestamp(int(float(sent.ts)), UTC)
    assert item["timestamp"].startswith(f"{written:%Y-%m-%dT%H:%M}")


def test_outside_an_incidents_channel_it_is_said_where(ana, ben, world):
    sent = ben.writes("Rolled back", channel="general")
    ana.shortcut_on(sent, "timeline.from_message")

    assert "This is no incident's channel" in ana.last.text


def add(user, words="Deploy", **values):
    user.types(f"/io timeline add INC-39 {words}")
    user.submits(**values)
    user.types("/io timeline INC-39")


def test_whoever_added_an_entry_edits_it(ana, world):
    add(ana, description="By hand")
    ana.presses("Edit")
    assert ana.modal.fields["description"].value == "By hand"
    earlier = START - timedelta(hours=2)

    ana.submits(title="Deploy of api 4.2", at=earlier, description="")

    assert writes(world)[-1].method == "PATCH"
    (item,) = added(world)
    assert item["title"] == "Deploy of api 4.2"
    assert "description" not in item
    assert item["timestamp"].startswith(f"{earlier:%Y-%m-%dT%H:%M}")
    assert "“Deploy of api 4.2” was edited by <@U0ANA>" in ana.last.text
    assert "“Deploy” → “Deploy of api 4.2”" in ana.last.text


def test_only_what_was_changed_is_sent(ana, world):
    add(ana, description="By hand")
    ana.presses("Edit")
    ana.submits(title="Rollback")

    assert writes(world)[-1].json == {"title": "Rollback"}


def test_nobody_edits_what_others_added(ana, ben, world):
    add(ana)
    (item,) = added(world)
    ben.types("/io timeline INC-39")
    assert "Edit" not in ben.last.buttons

    ben.types(f"/io timeline edit INC-39 {item['id']}")
    assert "You can edit only what you added" in ben.last.text
    assert ben.modal is None


def test_nor_what_incidentio_wrote(ana):
    ana.types("/io update: We found it", channel="C0INC39")
    ana.types("/io timeline INC-39")

    assert "Edit" not in ana.last.buttons


def test_where_the_key_acts_for_people_incidentio_knows_who_added_it(ana, ben, world):
    world.incidentio.key.roles.add("act_on_behalf_of_users")
    add(ana)
    assert "Edit" in ana.last.buttons
    ben.types("/io timeline INC-39")
    assert "Edit" not in ben.last.buttons


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_replaced(
    ana, world
):
    add(ana)
    ana.presses("Edit")
    (item,) = added(world)
    world.incidentio.store.timeline_items.replace(item["id"], item | {"title": "Other"})

    ana.submits(title="Mine")
    assert added(world)[0]["title"] == "Other"
    assert "Other" in ana.modal.words

    ana.submits()
    assert added(world)[0]["title"] == "Mine"


def test_an_entry_that_is_still_to_come_is_refused_beside_its_time(ana, world):
    add(ana)
    ana.presses("Edit")
    ana.submits(at=START + timedelta(days=1))

    assert "still to come" in ana.modal.errors["at"]


def test_an_entry_that_is_not_there_is_refused(ana):
    ana.types("/io timeline edit INC-39 01ZZZZZZZZZZZZZZZZZZZZZZZZ")

    assert "has no such entry" in ana.last.text


def test_a_private_timeline_is_for_its_own_people(person, world):
    store = world.incidentio.store
    keep_out(world, store.user(field="slack_user_id", value="U0CHI")["id"])
    outsider = person("chi")
    outsider.types("/io timeline INC-36")

    assert "There is no incident INC-36" in outsider.last.text


CALLS = {
    "timeline_items.list": lambda api: list(TimelineItems(api).list(incident_id="I1")),
    "timeline_items.create": lambda api: TimelineItems(api).create(
        idempotency_key="key",
        incident_id="I1",
        title="Deploy",
        timestamp=START,
        description="By the pipeline",
    ),
    "timeline_items.update": lambda api: TimelineItems(api).update(
        TimelineItem(id="T1", incident_id="I1", title="Deploy", timestamp=START),
        title="Rollback",
        description="",
        timestamp=START,
    ),
}

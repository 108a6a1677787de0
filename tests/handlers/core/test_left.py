"""People who left are marked wherever they are shown, and warned of on call."""

import pytest

from reminders.items.filters import DigestOptions
from sandbox.company import PEOPLE

IDS = {p.handle: p.incidentio_id for p in PEOPLE}
HANA = "<@U0HANA> (deactivated)"
"""On call for Payments."""


@pytest.fixture
def leaves(world):
    """Deactivate somebody in incident.io."""

    def leave(handle):
        world.incidentio.store.users.get(IDS[handle])["is_active"] = False

    return leave


@pytest.mark.parametrize(
    ("line", "warned"),
    [
        ("oncall", "is on call now. Override the shift."),
        ("oncall Payments", "is on call now. Override the shift."),
        ("schedule show Payments", "is on call now. Override the shift."),
        ("schedule show Payments", "is in this rotation. Take them out of it."),
        ("path show Payments", "is paged by this path. Change its levels"),
    ],
)
def test_who_left_is_warned_of_on_call(ana, leaves, line, warned):
    leaves("hana")
    ana.types(f"/io {line}")
    assert f"⚠️ {HANA} {warned}" in ana.last.words
    assert ana.last.words.count("<@U0HANA>") == ana.last.words.count(HANA)


def test_who_left_slack_only_is_told_apart(ana, world):
    world.slack.workspace.users["U0HANA"].active = False
    for line in ("oncall", "schedule show Payments", "path show Payments"):
        ana.types(f"/io {line}")
        assert "⚠️ <@U0HANA> (deactivated in Slack) is" in ana.last.words


@pytest.mark.parametrize(
    "line", ["schedules", "schedule entries Payments", "paths", "path json Payments"]
)
def test_who_left_is_marked_in_lists_and_forms(ana, leaves, line):
    leaves("hana")
    leaves("ben")
    ana.types(f"/io {line}")
    shown = (ana.modal or ana.last).words
    assert "(deactivated)" in shown


def test_who_left_is_named_on_a_path_and_not_by_an_id(ana, leaves):
    leaves("ben")
    ana.types("/io path show Management")
    assert "• <@U0BEN> (deactivated)" in ana.last.words
    assert IDS["ben"] not in ana.last.words
    ana.types("/io path edit Management")
    assert "somebody in it was deactivated" in ana.modal.words


def test_who_left_is_marked_before_they_are_paged(ana, leaves):
    leaves("hana")
    ana.types("/io page path:Payments The tills are down")
    assert f"This pages {HANA} now" in ana.modal.words
    assert "⚠️ <@U0HANA>: their account in incident.io is deactivated" in ana.modal.words


@pytest.mark.parametrize("line", ["incident INC-39", "incidents"])
def test_a_lead_who_left_is_marked(ana, leaves, world, line):
    lead = next(
        r["id"] for r in world.incidentio.store.roles if r["role_type"] == "lead"
    )
    world.incidentio.store.incident("39").roles[lead] = IDS["hana"]
    leaves("hana")
    ana.types(f"/io {line}")
    assert HANA in ana.last.words


@pytest.mark.parametrize("noun", ["action", "followup"])
def test_an_owner_who_left_is_marked(ana, leaves, world, noun):
    rows = getattr(
        world.incidentio.store, {"action": "actions"}.get(noun, "follow_ups")
    )
    item = next(row for row in rows if row.status == "outstanding")
    item.assignee_id = IDS["hana"]
    leaves("hana")
    ana.types(f"/io {noun} show {item.id}")
    assert HANA in ana.last.words
    ana.types(f"/io {noun} assign {item.id}")
    assert f"Currently owned by {HANA}" in ana.modal.words


def test_an_owner_who_left_is_marked_in_digests(ana, bot, clock, leaves, world):
    for item in world.incidentio.store.follow_ups:
        item.assignee_id = IDS["hana"]
    leaves("hana")
    bot.services.rules.create(
        rule_id="r",
        kind="channel",
        channel="C0GENERAL",
        created_by="U0ANA",
        options=DigestOptions(item_kinds=["follow_ups"]),
        recurrence="0 11 * * * UTC",
    )
    clock.advance(hours=1)
    bot.reminders.tick()
    assert f"{HANA} ·" in ana.sees("general")[-1].words


def test_the_shifts_of_who_left_are_told_with_the_gaps(ana, bot, clock, leaves):
    leaves("hana")
    ana.types("/io handover payments", channel="C0GENERAL")
    ana.submits()
    for minutes in (181, 1):
        clock.advance(minutes=minutes)
        bot.reminders.tick()
    told = "\n".join(message.words for message in ana.sees("general"))
    assert "⚠️ *Somebody who left is on call* for" in told
    assert f"• {HANA}, <!date^" in told


def test_what_who_left_owns_is_told_to_the_lead(ben, bot, clock, leaves, world):
    store = world.incidentio.store
    lead = next(role["id"] for role in store.roles if role["role_type"] == "lead")
    incident = store.incident("27")
    incident.roles[lead] = IDS["ben"]
    item = next(store.follow_ups.after(group=incident.id, newest=False))
    item.assignee_id, item.status = IDS["hana"], "outstanding"
    leaves("hana")
    bot.services.rules.create(
        rule_id="owner-U0BEN",
        kind="owner",
        channel="U0BEN",
        created_by="U0BEN",
        options=DigestOptions(item_kinds=["follow_ups"]),
        recurrence="0 11 * * * UTC",
    )
    clock.advance(hours=1)
    bot.reminders.tick()
    assert "Hana Sato is deactivated" in ben.dm[-1].words

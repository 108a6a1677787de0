"""What is missing in an incident is asked for, of whoever can mend it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from reminders.calendar.working_days import WorkingDays
from reminders.items.targets import TargetSettings
from reminders.live.asking import INACTIVE, NO_LEAD, NO_SUMMARY, Asking, stored
from storage.preferences import StoredPreferences
from tests.reminders.during import lead, move, room, share

OFF = {"off": ""}


@pytest.fixture
def wanted():
    return (NO_LEAD, NO_SUMMARY, INACTIVE)


@pytest.fixture
def scene(scene, wanted):
    scene.asking = Asking.of(OFF, 10, wanted)
    scene.engine = scene.worker("during", only=["nudge"])
    return scene


@pytest.fixture
def incident(scene, slack):
    made = scene.work.incident()
    room(slack, made)
    return made


@pytest.fixture
def here(incident, posts):
    return lambda: posts(incident.slack_channel_id)


@pytest.fixture
def dms(slack, posts):
    return lambda who="U0BEN": posts(slack.workspace.dm(who).id)


def summed_up(api, incident):
    api.incidents.edit(incident.id, notify_incident_channel=False, summary="Slow.")


class TestNoLead:
    @pytest.fixture
    def wanted(self):
        return (NO_LEAD,)

    def test_the_key_of_its_slot_never_changes(self, scene, incident):
        """With another key, an upgraded bot would ask again what it has asked."""
        scene.tick(minutes=11)
        due = int(incident.created_at.timestamp()) + 600
        (slot,) = scene.reminders.history("nudge")
        assert slot.key == f"nudge/no_lead/{incident.id}/{due}/0"

    def test_the_channel_is_asked_after_ten_minutes(self, scene, here):
        scene.tick(minutes=9)
        assert here() == []
        scene.tick(minutes=2)
        (asked,) = here()
        assert "INC-1 Checkout is slow has no lead and no summary, 11 min" in asked

    def test_it_is_asked_twice(self, scene, here):
        for _ in range(40):
            scene.tick(minutes=15)
        assert len(here()) == 2

    def test_a_lead_ends_it(self, scene, here, api, incident):
        lead(api, incident, "ben")
        scene.tick(minutes=11)
        assert here() == []

    def test_in_triage_nobody_is_needed(self, scene, here, incidentio):
        store = incidentio.store
        triage = next(s["id"] for s in store.statuses if s["name"] == "Triage")
        store.incident("1").status_id = triage
        scene.tick(minutes=11)
        assert here() == []

    def test_snoozed_it_is_asked_when_that_is_over(self, scene, here, incident):
        until = scene.now() + timedelta(hours=3)
        scene.snoozes.snooze(stored(NO_LEAD), incident.id, until=until, by="U0ANA")
        scene.tick(hours=2)
        assert here() == []
        scene.tick(hours=1, minutes=1)
        assert len(here()) == 1

    def test_the_buttons_mend_it_or_put_it_off(self, scene, slack, incident, api):
        summed_up(api, incident)
        scene.tick(minutes=11)
        (asked,) = slack.messages(incident.slack_channel_id)
        assign, snooze, off = asked.blocks[1]["elements"]
        assert assign["value"] == "incident lead INC-1"
        lines = [option["value"] for option in snooze["options"]]
        assert lines[0] == "nudge snooze no_lead INC-1 1h"
        assert off["value"] == "nudge off no_lead INC-1"


class TestBoth:
    @pytest.fixture
    def wanted(self):
        return (NO_LEAD, NO_SUMMARY)

    def test_a_missing_lead_and_summary_are_one_question(self, scene, here):
        for _ in range(5):
            scene.tick(minutes=10, seconds=30)
        (asked,) = here()
        assert "has no lead and no summary" in asked

    def test_the_summary_is_asked_for_once_there_is_a_lead(
        self, scene, here, dms, api, incident
    ):
        scene.tick(minutes=11)
        lead(api, incident, "ben")
        scene.tick(minutes=20)
        assert "has no summary" in dms()[0]
        assert len(here()) == 1


class TestNoSummary:
    @pytest.fixture
    def wanted(self):
        return (NO_SUMMARY,)

    def test_the_lead_is_asked(self, scene, here, dms, api, incident):
        lead(api, incident, "ben")
        scene.tick(minutes=29)
        assert dms() == []
        scene.tick(minutes=2)
        assert "has no summary" in dms()[0]
        assert here() == []

    def test_without_a_lead_it_is_the_channel(self, scene, here):
        scene.tick(minutes=31)
        assert "has no summary" in here()[0]

    def test_so_it_is_if_the_lead_wants_no_nudges(
        self, scene, here, dms, api, incident
    ):
        lead(api, incident, "ben")
        chosen = {"nudges": False}
        StoredPreferences(scene.database).put("U0BEN", chosen, scene.now())
        scene.tick(minutes=31)
        assert (dms(), len(here())) == ([], 1)
        assert "<@U0BEN> leads it." in here()[0]

    def test_what_was_written_meanwhile_is_not_asked_for(
        self, scene, here, api, incident, slack
    ):
        slack.fail("chat.postMessage", error="invalid_auth", times=1)
        scene.tick(minutes=31)
        summed_up(api, incident)
        scene.tick(minutes=10)
        assert here() == []
        assert scene.reminders.history("nudge")[0].reason == "it is no longer missing"


class TestInactive:
    """The incident was declared on a Monday at 09:00."""

    @pytest.fixture
    def wanted(self):
        return (INACTIVE,)

    def test_the_lead_is_asked_after_two_working_days_then_the_channel(
        self, scene, here, dms, api, incident
    ):
        lead(api, incident, "ben")
        scene.tick(days=1, hours=23)
        assert dms() == []
        scene.tick(hours=2)
        assert "has not changed for 2 days. Is it still going on?" in dms()[0]
        assert here() == []
        scene.tick(days=1)
        assert "<@U0BEN> leads it." in here()[0]
        scene.tick(hours=5)
        assert (len(dms()), len(here())) == (1, 1)

    def test_weekends_do_not_count(self, scene, here, incident, api):
        scene.tick(days=4)
        share(api, incident, "Better")
        before = len(here())
        scene.tick(days=3, hours=23)
        assert len(here()) == before
        scene.tick(hours=2)
        assert len(here()) == before + 1

    def test_holidays_of_the_organisation_do_not_count(
        self, scene, here, incident, api
    ):
        portugal = TargetSettings(working=WorkingDays("PT"))
        settings = {"target_settings": portugal}
        scene.engine = scene.worker("there", settings, only=["nudge"])
        scene.tick(days=31)
        share(api, incident, "The day before Good Friday")
        before = len(here())
        scene.tick(days=4, hours=1)
        assert len(here()) == before
        scene.tick(days=1)
        assert len(here()) == before + 1

    @pytest.mark.prove
    def test_it_is_asked_ever_more_seldom_and_then_no_more(self, scene, here):
        for _ in range(60):
            scene.tick(days=1)
        assert len(here()) == 5

    def test_any_change_begins_anew(self, scene, here, api, incident):
        scene.tick(days=1)
        summed_up(api, incident)
        scene.tick(days=1, hours=1)
        assert here() == []

    def test_a_paused_incident_may_rest(self, scene, here, api, incident):
        move(api, incident, "Paused")
        scene.tick(days=3)
        assert [p for p in here() if "Is it still" in p] == []


def test_nothing_is_asked_where_all_is_well(scene, here, dms, api, incident):
    lead(api, incident, "ben")
    summed_up(api, incident)
    scene.tick(hours=3)
    assert (here(), dms()) == ([], [])


@pytest.mark.parametrize("wanted", [("off",)])
def test_the_organisation_can_do_without(scene, here, incident, wanted):
    scene.tick(hours=3)
    assert here() == []


def test_requests_do_not_grow_with_what_is_live(scene, incidentio, incident):
    def read_while_nothing_is_due():
        scene.tick(hours=2)
        scene.tick(minutes=1)
        incidentio.requests.clear()
        for _ in range(5):
            scene.tick(minutes=1)
        return Counter(request.path for request in incidentio.requests)

    one = read_while_nothing_is_due()
    for number in range(10):
        scene.work.incident(f"Number {number}")
    assert one["/v2/incidents"] >= 5
    assert read_while_nothing_is_due() == one


def test_a_private_incident_is_named_in_its_own_channel_only(scene, slack, posts, api):
    secret = scene.work.incident("Layoffs", private=True)
    channel = room(slack, secret, private=True)
    for _ in range(40):
        scene.tick(hours=2)
    assert posts(channel)
    said = [call for call in slack.calls if "Layoffs" in str(call.args)]
    assert {call.args["channel"] for call in said} == {channel}


def test_while_updates_cannot_be_read_nobody_is_asked(
    scene, here, incident, incidentio
):
    incidentio.fail("GET", "/v2/incident_updates", status=500, times=50)
    scene.tick(minutes=11)
    assert here() == []


def test_a_nudge_is_drawn_again_as_it_is(scene, api, incident):
    scene.tick(minutes=11)
    (slot,) = scene.reminders.history("nudge")

    def shown():
        return scene.engine.show(slot.id, incident.slack_channel_id).text

    assert "has no lead" in shown()
    now = scene.now()
    later = now + timedelta(hours=1)
    scene.snoozes.snooze(stored(NO_LEAD), incident.id, until=later, by="U0ANA")
    scene.engine.snapshots.touch()
    assert shown() == "INC-1 Checkout is slow: snoozed."
    lead(api, incident, "ben")
    assert shown() == "INC-1 Checkout is slow: it is no longer missing."

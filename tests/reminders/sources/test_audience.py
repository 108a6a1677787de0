"""What of a snapshot there is for somebody: pure, and without a request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blocks.kit.incidents import VEIL
from incidentio import Incident
from reminders.live.incidents import LIVE, of
from reminders.on_call.watch import WATCH, Watch
from reminders.sources.audience import InChannel, OnePerson, audience
from reminders.sources.snapshot import HISTORY, Snapshot
from tests.reminders.digests.test_select import BEN, CASES, NOW, case, item

OPEN, SECRET = case(1), replace(case(4, private=True), people=frozenset({"U0ANA"}))
ITEMS = [item("open", 1), item("secret", 4), item("own", 4, owner=BEN), item("?", 99)]
STRANGER, LEAD, OWNER = OnePerson("U0EVE"), OnePerson("U0ANA"), OnePerson("U0BEN")


def incident(private, number):
    return Incident.model_validate(
        {
            "id": f"inc-{number}",
            "reference": f"INC-{number}",
            "name": "x",
            "visibility": "private" if private else "public",
            "incident_status": {"id": "s", "name": "Fixing", "category": "live"},
            "slack_channel_id": f"C0INC{number}",
        }
    )


@pytest.fixture
def snapshot():
    owned = [replace(one, owner=None) if one.id == "secret" else one for one in ITEMS]
    incidents = (incident(False, 1), incident(True, 4))
    read = {
        HISTORY.name: {"follow_ups": owned},
        LIVE.name: {i.id: of(i, ()) for i in incidents},
        WATCH.name: Watch(incidents, ()),
    }
    cases = {one.id: one for one in (OPEN, SECRET)}
    return Snapshot(NOW, {"follow_ups": owned}, cases, {}, read)


def ids(items):
    return {one.id for one in items}


@pytest.mark.parametrize(
    ("audience", "items", "incidents"),
    [
        (InChannel("C1"), {"open"}, {"inc-1"}),
        (InChannel(None), {"open"}, {"inc-1"}),
        (InChannel("C0INC4"), {"open", "secret", "own"}, {"inc-1", "inc-4"}),
        (STRANGER, {"open"}, {"inc-1"}),
        (LEAD, {"open", "secret", "own"}, {"inc-1", "inc-4"}),
    ],
)
def test_everything_in_it_is_for_the_audience(snapshot, audience, items, incidents):
    seen = snapshot.seen_by(STRANGER).seen_by(audience)
    owned = items & {"open", "own", "?"}
    assert ids(seen.items["follow_ups"]) == ids(seen.by_key.values()) == items
    assert ids(seen.get(HISTORY)["follow_ups"]) == items
    assert ids(seen.by_owner.get("user-ben", ())) == owned - {"secret"}
    assert ids(seen.by_incident.get("inc-4", ())) == items & {"secret", "own"}
    assert {*seen.cases} == incidents
    if audience is not LEAD:
        assert {*seen.get(LIVE)} == ids(seen.get(WATCH).incidents) == incidents


def test_an_owner_keeps_what_is_theirs_without_what_the_incident_is_called(snapshot):
    seen = snapshot.seen_by(OWNER)
    assert ids(seen.items["follow_ups"]) == {"open", "own", "?"}
    assert seen.cases["inc-4"].name == VEIL
    assert seen.withholds(("follow_ups", "secret"))
    assert not seen.withholds(("follow_ups", "own"))


def test_what_a_list_does_not_show_yet_is_corrected_for_its_audience():
    done, open_ = item("done"), item("open")
    late = replace(item("late", 2), owner=None)
    secret = item("secret", 4)
    kinds = {"follow_ups": [done, open_, secret], "actions": []}
    seen = Snapshot(NOW, kinds, CASES).seen_by(audience("C1"))
    true = seen.corrected([replace(done, status="completed"), open_, late, secret])
    assert [i.id for i in true.items["follow_ups"]] == ["late", "open"]
    assert [i.id for i in true.by_owner[""]] == ["late"]
    assert seen.corrected([open_]).items["follow_ups"] == [done, open_]

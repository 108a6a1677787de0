"""Many may read at once: they share readings, and wait for no more than they must."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

import pytest

from incidentio.cache.stale_reads import tracking_stale_reads
from reminders.sources.audience import NOBODY
from reminders.sources.snapshot import ACTIONS, FOLLOW_UPS, KINDS
from reminders.sources.snapshots import MOMENTS_AGO, Snapshots
from tests.incidentio.upstream import eventually


@pytest.fixture
def database(sqlite):
    """What is shown here does not depend on the kind of database."""
    return sqlite


@pytest.fixture
def snapshots(api, now):
    return Snapshots(api, now)


@pytest.fixture
def readings(incidentio):
    return lambda: sum(r.path == "/v3/follow_ups" for r in incidentio.requests)


def titles(snapshot):
    return [item.title for items in snapshot.items.values() for item in items]


def test_those_who_come_while_it_is_read_share_the_next_reading(
    scene, snapshots, incidentio_door, readings
):
    scene.work.follow_up(scene.work.incident(), "Raise the pool size")
    snapshots.read(KINDS, NOBODY)
    before = readings()
    incidentio_door.stop("/v3/follow_ups")
    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(snapshots.read, KINDS, NOBODY)
        incidentio_door.reached.wait(30)
        others = [pool.submit(snapshots.read, KINDS, NOBODY) for _ in range(20)]
        eventually(lambda: all(each.running() for each in others))
        incidentio_door.go_on.set()
        found = [titles(each.result()) for each in (first, *others)]
    assert found == [["Raise the pool size"]] * 21
    assert readings() - before <= 3


def test_what_was_read_moments_ago_will_do_for_a_person(scene, snapshots, readings):
    snapshots.read(KINDS, NOBODY)
    for _ in range(5):
        snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO)
    assert readings() == 1
    scene.now.advance(seconds=21)
    snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO)
    assert readings() == 2


def test_a_person_waits_a_moment_for_the_reading_of_others(
    scene, snapshots, outstanding, incidentio_door, monkeypatch
):
    monkeypatch.setattr("reminders.sources.snapshots.PATIENCE", 0.01)
    known = snapshots.read(KINDS, NOBODY)
    scene.now.advance(minutes=1)
    incidentio_door.stop("/v3/follow_ups")
    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(snapshots.read, KINDS, NOBODY)
        incidentio_door.reached.wait(30)
        with tracking_stale_reads() as stale:
            assert snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO) is known
        assert stale.oldest == known.at
        reminder = pool.submit(snapshots.read, KINDS, NOBODY)
        eventually(reminder.running)
        incidentio_door.go_on.set()
        assert reading.result().at == reminder.result().at > known.at


def test_one_s_own_change_is_seen_at_once(scene, api, snapshots, outstanding):
    assert titles(snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO)) == [
        "Raise the pool size"
    ]
    api.follow_ups.update(outstanding, status="completed")
    assert titles(snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO)) == []


def test_forgetting_what_is_gone_does_not_wait_for_a_reading(
    snapshots, outstanding, incidentio, incidentio_door
):
    snapshots.read(KINDS, NOBODY)
    incidentio.store.follow_ups.remove(outstanding.id)
    incidentio_door.stop("/v3/follow_ups")
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(snapshots.read, KINDS, NOBODY)
        incidentio_door.reached.wait(30)
        snapshots.forget(FOLLOW_UPS, outstanding.id)
        assert not reading.done()
        incidentio_door.go_on.set()
        assert titles(reading.result()) == []
    assert titles(snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO)) == []


def test_what_is_read_whole_beforehand_holds_up_nobody(
    scene, snapshots, outstanding, incidentio, incidentio_door
):
    snapshots.refresh()
    scene.now.advance(days=1)
    incidentio.requests.clear()
    incidentio_door.stop("/v3/actions")
    with ThreadPoolExecutor(1) as pool:
        keeping = pool.submit(snapshots.refresh)
        incidentio_door.reached.wait(30)
        assert titles(snapshots.read([FOLLOW_UPS], NOBODY)) == ["Raise the pool size"]
        incidentio_door.go_on.set()
        keeping.result()
    incidentio.requests.clear()
    snapshots.refresh()
    assert incidentio.requests == []
    snapshots.read([ACTIONS], NOBODY)
    assert "updated_at[gte]" in incidentio.requests[0].query


def test_what_could_not_be_read_is_no_answer_for_the_next(
    snapshots, outstanding, incidentio
):
    incidentio.fail("GET", "/v3/*", status=401, times=2)
    assert snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO).failures
    assert titles(snapshots.read(KINDS, NOBODY, within=MOMENTS_AGO)) == [
        "Raise the pool size"
    ]


def test_incidents_of_every_mode_are_brought_up_to_date(
    scene, snapshots, outstanding, incidentio
):
    row = incidentio.store.incident(outstanding.incident_id)
    snapshots.read(KINDS, NOBODY)
    row.mode = "test"
    scene.now.advance(minutes=1)
    row.name, row.updated_at = "Renamed", scene.now()
    assert snapshots.read(KINDS, NOBODY).cases[row.id].name == "Renamed"


def test_what_did_not_change_is_not_sorted_again(scene, snapshots, outstanding):
    first = snapshots.read(KINDS, NOBODY).items[FOLLOW_UPS]
    scene.now.advance(minutes=1)
    assert snapshots.read(KINDS, NOBODY).items[FOLLOW_UPS] is first
    scene.work.follow_up(scene.work.incident(), "Write the runbook")
    assert len(snapshots.read(KINDS, NOBODY).items[FOLLOW_UPS]) == len(first) + 1


def test_what_was_read_for_others_long_ago_is_not_kept(snapshots, now):
    old = ref(snapshots.read([FOLLOW_UPS], NOBODY))
    now.advance(minutes=1)
    snapshots.read([ACTIONS], NOBODY)
    gc.collect()
    assert old() is None

"""Behind the scenes: the clock, traffic, trouble, and a new start, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from sandbox.backstage.clock import FARTHEST, MovableClock, moment
from sandbox.backstage.stage import Process, Stage
from sandbox.backstage.trouble import EVENTS, TROUBLES
from sandbox.world import World

NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)
KEY = {"Authorization": "Bearer sandbox"}


@pytest.mark.parametrize(
    ("words", "zone", "expected"),
    [
        ("+90m", "UTC", datetime(2026, 3, 9, 11, 30, tzinfo=UTC)),
        ("+1h", "UTC", datetime(2026, 3, 9, 11, tzinfo=UTC)),
        ("+2d", "UTC", datetime(2026, 3, 11, 10, tzinfo=UTC)),
        ("tomorrow 09:30", "UTC", datetime(2026, 3, 10, 9, 30, tzinfo=UTC)),
        ("tomorrow 09:30", "Asia/Tokyo", datetime(2026, 3, 10, 0, 30, tzinfo=UTC)),
        ("monday 09:30", "UTC", datetime(2026, 3, 16, 9, 30, tzinfo=UTC)),
        ("tuesday", "UTC", datetime(2026, 3, 10, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_a_persons_zone(words, zone, expected):
    assert moment(words, NOW, zone) == expected


@pytest.mark.parametrize("words", ["", "soon", "+1y", "+h", "tomorrow 25:00"])
def test_what_is_no_moment_is_refused(words):
    with pytest.raises(ValueError, match=r"."):
        moment(words, NOW, "UTC")


@pytest.fixture(scope="module")
def place():
    clock = MovableClock()
    stage = Stage(clock)
    world = World(now=clock.now, stage=stage)
    yield world, stage
    world.close()


@pytest.fixture
def world(place):
    world, stage = place
    stage.reset()
    return world


@pytest.fixture
def stage(place, world):
    return place[1]


@pytest.fixture
def behind(world):
    def ask(control="backstage", /, **said):
        url = f"{world.slack_url}/sandbox/{control}"
        answer = (
            requests.post(url, json=said, timeout=30)
            if said
            else requests.get(url, timeout=30)
        )
        assert answer.status_code in (200, 409), answer.text
        return answer.json()

    return ask


def test_the_clock_goes_forward_for_both_services(behind, world):
    began = world.slack.now()
    assert behind("clock", to="+1d", **{"as": "ana"}) == {"ok": True, "error": None}

    assert world.slack.now() - began >= timedelta(days=1)
    assert world.incidentio.store.now() - began >= timedelta(days=1)
    shown = behind()["clock"]
    assert shown["movable"]
    assert datetime.fromisoformat(shown["now"]) - began >= timedelta(days=1)


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("+-1h", "only goes forward"),
        (f"+{FARTHEST.days + 1}d", "At most 60 days"),
        ("yesterday", "is no moment"),
    ],
)
def test_it_does_not_go_back_nor_too_far(behind, to, why):
    refused = behind("clock", to=to, **{"as": "ana"})
    assert not refused["ok"]
    assert why in refused["error"]


def test_what_is_sent_is_kept_with_its_bodies(behind, world):
    requests.get(f"{world.incidentio_url}/v1/severities?x=1", headers=KEY, timeout=30)
    said = {"channel": "C0INCIDENTS", "text": "Hello"}
    token = {"Authorization": f"Bearer {world.slack.bot_token}"}
    url = f"{world.slack_url}/api/"
    requests.post(f"{url}chat.postMessage", json=said, headers=token, timeout=30)
    requests.post(f"{url}chat.shout", json={}, headers=token, timeout=30)
    world.slack.person("ana").types("/io help")

    shown = behind()
    ways = [(one["way"], one["path"], one["status"]) for one in shown["traffic"]]
    assert ways == [
        ("to incident.io", "/v1/severities?x=1", 200),
        ("to Slack", "/api/chat.postMessage", 200),
        ("to Slack", "/api/chat.shout", 200),
        ("to the app", "/io", None),
    ]
    assert shown["traffic"][2]["error"] == "unknown_method"
    assert shown["unknown_methods"] == ["chat.shout"]
    whole = behind(f"traffic/{shown['traffic'][1]['number']}")
    assert "Hello" in whole["request"]
    assert '"ok":true' in whole["answer"].replace(" ", "")


@pytest.mark.parametrize(
    ("name", "status"), [("incidentio-down", 503), ("incidentio-throttles", 429)]
)
def test_trouble_lasts_until_it_is_switched_off(behind, world, name, status):
    def ask():
        url = f"{world.incidentio_url}/v1/severities"
        return requests.get(url, headers=KEY, timeout=30).status_code

    behind("trouble", name=name, on=True)
    assert [ask(), ask()] == [status, status]
    assert [t["name"] for t in behind()["troubles"] if t["on"]] == [name]
    behind("trouble", name=name, on=False)
    assert ask() == 200


def test_every_trouble_begins_and_ends(behind, world):
    for name in TROUBLES:
        assert behind("trouble", name=name, on=True)["ok"]
    assert world.slack.courier.copies == 2
    assert world.slack.workspace.unsupported_blocks
    for name in TROUBLES:
        assert behind("trouble", name=name, on=False)["ok"]
    assert world.slack.courier.copies == 1
    assert not world.slack.workspace.unsupported_blocks


@pytest.mark.parametrize("name", EVENTS)
def test_something_happens_once(behind, name):
    assert behind("event", name=name)["ok"]


def test_a_severity_changes_behind_the_apps_back(behind):
    before = behind()["organisation"]["incidents"]
    behind("event", name="severity")
    after = behind()["organisation"]["incidents"]

    (changed,) = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert changed[0]["severity"] != changed[1]["severity"] == "Critical"


@pytest.mark.parametrize("name", ["trouble", "event", "process"])
def test_what_is_not_there_is_refused(behind, name):
    refused = behind(name, name="weather", on=True, running=True)
    assert not refused["ok"]
    assert "weather" in refused["error"]


def test_a_process_is_stopped_and_started_once_each(behind, stage):
    done = []
    stage.processes["worker"] = Process(
        "Worker", lambda: done.append("start"), lambda: done.append("stop")
    )
    for running in (True, True, False, False, True):
        behind("process", name="worker", running=running)
    assert done == ["start", "stop", "start"]
    assert behind()["processes"] == [
        {"name": "worker", "label": "Worker", "running": True}
    ]
    stage.processes.clear()


def test_a_new_start_is_the_first_day(behind, world, stage):
    first = behind()["organisation"]
    behind("event", name="severity")
    behind("clock", to="+1d", **{"as": "ana"})
    behind("trouble", name="incidentio-down", on=True)
    world.slack.person("ana").says("Hello", "incidents")

    assert behind("reset", now=True)["ok"]

    assert behind()["organisation"] == first
    assert behind()["clock"]["ahead_seconds"] == 0
    assert not [t for t in behind()["troubles"] if t["on"]]
    assert world.slack.messages("incidents") == []


def test_other_sites_may_not(world):
    url, theirs = f"{world.slack_url}/sandbox", {"Origin": "https://evil.example"}
    assert (
        requests.get(f"{url}/backstage", headers=theirs, timeout=30).status_code == 403
    )
    answer = requests.post(f"{url}/reset", json={}, headers=theirs, timeout=30)
    assert answer.status_code == 403


def test_where_the_clock_is_not_ours_it_stays(place):
    stage = Stage()
    world = World(stage=stage)
    try:
        url = f"{world.slack_url}/sandbox"
        shown = requests.get(f"{url}/backstage", timeout=30).json()
        assert not shown["clock"]["movable"]
        said = {"to": "+1h", "as": "ana"}
        refused = requests.post(f"{url}/clock", json=said, timeout=30)
        assert refused.status_code == 409
    finally:
        world.close()

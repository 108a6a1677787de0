"""``python app.py sandbox``, as who tries the bot sees it in a terminal."""

import json
import logging
import os
import random
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests

import app
from runtime.local import local
from runtime.settings import Settings
from sandbox.backstage.clock import moment
from sandbox.slack.page.controls import ACTS
from storage.database import Database

ROOT = Path(__file__).parent.parent


def two_free_ports():
    """Return a port that is free, as is the next one, and that no connection gets.

    The system gives those above, also between this look and the start of a sandbox.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), ExitStack() as stack:
            for one in (port, port + 1):
                stack.enter_context(socket.create_server(("127.0.0.1", one)))
            return port


@pytest.fixture
def sandbox(tmp_path):
    """Start the sandbox away from any ``.env``; return its process and its address."""
    port = two_free_ports()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "sandbox"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "SANDBOX_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process, f"http://127.0.0.1:{port}"
    process.kill()
    process.communicate()


def test_it_opens_quietly_says_a_line_a_delivery_and_leaves_at_once(sandbox):
    process, url = sandbox
    assert process.stdout.readline() == f"Open {url}/ and type /io\n"
    asked = {"as": "ana", "channel": "incidents", "text": "/io oncall"}
    requests.post(f"{url}/sandbox/type", json=asked, timeout=60)
    line = process.stdout.readline()
    assert re.fullmatch(r"ana +/io oncall +\d+ ms  200\n", line), line

    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=60)

    assert (process.returncode, said, complained) == (0, "", "")


def test_a_port_that_is_taken_is_said_with_what_changes_it(monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("SANDBOX_PORT", str(port))
        assert app.main(["sandbox"]) == 2

    said = capsys.readouterr().err
    assert f"Port {port} of 127.0.0.1 is in use. Set SANDBOX_PORT to another" in said


@pytest.fixture
def as_loud_as_before():
    """The sandbox keeps its process quiet: other tests want to hear of theirs."""
    before = logging.root.level
    yield
    logging.root.setLevel(before)


@pytest.mark.usefixtures("as_loud_as_before")
def test_people_that_cannot_be_read_stop_the_start(monkeypatch, tmp_path, capsys):
    file = tmp_path / "people.toml"
    file.write_text('[ana]\nrole = "boss"\n[anna]')
    monkeypatch.setenv("SANDBOX_PORT", str(two_free_ports()))
    monkeypatch.setenv("SANDBOX_PEOPLE", str(file))

    assert app.main(["sandbox"]) == 2

    said = capsys.readouterr().err
    assert f"  - SANDBOX_PEOPLE: {file}: ana: role must be one of owner" in said
    assert f"  - SANDBOX_PEOPLE: {file}: there is no part “anna”." in said


@pytest.fixture
def said():
    return []


@pytest.fixture
def world(monkeypatch, said):
    migrate = Database.migrate
    monkeypatch.setattr(
        Database, "migrate", lambda self: said.append("migrated") or migrate(self)
    )
    with local(Settings(_env_file=None), say=said.append) as (world, _):
        yield world


def until(world, seen):
    """Return what ``seen`` returns, once that is true."""
    version, found = world.slack.workspace.version, seen()
    while not found:
        before, version = version, world.slack.workspace.wait(version, timeout=30)
        found = seen()
        assert found or version != before, "nothing changes any more"
    return found


def test_its_database_is_migrated_once_and_deliveries_are_told(world, said):
    ana = world.slack.person("ana")
    ana.types("/io remind " + "me " * 40, channel="incidents")
    ana.types("/io declare Slow", channel="incidents")
    until(world, lambda: ana.modal)
    ana.chooses("severity", "Major")
    ana.presses("More")
    until(world, lambda: "Summary" in str(ana.modal.view.as_json()))
    ana.submits()
    ana.types("/io remind", channel="incidents")
    until(world, lambda: ana.modal and "More" in str(ana.modal.view.as_json()))
    ana.presses("More")
    until(world, lambda: "labels" in str(ana.modal.view.as_json()))
    ana.suggests("labels", "sec")
    ana.closes()
    ana.says("Look", channel="dm")
    ana.opens_home()
    world.slack.deliver_to("http://127.0.0.1:1")
    ana.types("/io help", channel="incidents")

    told = [re.sub(r" +\d+ ms  ", " | ", line) for line in said]
    assert told == [
        "migrated",
        "ana     /io remind" + " me" * 16 + " … | 200",
        "ana     /io declare Slow | 200",
        "ana     presses “More” | 200",
        "ana     submits “Declare an incident” | 200, clear",
        "ana     /io remind | 200",
        "ana     presses “More” | 200",
        "ana     types “sec” in labels | 200",
        "ana     message Look | 200",
        "ana     app home opened | 200",
        "ana     /io help | dispatch_failed",
    ]


@pytest.fixture
def several():
    """Two bots and two workers."""
    with local(Settings(_env_file=None, sandbox_replicas=2)) as both:
        yield both


def test_several_bots_answer_in_turn_and_it_is_known_which(several):
    world, stage = several
    ana = world.slack.person("ana")
    takers = [ana.types("/io oncall").taker for _ in range(3)]
    assert takers == ["bot 1", "bot 2", "bot 1"]
    until(world, lambda: len(ana.sees("incidents")) == 3)

    stage.processes["bot 1"].run(running=False)
    assert [ana.types("/io oncall").taker for _ in range(2)] == ["bot 2"] * 2
    stage.processes["bot 1"].run(running=True)
    assert {ana.types("/io oncall").taker for _ in range(2)} == {"bot 1", "bot 2"}

    shown = [one.brief() for one in stage.traffic]
    taken = [one["by"] for one in shown if one["way"] == "to the app"]
    assert taken[:5] == ["bot 1", "bot 2", "bot 1", "bot 2", "bot 2"]
    asked = {one["by"] for one in shown if one["way"] == "to incident.io"}
    assert asked == {"bot 1", "bot 2", "worker 1", "worker 2"}


@pytest.mark.prove
def test_of_two_workers_one_sends_a_reminder_and_it_is_known_which(several):
    world, stage = several
    ana = world.slack.person("ana")
    ana.types("/io summary mon 9:30")
    until(world, lambda: "9:30" in str(ana.sees()))
    stage.move_to(moment("monday 09:30", stage.now(), ana.user.timezone))
    until(world, lambda: "Weekly summary" in str(ana.sees()))

    posted = [x for x in stage.traffic if x.asked.path == "/api/chat.postMessage"]
    senders = [one.by for one in posted if "Weekly" in one.asked.body]
    assert len(senders) == 1
    assert senders[0] in ("worker 1", "worker 2")


CONTROL = re.compile(
    r"^\| `(GET|POST|PUT|DELETE) (/sandbox/\S+)` \|(?: `(.+?)`)? \|", re.MULTILINE
)
"""A row of the docs: method, path, and an example."""


def documented():
    page = (ROOT / "docs" / "sandbox.md").read_text()
    before, _, theirs = page.partition("| Control of incident.io |")
    return CONTROL.findall(before), CONTROL.findall(theirs)


def test_every_control_is_documented(world):
    apps = (world.slack.wsgi, world.incidentio.wsgi)
    for wsgi, rows in zip(apps, documented(), strict=True):
        rules = [r for r in wsgi.url_map.iter_rules() if "/sandbox/" in r.rule]
        there = [(m, r.rule) for r in rules for m in r.methods - {"HEAD", "OPTIONS"}]
        if ("POST", "/sandbox/<name>") in there:
            there.remove(("POST", "/sandbox/<name>"))
            there += [("POST", f"/sandbox/{name}") for name in ACTS]
        shown = [(m, path.replace("<number>", "<int:number>")) for m, path, _ in rows]
        assert sorted(shown) == sorted(there)


def test_the_examples_of_the_docs_can_be_tried_one_after_the_other(world):
    ours, theirs = documented()
    for base, rows in ((world.slack_url, ours), (world.incidentio_url, theirs)):
        for method, path, example in rows:
            if path == "/sandbox/dismiss":  # the row before it closed the modal
                world.slack.person("ana").shortcut("declare")
            until(world, lambda: tried(base + path, method, example))  # noqa: B023


def tried(url, method, example):
    """Return whether a control took its example; what it is about may come yet."""
    sent = {}
    if example.startswith("{"):
        sent = {"json": json.loads(example)}
    elif example.startswith("?"):
        url += example
    answer = requests.request(
        method, url.replace("<number>", example), timeout=60, **sent
    )
    assert answer.status_code in (200, 204, 404), (url, answer.text)
    return answer.status_code != 404 and answer.text != '{"ok":false}'

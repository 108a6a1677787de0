"""``doctor --live``, between the stand-ins: what it tries, says, writes and leaves."""

from __future__ import annotations

import io

import pytest

from admin import doctor
from admin.live.terminal import Terminal
from tests.conftest import ENOUGH


@pytest.fixture
def live(configured, world, tmp_path, clock):
    """Run it for ana, who presses the button; return the exit code and what it said."""
    file = tmp_path / "record.json"

    def run(*options, answers=(), press=True, person="ana@acme.example", **changes):
        said = io.StringIO()
        ana = world.slack.person("ana")

        def wait(event, seconds):
            if press:
                ana.presses("Open a form")
                return event.wait(ENOUGH)
            return False

        given = iter(answers)
        terminal = Terminal(said, (lambda: next(given)) if answers else None)
        who = ["--as", person] if person else []
        code = doctor.run(
            configured(**changes),
            ["--live", *who, "--file", str(file), *options],
            terminal=terminal,
            wait=wait,
            now=clock,
            sleep=lambda seconds: clock.advance(seconds=seconds),
        )
        return code, said.getvalue()

    run.file = file
    return run


def test_every_promise_is_tried_and_kept(live, world):
    code, said = live("--yes")
    print(said)
    print(live.file.read_text()[:6000])
    assert code == 0


def test_compared(live, world, clock):
    from sandbox.compare.record import read
    from sandbox.compare.replay import compare

    now = clock()
    live("--yes")
    c = compare(read(live.file), now)
    for d in c.differences:
        print(d)
    print(c.compared)
    assert 0

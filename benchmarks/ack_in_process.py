"""Measures how long ``App.dispatch`` takes to acknowledge a signed slash command.

The floor is a Bolt app whose only listener acknowledges at once, in the request's own
thread (``process_before_response=True``). The two take turns, command by command. A
turn begins when the bot has nothing left to do in the background, so that neither that
work nor a change of the machine's speed is part of the ratio. Goal: a median within 3
times the floor.
"""

from __future__ import annotations

import logging
import tempfile
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from benchmarks.figures import middle_and_tail, section, table
from benchmarks.load import request
from benchmarks.stand_ins import StandIns
from runtime import processes, wiring
from runtime.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

LINES = {
    "a lookup": "/io incidents",
    "opens a form": "/io declare Checkout is slow",
    "a write, entered in the journal": "/io severity INC-12 major",
    "answered in the ack": "/io xyzzy",
}
ROUNDS, WARM = 200, 20
GOAL = 3


def main() -> None:
    logging.disable(logging.WARNING)
    with StandIns() as stand_ins, tempfile.TemporaryDirectory() as folder:
        given: dict[str, Any] = {
            **stand_ins.settings,
            "database_url": f"sqlite:///{folder}/bot.db",
        }
        settings = Settings(_env_file=None, **given)
        processes.prepare(settings)
        bot = wiring.build(settings)
        bot.services.catalog.warm()
        floor = bare(stand_ins.settings)
        rows = [_row(what, line, floor, bot, stand_ins) for what, line in LINES.items()]
        bot.close()
    logging.disable(logging.NOTSET)
    head = ("command", "kind", "ours: median", "p99", "bare Bolt: median", "p99")
    about = (
        f"Milliseconds of `App.dispatch`, {ROUNDS} of each in turn; the bot idle "
        f"between. Goal: median within {GOAL} times the floor."
    )
    section("Ack in process", about, table((*head, "ratio of medians"), rows))


def bare(settings: dict[str, str]) -> App:
    """Build the fastest app that Bolt allows."""
    app = App(
        client=WebClient(
            settings["slack_bot_token"], base_url=settings["slack_api_url"]
        ),
        signing_secret=settings["slack_signing_secret"],
        process_before_response=True,
        request_verification_enabled=False,
        token_verification_enabled=False,
    )

    @app.command("/io")
    def on_command(ack: Ack) -> None:
        ack()

    return app


def _row(
    what: str, line: str, floor: App, bot: wiring.Runtime, stand_ins: StandIns
) -> tuple[Any, ...]:
    times: dict[str, list[float]] = {"floor": [], "ours": []}
    turns = [("floor", floor), ("ours", bot.bolt)]
    for _ in range(WARM + ROUNDS):
        turns.reverse()  # neither always finds the machine as the other left it
        for name, app in turns:
            body, headers = request(line, stand_ins.ask("issue"))
            times[name].append(_dispatch(app, body.decode(), headers))
            if not bot.wait_idle(30):
                raise TimeoutError(line)
    ours, theirs = times["ours"][WARM:], times["floor"][WARM:]
    middle, tail, _ = middle_and_tail(ours)
    their_middle, their_tail, _ = middle_and_tail(theirs)
    ratio = f"{median(ours) / median(theirs):.2f}"
    return f"`{line}`", what, middle, tail, their_middle, their_tail, ratio


def _dispatch(app: App, body: str, headers: dict[str, str]) -> float:
    lists: dict[str, str | Sequence[str]] = {
        name: [value] for name, value in headers.items()
    }
    began = perf_counter()
    answer = app.dispatch(BoltRequest(body=body, headers=lists))
    seconds = perf_counter() - began
    if answer.status != 200:
        raise RuntimeError(f"not acknowledged: {answer.status} {answer.body}")
    return seconds

"""Measures commands in one process, each beside the same in the fastest Bolt app.

The acknowledgement is timed on ``App.dispatch``. The floor is a Bolt app whose only
listener acknowledges at once, in the request's own thread
(``process_before_response=True``). For a write there is a second floor: the same app,
which before that inserts one row into a SQLite file by the ``sqlite3`` module, as
durably as the bot. Nothing that promises to lose no write can be faster.

Help is answered by a thread since it shows only what its reader may do. So its
acknowledgement has the same pair as a lookup's, and its answer has a pair of its own:
a Bolt app that acknowledges and then sends the bot's very answer by ``respond``, timed
until it is there.

The apps take turns, command by command. Before each turn the bot answers a lookup,
which is not timed, and has nothing left to do then: all find the processor's caches as
work leaves them. An app that does nothing but acknowledge finds them full of itself,
and takes half as long; bare Bolt is timed like that too. Ratios are of the fastest and
of the median.
"""

from __future__ import annotations

import logging
import sqlite3
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from slack_bolt import Ack, App, BoltRequest, Respond
from slack_sdk import WebClient

from benchmarks.figures import Figure, ms, section, table
from benchmarks.load import request
from benchmarks.stand_ins import StandIns
from runtime import processes, wiring
from runtime.settings import Settings

BETWEEN, HELP, WRITE = "/io oncall", "/io help", "/io severity INC-12 major"
LINES = {
    "/io incidents": "a lookup",
    HELP: "help",
    "/io declare Checkout is slow": "opens a form",
    WRITE: "a write, entered in the journal",
    "/io xyzzy": "answered in the ack",
}
GOALS = {"/io incidents": 1.5, HELP: 1.5, WRITE: 3.0}
ROUNDS, WARM = 200, 20
ROW = "INSERT INTO entered (key, line) VALUES (?, ?)"

Delivery = tuple[str, dict[str, str | Sequence[str]]]
"""The body and the headers of a command."""
Act = Callable[[Delivery], float]
Times = dict[str, list[float]]
BOT, BARE, DURABLE, PLAIN = "the bot", "bare Bolt", "with one insert", "plain Bolt"


def main() -> list[Figure]:
    logging.disable(logging.WARNING)
    with ExitStack() as stack:
        stand_ins = stack.enter_context(StandIns())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        bot = stack.enter_context(closing(warm_bot(stand_ins, folder)))
        bare = bolt(stand_ins.settings, on_command=lambda ack: ack())
        stored = stack.enter_context(closing(_file(f"{folder}/plain.db")))
        durable = bolt(stand_ins.settings, on_command=partial(_enter, stored))
        acts: dict[str, Act] = {
            BOT: partial(_dispatch, bot.bolt),
            BARE: partial(_dispatch, bare),
            DURABLE: partial(_dispatch, durable),
        }
        take = partial(_take_turns, stand_ins, bot)
        found = {line: take(line, _acts_for(line, acts)) for line in LINES}
        answered = take(HELP, _answering(bot, stand_ins))
        alone = [
            _dispatch(bare, asked(BETWEEN, stand_ins)) for _ in range(WARM + ROUNDS)
        ][WARM:]
    logging.disable(logging.NOTSET)
    rows = [_row(line, what, found[line]) for line, what in LINES.items()]
    about = (
        f"Milliseconds of `App.dispatch`, {ROUNDS} of each in turn, each after a "
        "lookup that the bot has answered. Ratios: to bare Bolt, of the fastest and of "
        "the medians; of a write, also to Bolt with one durable insert. With nothing "
        f"done between, bare Bolt takes {ms(min(alone))} ms at its fastest, "
        f"{ms(median(alone))} in the median."
    )
    head = ("command", "kind", "fastest", "median", BARE, "its median", "ratios", "")
    told = (ms(median(answered[BOT])), ms(median(answered[PLAIN])), _ratios(answered))
    whole = table(("help until it is there", PLAIN, "ratios"), [told])
    section("Ack in process", about, table(head, rows), whole)
    return [
        *(
            _figure(f"{LINES[line]}: its ack", found[line], GOALS[line])
            for line in GOALS
        ),
        _figure("help until it is there", answered, GOALS[HELP], beside=PLAIN),
    ]


def warm_bot(stand_ins: StandIns, folder: str, **more: Any) -> wiring.Runtime:
    """Build a bot in this process that has read all lists; ``more`` as in ``build``."""
    given: dict[str, Any] = {
        **stand_ins.settings,
        "database_url": f"sqlite:///{folder}/bot.db",
    }
    settings = Settings(_env_file=None, **given)
    processes.prepare(settings)
    bot = wiring.build(settings, **more)
    bot.services.catalog.warm()
    return bot


def bolt(settings: Mapping[str, str], on_command: Callable[..., None]) -> App:
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
    app.command("/io")(on_command)
    return app


def _file(path: str) -> sqlite3.Connection:
    """Open a file that is written as durably as the bot's."""
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("PRAGMA journal_mode = WAL")
    made.execute("PRAGMA synchronous = FULL")
    made.execute("CREATE TABLE entered (key TEXT PRIMARY KEY, line TEXT)")
    return made


def _enter(stored: sqlite3.Connection, ack: Ack, command: dict[str, str]) -> None:
    stored.execute(ROW, (command["trigger_id"], command["text"]))
    ack()


def _acts_for(line: str, acts: Mapping[str, Act]) -> dict[str, Act]:
    return {name: act for name, act in acts.items() if name != DURABLE or line == WRITE}


def _answering(bot: wiring.Runtime, stand_ins: StandIns) -> dict[str, Act]:
    """Return the acts of help until its answer is there."""
    answer = stand_ins.ask("answer")

    def on_command(ack: Ack, respond: Respond) -> None:
        ack()
        respond(text=answer["text"], blocks=answer["blocks"])

    plain = bolt(stand_ins.settings, on_command)

    def ours(asked: Delivery) -> float:
        began = perf_counter()
        _dispatch(bot.bolt, asked)
        bot.wait_idle(30)
        return perf_counter() - began

    return {BOT: ours, PLAIN: partial(_dispatch, plain)}


def _take_turns(
    stand_ins: StandIns, bot: wiring.Runtime, line: str, acts: Mapping[str, Act]
) -> Times:
    times: Times = {name: [] for name in acts}
    turns = [*acts.items()]
    for _ in range(WARM + ROUNDS):
        turns.reverse()  # none always finds the machine as the same other left it
        for name, act in turns:
            _dispatch(bot.bolt, asked(BETWEEN, stand_ins))
            _wait_idle(bot)
            times[name].append(act(asked(line, stand_ins)))
            _wait_idle(bot)
    return {name: taken[WARM:] for name, taken in times.items()}


def _wait_idle(bot: wiring.Runtime) -> None:
    if not bot.wait_idle(30):
        raise TimeoutError


def asked(line: str, stand_ins: StandIns) -> Delivery:
    body, headers = request(line, stand_ins.ask("issue"))
    return body.decode(), {name: [value] for name, value in headers.items()}


def _dispatch(app: App, asked: Delivery) -> float:
    body, headers = asked
    began = perf_counter()
    answer = app.dispatch(BoltRequest(body=body, headers=headers))
    seconds = perf_counter() - began
    if answer.status != 200:
        raise RuntimeError(f"not acknowledged: {answer.status} {answer.body}")
    return seconds


def _row(line: str, what: str, times: Times) -> tuple[str, ...]:
    ours, theirs = times[BOT], times[BARE]
    figures = (min(ours), median(ours), min(theirs), median(theirs))
    durable = f"{_ratios(times, DURABLE)} to it {DURABLE}" if DURABLE in times else ""
    return f"`{line}`", what, *map(ms, figures), _ratios(times, BARE), durable


def _ratios(times: Times, floor: str = PLAIN) -> str:
    ratios = (of(times[BOT]) / of(times[floor]) for of in (min, median))
    return " and ".join(f"{ratio:.2f}" for ratio in ratios)


def _figure(row: str, times: Times, goal: float, beside: str = BARE) -> Figure:
    ours, floor = min(times[BOT]), min(times[beside])
    return Figure(
        f"In process: {row}",
        f"{ms(ours)} ms, {ours / floor:.2f} times",
        f"≤ {goal} times",
        ours / floor <= goal,
        f"{ms(floor)} ms, {beside} at its fastest",
    )

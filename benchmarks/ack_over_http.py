"""Measures acknowledgements over gunicorn and HTTP, with slow services or one hung.

The bot is compared with a plain Bolt app in its default configuration that
acknowledges, asks incident.io and answers, under gunicorn with as many threads. (Bolt's
own development server is left out: it listens on every interface.) A client in another
process times each acknowledgement from the moment the command was due; more than
Slack's three seconds is a failure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from math import inf

from benchmarks import servers
from benchmarks.figures import Figure, goal, ms, percentile, section, table
from benchmarks.load import Ack, acknowledged, fire
from benchmarks.servers import RunningServer
from benchmarks.stand_ins import StandIns

BOT, PLAIN = "incidentio-bot", "plain Bolt, default"
SLOW, HUNG = 0.3, 10.0
LATEST, OPEN, TAIL = 0.2, 0.5, 0.1
"""Seconds: the goals of the latest ack, of the latest form, and of the p99."""
BURST = ["/io declare Checkout is slow"] * 10 + ["/io incidents"] * 20
BURSTS = 5
A_SECOND, SECONDS = 100, 15
MIX = [
    *["/io incidents"] * 4,
    *["/io declare Checkout is slow"] * 2,
    *["/io incident INC-12"] * 2,
    "/io oncall",
    "/io severity INC-12 major",
]
CONNECTIONS = 320
"""More than can be waiting for three seconds at once."""
TOLD = 6

Serve = Callable[[], AbstractContextManager[RunningServer]]


@dataclass(frozen=True, slots=True)
class LoadResult:
    acks: Sequence[Ack]
    modals: Sequence[float]
    """Seconds from each trigger to its modal."""
    declared: int
    told: Counter[str]


def main() -> list[Figure]:
    with StandIns() as stand_ins:
        # One person gets half of the threads: ten forms of one would open in turn.
        stand_ins.ask("crowd", len(BURST))
        both: dict[str, Serve] = {
            BOT: partial(servers.bot, stand_ins.settings),
            PLAIN: partial(servers.plain, stand_ins.settings),
        }
        return [*_bursts(both, stand_ins), *_hanging(both, stand_ins)]


def _bursts(both: dict[str, Serve], stand_ins: StandIns) -> list[Figure]:
    rows, at_once = [], [(0.0, line) for line in BURST]
    latest: dict[str, tuple[float, float]] = {}
    for name, serve in both.items():
        with serve() as served:
            _warm(served, name, stand_ins)
            stand_ins.ask("slow", slack=SLOW, incidentio=SLOW)
            found = [_load(served, name, at_once, stand_ins) for _ in range(BURSTS)]
            stand_ins.ask("recover")
        acks = [ack for outcome in found for ack in outcome.acks]
        modals = [seconds for outcome in found for seconds in outcome.modals]
        declared = sum(outcome.declared for outcome in found)
        rows.append([name, *acknowledged(acks), *_opened(modals, declared)])
        late = max(modals, default=inf) if len(modals) == declared else inf
        latest[name] = max(ack.seconds for ack in acks), late
    about = (
        f"10 declares and 20 lookups of 30 people at the same instant, {BURSTS} times, "
        f"while Slack and incident.io take {SLOW * 1000:.0f} ms for each call. "
        f"Milliseconds. Goal: no ack later than {ms(LATEST)} ms, every modal open "
        f"within {ms(OPEN)} ms of its trigger, of which Slack itself takes 300."
    )
    head = ("", "ack: median", "p99", "latest", "failed", "modals", "latest modal")
    section("A burst over HTTP", about, table(head, rows))
    (ack, form), (their_ack, their_form) = latest[BOT], latest[PLAIN]
    about = f"A burst of {len(BURST)}, both services at {SLOW * 1000:.0f} ms"
    return [
        goal(f"{about}: latest ack", ack, LATEST, their_ack),
        goal(f"{about}: latest form open", form, OPEN, their_form),
    ]


def _hanging(both: dict[str, Serve], stand_ins: StandIns) -> list[Figure]:
    rows, told = [], []
    tails: dict[str, float] = {}
    for name, serve in both.items():
        with serve() as served:
            _warm(served, name, stand_ins)
            stand_ins.ask("slow", incidentio=HUNG)
            found = _load(served, name, _steadily(), stand_ins, recover=True)
        opened = _opened(found.modals, found.declared)
        tails[name] = percentile([ack.seconds for ack in found.acks], 99)
        rows.append([name, *acknowledged(found.acks), *opened])
        told += [[name, count, words] for words, count in found.told.most_common(TOLD)]
    about = (
        f"{A_SECOND} commands a second for {SECONDS} s, while incident.io takes "
        f"{HUNG:.0f} s for every call (limits of both stand-ins are off). "
        f"Milliseconds. Goal: none fails, p99 of the ack below {ms(TAIL)} ms."
    )
    head = ("", "ack: median", "p99", "latest", "failed", "modals", "latest modal")
    answers = table(("", "times", "what people were told"), told)
    section("incident.io hangs", about, table(head, rows), answers)
    row = f"incident.io hangs, {A_SECOND} commands a second: p99 of the ack"
    return [goal(row, tails[BOT], TAIL, tails[PLAIN])]


def _steadily() -> list[tuple[float, str]]:
    number = A_SECOND * SECONDS
    return [(i / A_SECOND, MIX[i * 7 % len(MIX)]) for i in range(number)]


def _warm(served: RunningServer, name: str, stand_ins: StandIns) -> None:
    """Wait until it has started, has read the organisation and has answered a few."""
    served.wait_ready()
    plan = [(i / 20, line) for i, line in enumerate([*BURST, *MIX])]
    _load(served, name, plan, stand_ins)


def _load(
    served: RunningServer,
    name: str,
    plan: list[tuple[float, str]],
    stand_ins: StandIns,
    *,
    recover: bool = False,
) -> LoadResult:
    """Send the plan, and wait until all is answered.

    With ``recover``, incident.io is quick again once all is sent.
    """
    stand_ins.ask("told")
    issue = partial(stand_ins.ask, "issue")
    acks = fire(served.url, plan, issue, connections=CONNECTIONS)
    if recover:
        stand_ins.ask("recover")
    settle(served, name, stand_ins)
    opened: dict[str, float] = stand_ins.ask("opened")
    declares = [ack for ack in acks if "declare" in ack.line]
    told = [*stand_ins.ask("told"), *(ack.said for ack in acks)]
    return LoadResult(
        acks,
        [opened[d.trigger] - d.sent for d in declares if d.trigger in opened],
        len(declares),
        Counter(_gist(words) for words in told if words),
    )


def settle(
    served: RunningServer, name: str, stand_ins: StandIns, seconds: float = 90
) -> None:
    """Wait until all is answered: by the bot's own count, or for a quiet second.

    Raises: TimeoutError.
    """
    if name == BOT:
        served.wait_idle(seconds)
        return
    seen = [-1]

    def quiet() -> bool:
        seen.append(stand_ins.ask("requests"))
        return len(seen) > 20 and len(set(seen[-20:])) == 1

    servers.wait_for(quiet, seconds)


def _opened(modals: Sequence[float], declared: int) -> tuple[str, str]:
    return f"{len(modals)} of {declared}", ms(max(modals)) if modals else "-"


def _gist(words: str) -> str:
    """Leave out what differs each time, and the length."""
    words = re.sub(r"\(ref `\w+`\)", "(ref …)", " ".join(words.split()))
    words = re.sub(r"\d\d:\d\d:\d\d|\b\d+ s\b", "…", words)
    return (words if len(words) <= 110 else f"{words[:110]}…").replace("|", "\\|")

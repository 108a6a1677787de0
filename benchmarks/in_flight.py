"""Measures many commands at once while both services are slow, over both ways in.

So many commands arrive within a second, of many people; each needs at least one call of
300 ms to either service, so that they pile up. The bot is compared with a plain Bolt
app as in ``ack_over_http``, and over Socket Mode with Bolt's own handler. Every command
is to be acknowledged, and then done or visibly refused: none is lost. The processor
time of the bot's process, divided by the commands, says what a machine can take; it is
measured on one replica and on two, which share a PostgreSQL and get commands in turn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import servers
from benchmarks.ack_over_http import BOT, CONNECTIONS, MIX, PLAIN, SLOW, settle
from benchmarks.figures import Figure, ms, percentile, section, table
from benchmarks.load import Ack, acknowledged, fire
from benchmarks.postgres import Postgres
from benchmarks.servers import RunningServer
from benchmarks.stand_ins import StandIns
from runtime import processes
from runtime.settings import Settings

LEVELS = {1: 10, 10: 5, 100: 3, 500: 2, 1_000: 1}
"""Commands within a second, and for how many seconds."""
OF_PLAIN = LEVELS.keys() - {500}
"""Those that plain Bolt gets: at 500 it is as full as at 1,000."""
PEOPLE = 300
GOAL = 0.1
ANSWERED = 30.0
"""Seconds after the last command in which all are to be answered."""
REPLICA_COMMANDS, A_SECOND = 600, 40
REFUSED = "(ref `"
"""What every answer has that says that something was not done."""

Serve = Callable[[], AbstractContextManager[RunningServer]]
Plan = Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Level:
    acks: Sequence[Ack]
    done: int
    refused: int
    processor: float
    """Seconds of the processor for each command."""

    @property
    def lost(self) -> int:
        return max(len(self.acks) - self.done - self.refused, 0)

    @property
    def p99(self) -> float:
        return percentile([ack.seconds for ack in self.acks], 99)


def main() -> list[Figure]:
    with StandIns() as stand_ins:
        stand_ins.ask("crowd", PEOPLE)
        settings = stand_ins.settings
        ways: dict[str, dict[str, Serve]] = {
            "HTTP": {
                BOT: partial(servers.bot, settings),
                PLAIN: partial(servers.plain, settings),
            },
            "Socket Mode": {
                BOT: partial(servers.bot, settings, ""),
                PLAIN: partial(servers.plain_socket, settings),
            },
        }
        found = {
            (way, name): _levels(serve, name, way, stand_ins)
            for way, both in ways.items()
            for name, serve in both.items()
        }
        replicas = {number: _replicas(number, stand_ins) for number in (1, 2)}
    _report(found)
    _report_replicas(replicas)
    return [
        _figure(way, number, found[way, BOT][number], found[way, PLAIN].get(number))
        for way in ways
        for number in LEVELS
    ]


def _levels(serve: Serve, name: str, way: str, stand_ins: StandIns) -> dict[int, Level]:
    with serve() as served:
        over_socket = way != "HTTP"
        if over_socket:
            servers.wait_for(lambda: stand_ins.ask("connected"), 30)
        else:
            served.wait_ready()
        send = partial(_send, served, stand_ins, over_socket=over_socket)
        send(_plan(20, 2))
        settle(served, name, stand_ins)
        found = {}
        for number in sorted(LEVELS if name == BOT else OF_PLAIN):
            plan = _plan(number, LEVELS[number])
            stand_ins.ask("slow", slack=SLOW, incidentio=SLOW)
            found[number] = _level(served, name, stand_ins, partial(send, plan))
            stand_ins.ask("recover")
            settle(served, name, stand_ins)  # what was lost is not in the way of more
    return found


def _plan(number: int, seconds: int) -> Plan:
    return [(i / number, MIX[i * 7 % len(MIX)]) for i in range(number * seconds)]


def _send(
    served: RunningServer, stand_ins: StandIns, plan: Plan, *, over_socket: bool
) -> list[Ack]:
    if over_socket:
        acks: list[Ack] = stand_ins.ask("fire", plan, CONNECTIONS)
        return acks
    return fire(
        served.url, plan, partial(stand_ins.ask, "issue"), connections=CONNECTIONS
    )


def _level(
    served: RunningServer, name: str, stand_ins: StandIns, send: Callable[[], list[Ack]]
) -> Level:
    stand_ins.ask("told")
    before = served.processor
    acks = send()
    with suppress(TimeoutError):  # what is not answered by then is lost
        settle(served, name, stand_ins, ANSWERED)
    used = served.processor - before
    opened: dict[str, float] = stand_ins.ask("opened")
    told = [*stand_ins.ask("told"), *(ack.said for ack in acks)]
    answers = [words for words in told if words]
    refused = sum(REFUSED in words for words in answers)
    forms = sum(ack.trigger in opened for ack in acks)
    done = min(len(answers) - refused + forms, len(acks) - refused)
    return Level(acks, done, refused, used / len(acks))


def _replicas(number: int, stand_ins: StandIns) -> float:
    """Return the seconds of the processor for a command on so many replicas."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        postgres = running.enter_context(closing(Postgres(folder / "postgres")))
        host = Path(postgres.socket).parent
        url = f"postgresql+psycopg://postgres@/postgres?host={host}"
        given = {**stand_ins.settings, "database_url": url}
        processes.release(Settings(_env_file=None, **given))  # type: ignore[arg-type]
        served = [
            running.enter_context(servers.bot(stand_ins.settings, database=url))
            for _ in range(number)
        ]
        for one in served:
            one.wait_ready("/readyz")
        before = sum(one.processor for one in served)
        issue = partial(stand_ins.ask, "issue")
        steps = REPLICA_COMMANDS // A_SECOND
        for step in range(steps):
            url = served[step % number].url
            fire(url, _plan(A_SECOND, 1), issue, connections=A_SECOND)
        for one in served:
            one.wait_idle()
        return (sum(one.processor for one in served) - before) / (steps * A_SECOND)


def _report(found: dict[tuple[str, str], dict[int, Level]]) -> None:
    rows = [
        (
            way,
            f"{number:,}",
            name,
            *acknowledged(level.acks),
            level.done,
            level.refused,
            level.lost,
            ms(level.processor),
        )
        for (way, name), levels in found.items()
        for number, level in levels.items()
    ]
    about = (
        f"Commands within a second, of {PEOPLE} people, while Slack and incident.io "
        f"take {SLOW * 1000:.0f} ms for each call. Milliseconds. Goal: p99 of the "
        f"acknowledgement below {GOAL * 1000:.0f} ms, none lost: that is, without an "
        f"answer {ANSWERED:.0f} s later."
    )
    head = ("", "a second", "", "ack: median", "p99", "latest", "not in time")
    fates = ("done", "refused visibly", "lost", "processor ms a command")
    section("Many at once", about, table((*head, *fates), sorted(rows, key=_way)))


def _way(row: Sequence[object]) -> tuple[str, int]:
    return str(row[0]), int(str(row[1]).replace(",", ""))


def _report_replicas(found: dict[int, float]) -> None:
    about = (
        f"{REPLICA_COMMANDS} commands, {A_SECOND} a second, on PostgreSQL, whose own "
        "time is not counted. A machine of one core takes a thousand divided by this."
    )
    rows = [(number, ms(seconds)) for number, seconds in found.items()]
    section("Processor time", about, table(("replicas", "ms a command"), rows))


def _figure(way: str, number: int, ours: Level, plain: Level | None) -> Figure:
    return Figure(
        f"{way}, {number:,} commands a second, both services at 300 ms: p99 of the ack",
        f"{ms(ours.p99)} ms; {ours.done} done, {ours.refused} refused",
        f"< {GOAL * 1000:.0f} ms, none lost",
        ours.p99 < GOAL and not ours.lost and not any(a.failed for a in ours.acks),
        f"{ms(plain.p99)} ms; {plain.lost} lost" if plain else "-",
    )

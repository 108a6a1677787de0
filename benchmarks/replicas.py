"""Measures how old a list is at one replica after a change at another.

Both replicas are on one PostgreSQL. How it is without the hints that they tell each
other is measured by a clock that is put forward a second at a time.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figures import middle_and_tail, section, table
from benchmarks.monday import StillClock
from benchmarks.postgres import Postgres
from benchmarks.stand_ins import StandIns
from runtime import processes, wiring
from runtime.settings import Settings
from runtime.wiring import Runtime
from sandbox.serve import serve
from storage.clock import utc_now

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TIMES = 10
APART = 1.3
"""Seconds between two changes, longer than a replica waits between two hints."""
SECOND = timedelta(seconds=1)
REFRESH = 60
"""Seconds between two rounds in which a replica renews what is due."""
SETTLING = 0.05
"""Seconds in which a list that is due is renewed in the background."""

Names = Callable[[Runtime], Iterable[str]]
Change = Callable[[Runtime, str], None]


def main() -> None:
    logging.disable(logging.WARNING)
    with (
        tempfile.TemporaryDirectory() as folder,
        StandIns() as stand_ins,
        closing(Postgres(Path(folder) / "postgres")) as postgres,
    ):
        host = Path(postgres.socket).parent
        settings = Settings(
            _env_file=None,
            **stand_ins.settings,  # type: ignore[arg-type]
            database_url=f"postgresql+psycopg://postgres@/postgres?host={host}",
            incidentio_webhook_secret=SECRET,
        )
        processes.release(settings)
        rows = [
            _row(what, settings, stand_ins, names, change)
            for what, names, change in _changes(stand_ins)
        ]
    logging.disable(logging.NOTSET)
    without, told = "shown by the other, without hints", "with hints: median"
    about = (
        "From the change until a list at the other replica shows it. Without hints, "
        "seconds by the clock, at most; with them, milliseconds of "
        f"{TIMES} changes, {APART} s apart."
    )
    head = ("what is done at one replica", without, told, "p99", "maximum")
    section("Replicas", about, table(head, rows))


def _changes(stand_ins: StandIns) -> Iterator[tuple[str, Names, Change]]:
    def write(bot: Runtime, name: str) -> None:
        bot.services.api.roles.create(
            name=name, description=name, instructions=name, shortform=name
        )
        bot.services.catalog.expire("roles")

    def rename(_: Runtime, name: str) -> None:
        stand_ins.ask("rename", name)

    def roles(bot: Runtime) -> Iterable[str]:
        return [role.name for role in bot.services.catalog.roles()]

    def live(bot: Runtime) -> Iterable[str]:
        return [one.name for one in bot.services.catalog.live_incidents(list)]

    yield "a role is made", roles, write
    yield "a webhook tells it that an incident changed", live, rename


def _row(
    what: str, settings: Settings, stand_ins: StandIns, names: Names, change: Change
) -> tuple[str, ...]:
    with _replicas(settings, stand_ins, hints=False) as (one, other, clock):
        alone = _by_clock(one, other, clock, names, change)
    with _replicas(settings, stand_ins, hints=True) as (one, other, _):
        told = [_until_shown(one, other, f"t{n}", names, change) for n in range(TIMES)]
    return what, f"{alone} s", *middle_and_tail(told)


@contextmanager
def _replicas(
    settings: Settings, stand_ins: StandIns, *, hints: bool
) -> Iterator[tuple[Runtime, Runtime, StillClock]]:
    """Start two replicas, of which the first gets webhooks."""
    clock = StillClock(datetime.now(UTC))
    with ExitStack() as running:
        both = [_replica(settings, running, utc_now if hints else clock) for _ in "12"]
        if hints:
            for bot in both:
                bot.meet_peers()
        served = running.enter_context(serve(both[0].wsgi))
        stand_ins.ask("notify", f"{served.url}/incidentio/webhooks", SECRET)
        yield both[0], both[1], clock


def _replica(settings: Settings, running: ExitStack, now: Any) -> Runtime:
    bot = running.enter_context(closing(wiring.build(settings, now=now)))
    bot.services.catalog.warm()
    return bot


def _by_clock(
    one: Runtime, other: Runtime, clock: StillClock, names: Names, change: Change
) -> int:
    """Return the seconds until the other replica shows what was changed at one."""
    change(one, "alone")
    seconds = 0
    while "alone" not in names(other):
        clock.now += SECOND
        seconds += 1
        if seconds % REFRESH == 0:
            other.services.catalog.refresh()
        time.sleep(SETTLING)
    return seconds


def _until_shown(
    one: Runtime, other: Runtime, name: str, names: Names, change: Change
) -> float:
    """Return the seconds from the end of a change until the other replica shows it."""
    time.sleep(APART)
    change(one, name)
    began = time.perf_counter()
    while name not in names(other):
        time.sleep(0.0005)
    return time.perf_counter() - began

"""Plays the day: ``python -m chaos.day [--speed 100] [--share 1.0] [--calm]``.

The exit code is 1 if anything was lost, doubled or wrongly said, or not acknowledged
without a fault that explains it.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from benchmarks.figures import table
from benchmarks.servers import wait_for
from chaos.crowd import DAILY_KINDS, Crowd, Write
from chaos.day.figures import Figures
from chaos.day.plan import (
    FOLLOW_UPS,
    HOURS,
    LOOKUPS,
    OWNERS,
    PEOPLE,
    TEAMS,
    WRITES,
    Act,
    plan_day,
)
from chaos.day.readers import Readers
from chaos.day.troubles import BESIDE, IN_TURN, Fault, Trouble
from chaos.fault import DOUBT, SETTLES
from chaos.faults.processes import EVERYTHING
from chaos.stage import Stage
from chaos.verdict import Verdict, judge
from storage.personal_rules import PersonalRules

if TYPE_CHECKING:
    from sandbox.world import World

SETTINGS = {
    "OWNER_DIGESTS": "True",
    "INCIDENT_CARDS": "True",
    "INCIDENTIO_WEBHOOK_SECRET": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}
A_MINUTE = 60_000
"""Requests that incident.io takes a minute: enough for a day at this speed."""
CROWD_IDS = "01HCHAOS"
PARALLEL_WRITERS = 64
REPEATED = 20
"""Each so many'th submission is delivered three times at once."""
ENROLLED_WITHIN = 120.0


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    folder = Path(tempfile.mkdtemp(prefix="chaos-day-"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    with Stage(folder, "postgresql", crowd=_crowd) as stage:
        day = Day(stage, options)
        verdict = day.play()
        _report(day, verdict, options)
    if verdict.bad:
        print(f"\nThe logs of all processes are in {folder}.")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return int(verdict.bad)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m chaos.day")
    reader.add_argument("--speed", type=float, default=100.0)
    reader.add_argument("--share", type=float, default=1.0, help="of the day's acts")
    reader.add_argument("--calm", action="store_true", help="without any fault")
    return reader.parse_args(arguments)


def _crowd(world: World) -> Crowd:
    """Let 500 people in, who own the open follow-ups."""
    crowd = Crowd(world, PEOPLE, PARALLEL_WRITERS, DAILY_KINDS)
    world.incidentio.add_follow_ups(FOLLOW_UPS)
    ids = [user["id"] for user in world.incidentio.store.users]
    owners = [id_ for id_ in ids if id_.startswith(CROWD_IDS)]
    rows = world.incidentio.store.follow_ups
    for serial, row in enumerate(r for r in rows if r.status == "outstanding"):
        row.assignee_id = owners[serial % len(owners)]
    return crowd


class Day:
    """Plays the plan on a stage, and lets the faults befall it."""

    def __init__(self, stage: Stage, options: argparse.Namespace) -> None:
        self.stage = stage
        self._speed = options.speed
        self._seconds = HOURS * 3_600 / options.speed
        self._faults = not options.calm
        self._acts = plan_day(options.share)
        self._submitted = 0
        self._failed: list[BaseException] = []
        self.figures = Figures(stage)
        writers = sum(act.what in WRITES for act in self._acts)
        self.readers = Readers(stage.crowd.people[writers:])

    def play(self) -> Verdict:
        self._prepare()
        gc.disable()  # its pauses here would pass for those of the bot
        verdict = Verdict("the day")
        self.figures.start()
        began = self.figures.began
        threads = [
            Thread(target=self._guarded, args=(one,)) for one in self._troubles()
        ]
        for thread in threads:
            thread.start()
        with ThreadPoolExecutor(8, thread_name_prefix="due") as due:
            for act in self._acts:
                time.sleep(max(0.0, began + act.at / self._speed - time.monotonic()))
                self._do(act, due)
        for thread in threads:
            thread.join()
        self.stage.healed()
        verdict.recovered = self.stage.settle(DOUBT + SETTLES)
        self.readers.close()
        self.figures.stop()
        if self._failed:
            raise self._failed[0]
        verdict.seconds = time.monotonic() - began
        return self._judged(verdict)

    def _prepare(self) -> None:
        """Start the processes, and wait until everybody has a digest of their own."""
        stage = self.stage
        stage.settings = SETTINGS
        stage.world.incidentio.limit.per_minute = A_MINUTE
        stage.start(*EVERYTHING)
        secret = SETTINGS["INCIDENTIO_WEBHOOK_SECRET"]
        stage.world.incidentio.webhooks.send_to(
            f"{stage.door.url}/incidentio/webhooks", secret
        )
        wait_for(lambda: self._enrolled() >= PEOPLE, ENROLLED_WITHIN)
        chosen = [act.what for act in self._acts]
        stage.reminders.set_up(chosen.count(TEAMS))
        people = stage.crowd.people[: chosen.count(OWNERS)]
        stage.reminders.set_up_digests(person.id for person in people)

    def _enrolled(self) -> int:
        return len(PersonalRules(self.stage.database).all())

    def _do(self, act: Act, due: ThreadPoolExecutor) -> None:
        if act.what in LOOKUPS:
            self.readers.ask(act.what)
        elif act.what in WRITES:
            self._submitted += 1
            repeated = self._submitted % REPEATED == 0
            self.stage.crowd.ask(act.what, press=3 if repeated else 1)
        else:
            due.submit(self.stage.reminders.run, digest=act.what == OWNERS)

    # -- faults

    def _troubles(self) -> list[Callable[[], None]]:
        """Return what goes on beside the day: one fault after another, and two long."""
        if not self._faults:
            return []
        beside = [partial(self._wait_for, share, one) for share, one in BESIDE]
        return [self._in_turn, *beside]

    def _in_turn(self) -> None:
        began, step = time.monotonic(), self._seconds / (len(IN_TURN) + 1)
        for number, trouble in enumerate(IN_TURN, 1):
            time.sleep(max(0.0, began + number * step - time.monotonic()))
            self._befall(trouble)

    def _wait_for(self, share: float, trouble: Trouble) -> None:
        time.sleep(share * self._seconds)
        self._befall(trouble)

    def _befall(self, trouble: Trouble) -> None:
        begun = time.monotonic()
        trouble(self.stage)
        fault = Fault(trouble.__name__, begun, time.monotonic())
        self.figures.faults.append(fault)

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (it is raised at the end)
            self._failed.append(error)

    # -- verdict

    def _judged(self, verdict: Verdict) -> Verdict:
        judge(verdict, self.stage)
        figures = self.figures
        verdict.lost += [
            f"{one.line}: no answer ({figures.told(one.asked_at)})"
            for one in figures.silent(self.readers.lookups)
        ]
        verdict.wrong += [
            f"{one.error} after {one.seconds:.1f} s ({figures.told(one.at)})"
            for one in figures.late()
        ]
        return verdict


def _report(day: Day, verdict: Verdict, options: argparse.Namespace) -> None:
    lookups = day.readers.lookups
    answered = sum(one.answered for one in lookups)
    refused = sum(bool(one.refused) for one in lookups)
    rows: list[tuple[object, ...]] = [
        ("lookups asked, answered", f"{len(lookups)}, {answered}"),
        ("refused by Slack for want of an acknowledgement", refused),
        ("not answered", day.figures.unanswered(lookups) or "none"),
        ("writes, reminders and digests", f"{verdict.writes}, {verdict.reminders}"),
        ("lost", len(verdict.lost)),
        ("doubled", len(verdict.doubled)),
        ("wrongly said", len(verdict.wrong)),
        ("in doubt, and said so", verdict.doubtful),
        ("latest outcome after it was asked for", f"{verdict.latest:.0f} s"),
        ("all well after the last fault", f"{verdict.recovered:.0f} s"),
        *day.figures.rows(),
    ]
    faults = 0 if options.calm else len(IN_TURN) + len(BESIDE)
    print(f"# A day of {PEOPLE} people, {options.speed:.0f} times as fast\n")
    print(
        f"{HOURS} hours, {options.share:.0%} of what people do; {faults} faults; two "
        f"replicas and two workers on PostgreSQL. It took {verdict.seconds:.0f} s.\n"
    )
    print(table(("", ""), rows), end="\n\n")
    print(table(("request", "times"), day.figures.requests()))
    for said in verdict.findings:
        print(f"- {said}")
    for write in day.stage.crowd.writes:
        if any(write.title in said for said in verdict.findings):
            _tell(write, day.figures)


def _tell(write: Write, figures: Figures) -> None:
    """Print all that somebody was told whose write went wrong."""
    print(f"\n{write.title} by {write.person.id}, {write.presses} presses")
    for (place, words), at in write.heard.items():
        print(f"- {figures.told(at)}: {place}: {' '.join(words.split())}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

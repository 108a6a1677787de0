"""What is measured during the day: acknowledgements, memory, processor, requests."""

from __future__ import annotations

import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from benchmarks.figures import megabytes, middle_and_tail
from benchmarks.servers import family, memory_of
from chaos.day.troubles import FELT, UNACKNOWLEDGED, UNANSWERED, Fault, explained

if TYPE_CHECKING:
    from chaos.day.readers import Lookup
    from chaos.stage import Stage
    from sandbox.slack.delivery.courier import Delivery

EVERY = 2.0
"""Seconds from one look at the processes to the next."""
UNDER_WAY = 3.0
"""Seconds in which an answer is made; a fault that begins meanwhile may stop it."""
ID = re.compile(r"/(?:01[0-9A-Z]{24}|\d+)(?=/|$)")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A delivery to the bot, and how it was acknowledged."""

    at: float
    seconds: float
    error: str | None
    form: bool = False
    """Whether it was a submitted form: Slack takes errors only in its answer."""


@dataclass
class Figures:
    """Looks at a stage from ``start`` on; ``stop`` ends that."""

    stage: Stage
    acknowledged: list[Acknowledged] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    """The faults that are over."""
    sizes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The memory of each process, in bytes, at each look."""
    processor: dict[str, float] = field(default_factory=dict)
    """Processor seconds of each process, its start included."""
    _ended: Event = field(default_factory=Event)

    def start(self) -> None:
        self.stage.world.slack.courier.sent = self._delivered
        self.began = time.monotonic()
        self._busy = _machine()
        self._thread = Thread(target=self._look, name="figures")
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        busy, idle = (b - a for a, b in zip(self._busy, _machine(), strict=True))
        self.saturation = busy / (busy + idle)

    def _delivered(self, delivery: Delivery) -> None:
        at = time.monotonic() - delivery.seconds
        form = delivery.kind == "view_submission"
        said = Acknowledged(at, delivery.seconds, delivery.error, form)
        self.acknowledged.append(said)

    def _look(self) -> None:
        while not self._ended.wait(EVERY):
            for process in list(self.stage.processes):
                name = f"{process.kind} {process.port}"
                with suppress(OSError):
                    pids = family(process.pid)
                    self.sizes[name].append(sum(memory_of(p, "Pss") for p in pids))
                    self.processor[name] = sum(map(_used, pids))

    # -- what came of it

    def late(self) -> list[Acknowledged]:
        """Return what was not acknowledged in Slack's 3 s, without a fault for it."""
        return [
            one
            for one in self.acknowledged
            if one.error
            and not explained(self.faults, UNACKNOWLEDGED, one.at, one.seconds)
        ]

    def silent(self, lookups: Iterable[Lookup]) -> list[Lookup]:
        """Return the lookups that nobody answered, without a fault for it."""
        return [
            one
            for one in lookups
            if one.silent
            and not explained(self.faults, UNANSWERED, one.asked_at, _took(one))
        ]

    def unanswered(self, lookups: Iterable[Lookup]) -> str:
        """Return how many lookups nobody answered, and during which faults."""
        met = Counter(
            fault.name
            for one in lookups
            if one.silent
            for fault in self.faults
            if fault.meets(one.asked_at, _took(one), UNANSWERED.get(fault.name, 0))
        )
        return ", ".join(f"{name} {number}" for name, number in met.most_common())

    def told(self, at: float) -> str:
        """Return when something was, and during which faults."""
        met = [fault.name for fault in self.faults if fault.meets(at, 0)]
        return f"{at - self.began:.0f} s, during {', '.join(met) or 'no fault'}"

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield the rows of the table."""
        done = [one for one in self.acknowledged if not one.error]
        calm = [one for one in done if not explained(self.faults, FELT, one.at, 0)]
        failed = sum(one.error is not None for one in self.acknowledged)
        yield "deliveries to the bot", len(self.acknowledged)
        yield "acknowledged, ms: median / p99 / latest", _spread(done)
        for form, name in ((False, "{} between the faults"), (True, "{} forms then")):
            some = [one for one in calm if one.form == form]
            yield f"of these {name.format(len(some))}", _spread(some)
        late = len(self.late())
        yield "not acknowledged, during a fault that explains it", failed - late
        yield "not acknowledged otherwise", late
        for kind in ("web", "worker"):
            used = sum(s for name, s in self.processor.items() if name.startswith(kind))
            yield f"processor seconds of all `{kind}`", f"{used:.0f}"
            yield (
                f"memory of `{kind}` at first, at most, at the end",
                self._memory(kind),
            )
        yield "both processors busy", f"{self.saturation:.0%}"

    def _memory(self, kind: str) -> str:
        """Return the memory of the process of a kind that lived longest, in MB."""
        named = [sizes for name, sizes in self.sizes.items() if name.startswith(kind)]
        sizes = max(named, key=len)
        return " / ".join(map(megabytes, (sizes[0], max(sizes), sizes[-1])))

    def requests(self) -> Iterator[tuple[str, int]]:
        """Yield how often each operation of either service was asked for."""
        world = self.stage.world
        seen = list(world.incidentio.requests)
        asked = (f"{one.method} {ID.sub('/{id}', one.path)}" for one in seen)
        yield from Counter(asked).most_common()
        yield from Counter(call.method for call in world.slack.calls).most_common()


def _took(lookup: Lookup) -> float:
    return max(lookup.seconds, UNDER_WAY)


def _spread(acknowledged: Iterable[Acknowledged]) -> str:
    return " / ".join(middle_and_tail([one.seconds for one in acknowledged]))


def _used(pid: int) -> float:
    """Return the processor seconds of a process (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _machine() -> tuple[float, float]:
    """Return the busy and the idle seconds of all processors so far (Linux)."""
    line = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    used = [int(number) for number in line]
    idle = used[3] + used[4]
    return (sum(used) - idle) / TICKS, idle / TICKS

"""The state behind the scenes of one world, which people see and change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Condition

from sandbox.backstage.clock import MovableClock
from sandbox.backstage.console import line
from sandbox.backstage.traffic import Traffic
from sandbox.backstage.trouble import StandIns, switch
from sandbox.slack.delivery.courier import Delivery


@dataclass
class Process:
    """A part of the app that can be stopped and started."""

    label: str
    start: Callable[[], object]
    stop: Callable[[], object]
    running: bool = False

    def run(self, *, running: bool) -> None:
        if running != self.running:
            (self.start if running else self.stop)()
            self.running = running


class Stage:
    """The state behind the scenes; without a ``clock``, no clock can be moved."""

    def __init__(self, clock: MovableClock | None = None) -> None:
        self.clock = clock
        self.version = 0
        self.troubles: set[str] = set()
        self.processes: dict[str, Process] = {}
        self.anew: list[Callable[[], object]] = []
        """Called at each start, when both stand-ins have their first state."""
        self.say: Callable[[str], object] = lambda _: None
        """Called with a line for each delivery."""
        self._changed = Condition()
        self.traffic = Traffic(self.now, self.touch)
        self._both: StandIns | None = None
        self._reset: Callable[[], object] = lambda: None

    @property
    def both(self) -> StandIns:
        if self._both is None:
            raise RuntimeError("nothing is on the stage yet")
        return self._both

    def show(self, both: StandIns, reset: Callable[[], object]) -> None:
        """Take both stand-ins on; ``reset`` restores their first state."""
        self._both, self._reset = both, reset
        both.slack.courier.sent = self._delivered

    def _delivered(self, delivery: Delivery) -> None:
        self.traffic.delivered(delivery)
        who = self.both.slack.workspace.user(delivery.user)
        self.say(line(delivery, who.handle))

    def now(self) -> datetime:
        return self.clock.now() if self.clock else datetime.now(UTC)

    def touch(self) -> None:
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> None:
        """Wait until the version differs from ``seen``, or for ``timeout`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != seen, timeout)

    def move_to(self, at: datetime) -> None:
        """Move the clock, and let Slack repeat what is due by then."""
        if self.clock is not None:
            self.clock.move_to(at)
            self.both.slack.tick()
            self.both.slack.workspace.touch()

    def reset(self) -> None:
        """Restore the first state of everything, and start the app's parts again."""
        self.troubles.clear()  # first: what waits for a service ends sooner
        switch(self.both, self.troubles)
        for process in self.processes.values():
            process.run(running=False)
        if self.clock is not None:
            self.clock.reset()
        self._reset()
        self.traffic.clear()
        self.begin()

    def begin(self) -> None:
        """Begin what is to begin anew, and start the processes."""
        for begin in self.anew:
            begin()
        for process in self.processes.values():
            process.run(running=True)

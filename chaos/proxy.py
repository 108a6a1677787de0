"""TCP proxies on loopback: connections that are cut, hung, slowed, and healed.

They forward in a process of their own. In that of the stage, what the bot says to its
database would wait for the crowd and both stand-ins, and pass for the bot's slowness.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from itertools import count
from threading import Lock
from typing import Any

from benchmarks.servers import ROOT
from chaos.relay import Address


class Proxy:
    """Forwards connections to the first of its targets that takes them, in turn."""

    def __init__(self, *targets: Address, name: str = "") -> None:
        self.name = name
        self._process = _process()
        self._number = next(self._process.numbers)
        self.port = int(self._tell("start"))
        self.targets = targets

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> Sequence[Address]:
        return self._targets

    @targets.setter
    def targets(self, targets: Sequence[Address]) -> None:
        self._targets = targets
        self._tell("target", *targets)

    def delay(self, seconds: float) -> None:
        """Let each piece wait so long, in either direction."""
        self._tell("delay", seconds)

    def trickle(self, seconds: float) -> None:
        """Let so long pass between two bytes of what the target answers."""
        self._tell("trickle", seconds)

    def cut(self) -> None:
        """Reset all connections, and each new one."""
        self._tell("cut")

    def hang(self) -> None:
        """Forward nothing; what was sent meanwhile arrives when it is healed."""
        self._tell("hang")

    def silence(self) -> None:
        """Forward nothing on the connections that are open; new ones work."""
        self._tell("silence")

    def stop_accepting(self) -> None:
        """Reset all connections, and let new ones wait before they are connected."""
        self._tell("stop_accepting")

    def reset(self) -> None:
        """Reset the connections that are open; new ones are forwarded."""
        self._tell("reset")

    def heal(self) -> None:
        """End every fault."""
        self._tell("heal")

    def close(self) -> None:
        self._tell("stop")

    def _tell(self, command: str, *arguments: Any) -> Any:
        return self._process.tell([self._number, command, *arguments])


class _Process:
    """The process of all relays; it ends with this one."""

    def __init__(self) -> None:
        self.numbers = count()
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.relay"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self._end)

    def tell(self, command: Sequence[Any]) -> Any:
        """Have a command carried out, and return its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            print(json.dumps(command), file=self._process.stdin, flush=True)
            return json.loads(self._process.stdout.readline())

    def _end(self) -> None:
        """Close its input, and wait until it has ended."""
        self._process.communicate()


_process = cache(_Process)

"""Relays TCP connections in a process of its own, as ``chaos.proxy`` tells it.

It reads one command a line, a JSON list of a relay's number, what to do and with what,
and answers each with a line of JSON. It ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any

Address = tuple[str, int] | str
"""A host and port, or the path of a socket."""

PIECE = 65_536


class Relay:
    """Forwards connections to the first of its targets that takes them, in turn.

    All of it runs in one event loop; commands are methods without an underscore.
    """

    def __init__(self) -> None:
        self._targets: Sequence[Address] = ()
        self._delay = 0.0
        self._trickle = 0.0
        self._turn = 0
        self._refuses = False
        self._open: set[asyncio.StreamWriter] = set()
        self._filler: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._listener.setblocking(False)
        self._port = int(self._listener.getsockname()[1])
        self._flows = asyncio.Event()
        self._flows.set()
        self._silenced: list[asyncio.Event] = []
        self._accepting: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- commands

    def start(self) -> int:
        """Accept connections, and return the port."""
        self._accepting = asyncio.create_task(self._accept())
        return self._port

    def target(self, *targets: list[Any] | str) -> None:
        """Forward new connections to these: pairs of host and port, or paths."""
        self._targets = [
            one if isinstance(one, str) else (one[0], one[1]) for one in targets
        ]

    def delay(self, seconds: float) -> None:
        self._delay = seconds

    def trickle(self, seconds: float) -> None:
        self._trickle = seconds

    def cut(self) -> None:
        self._refuses = True
        self.reset()

    def hang(self) -> None:
        self._flows.clear()

    def silence(self) -> None:
        self._flows.clear()
        self._silenced.append(self._flows)
        self._flows = asyncio.Event()
        self._flows.set()

    def stop_accepting(self) -> None:
        self._close_door()
        self._listener.listen(0)
        for _ in range(2):
            filler = socket.socket()
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(("127.0.0.1", self._port))
            self._filler.append(filler)
        self.reset()

    def reset(self) -> None:
        for writer in list(self._open):
            _abort(writer)

    def heal(self) -> None:
        self._refuses, self._delay, self._trickle = False, 0.0, 0.0
        for flows in (self._flows, *self._silenced):
            flows.set()
        if self._filler:
            self._listener.listen(100)
            for filler in self._filler:
                filler.close()
            self._filler.clear()
            self.start()

    def stop(self) -> None:
        self._close_door()
        self.reset()
        for task in self._tasks:
            task.cancel()
        self._listener.close()

    # -- connections

    def _close_door(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()

    async def _accept(self) -> None:
        while True:
            connection, _ = await asyncio.get_running_loop().sock_accept(self._listener)
            task = asyncio.create_task(self._forward(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _forward(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection)
        self._open.add(writer)
        target = None if self._refuses else await self._connected()
        if target is None:
            _abort(writer)
            self._open.discard(writer)
            return
        there, back = target
        self._open.add(back)
        try:
            await asyncio.gather(
                self._pump(reader, back), self._pump(there, writer, answers=True)
            )
        finally:
            for one in (writer, back):
                one.close()
                self._open.discard(one)

    async def _connected(
        self,
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        targets = list(self._targets)
        self._turn += 1
        for number in range(len(targets)):
            target = targets[(self._turn + number) % len(targets)]
            with suppress(OSError):
                return await _connect(target)
        return None

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        answers: bool = False,
    ) -> None:
        flows = self._flows
        try:
            while piece := await reader.read(PIECE):
                await flows.wait()
                await self._write(writer, piece, slowly=answers)
            await flows.wait()
            writer.write_eof()
        except (OSError, RuntimeError):
            _abort(writer)

    async def _write(
        self, writer: asyncio.StreamWriter, piece: bytes, *, slowly: bool
    ) -> None:
        if self._delay:
            await asyncio.sleep(self._delay)
        if slowly and self._trickle:
            for byte in piece:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(self._trickle)
            return
        writer.write(piece)
        await writer.drain()


def _connect(
    target: Address,
) -> Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    if isinstance(target, str):
        return asyncio.open_unix_connection(target)
    return asyncio.open_connection(*target)


def _abort(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def main() -> None:
    relays: dict[int, Relay] = {}
    while line := await asyncio.to_thread(sys.stdin.readline):
        number, command, *arguments = json.loads(line)
        if number not in relays:
            relays[number] = Relay()
        said = getattr(relays[number], command)(*arguments)
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    asyncio.run(main())

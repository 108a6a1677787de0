"""TCP proxies on loopback: connections that are cut, hung, slowed, and healed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from threading import Event, Thread
from typing import Any

Address = tuple[str, int] | str
"""A host and port, or the path of a socket."""

PIECE = 65_536


class Proxy:
    """Forwards connections to the first of its targets that takes them, in turn."""

    def __init__(self, *targets: Address, name: str = "") -> None:
        self.name = name
        self.targets: Sequence[Address] = targets
        self.delay = 0.0
        """Seconds that each piece waits, in either direction."""
        self.trickle = 0.0
        """Seconds between two bytes of what the target answers."""
        self._turn = 0
        self._refuses = False
        self._open: set[asyncio.StreamWriter] = set()
        self._filler: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._listener.setblocking(False)
        self.port = int(self._listener.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._flows.set()
        self._silenced: list[asyncio.Event] = []
        self._accepting: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._run, name=f"proxy:{name}", daemon=True)
        self._thread.start()
        self._call(self._start)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # -- faults

    def cut(self) -> None:
        """Reset all connections, and each new one."""
        self._refuses = True
        self._call(self._reset)

    def hang(self) -> None:
        """Forward nothing; what was sent meanwhile arrives when it is healed."""
        self._call(self._flows.clear)

    def silence(self) -> None:
        """Forward nothing on the connections that are open; new ones work."""

        def leave() -> None:
            self._flows.clear()
            self._silenced.append(self._flows)
            self._flows = asyncio.Event()
            self._flows.set()

        self._call(leave)

    def stop_accepting(self) -> None:
        """Reset all connections, and let new ones wait before they are connected."""
        self._call(self._close_door)
        self._listener.listen(0)
        for _ in range(2):
            filler = socket.socket()
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(("127.0.0.1", self.port))
            self._filler.append(filler)
        self._call(self._reset)

    def reset(self) -> None:
        """Reset the connections that are open; new ones are forwarded."""
        self._call(self._reset)

    def heal(self) -> None:
        """End every fault."""
        self._refuses, self.delay, self.trickle = False, 0.0, 0.0
        self._call(self._flow)
        if self._filler:
            self._listener.listen(100)
            for filler in self._filler:
                filler.close()
            self._filler.clear()
            self._call(self._start)

    def close(self) -> None:
        self._call(self._stop)
        self._thread.join(5)
        self._listener.close()

    # -- the loop, in its thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _call(self, act: Callable[[], Any]) -> None:
        """Run something in the loop, and wait until it is done."""
        done = Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(5)

    def _start(self) -> None:
        self._accepting = self._loop.create_task(self._accept())

    def _flow(self) -> None:
        for flows in (self._flows, *self._silenced):
            flows.set()

    def _close_door(self) -> None:
        if self._accepting is not None:
            self._accepting.cancel()

    def _reset(self) -> None:
        for writer in list(self._open):
            _abort(writer)

    def _stop(self) -> None:
        self._close_door()
        self._reset()
        for task in self._tasks:
            task.cancel()
        self._loop.call_soon(self._loop.stop)

    async def _accept(self) -> None:
        while True:
            connection, _ = await self._loop.sock_accept(self._listener)
            task = self._loop.create_task(self._forward(connection))
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
        targets = list(self.targets)
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
        if self.delay:
            await asyncio.sleep(self.delay)
        if slowly and self.trickle:
            for byte in piece:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(self.trickle)
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

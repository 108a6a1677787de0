"""Processes tell each other what changed, through PostgreSQL's LISTEN and NOTIFY.

What they tell are hints: that something which the others remember is out of date. It
holds names of lists, paths and ids, and nothing that is in them. Who misses a hint
reads the same a little later. On SQLite nothing is told.
"""

from __future__ import annotations

import json
import logging
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from selectors import EVENT_READ, DefaultSelector
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from storage.errors import DatabaseError

if TYPE_CHECKING:
    from psycopg import Connection

    from storage.database import Database

CHANNEL = "incidentio_bot"
VERSION = 1
LARGEST = 7_900
"""Bytes of one notification; PostgreSQL takes less than 8,000."""
MOST = 500
"""The most hints that wait to be sent; instead of more, ``EVERYTHING`` is told."""
EVERYTHING = ("everything",)
HELLO = "hello"

GATHERING = 0.02
"""Seconds in which further hints join the first."""
PAUSE = 1.0
"""Seconds between two notifications of a process, and before the first new try."""
LONGEST_PAUSE = 60.0
HELLO_PATIENCE = 5.0
"""Seconds in which a process must hear itself, or it hears nobody."""
START_PATIENCE = 0.5
"""Seconds that the start waits until the others are heard."""

NOTIFY = text("SELECT pg_notify(:channel, :payload)")

Hint = Sequence[Any]
Heard = Callable[[Hint], bool]
"""Takes a hint; returns False if it is not understood."""
Observe = Callable[[str], None]

log = logging.getLogger(__name__)


class Deaf(Exception):
    """A process does not hear what it told itself."""


class Peers:
    """The other processes on the same database.

    ``observe`` is given each event by name: ``sent``, ``heard``, ``not_understood`` and
    ``lost``.
    """

    def __init__(
        self,
        database: Database,
        observe: Observe = lambda _: None,
        pause: float = PAUSE,
    ) -> None:
        name = secrets.token_hex(8)
        self._used = database.dialect == "postgresql"
        self._speaker = _Speaker(database, name, observe, pause)
        self._listener = _Listener(database, name, observe, pause)
        self._threads: list[Thread] = []

    @property
    def hears(self) -> bool:
        """Whether the others are heard."""
        return self._listener.hears

    def tell(self, *words: str, value: Sequence[Any] = ()) -> None:
        """Tell the others a hint soon, together with other hints.

        Of several with the same words they get the last ``value``.
        """
        if self._used:
            self._speaker.tell(words, value)

    def start(self, heard: Heard, missed: Callable[[], None]) -> None:
        """Begin to tell and to hear.

        ``missed`` is called when hints may have been missed. Both are called in a
        thread of this object, so they must be quick.
        """
        if not self._used:
            return
        self._listener.prepare(heard, missed)
        self._threads = [
            Thread(target=part.run, name=name, daemon=True)
            for name, part in (("tell", self._speaker), ("hear", self._listener))
        ]
        for thread in self._threads:
            thread.start()
        self._listener.begun.wait(START_PATIENCE)
        self._listener.begun.set()

    def close(self) -> None:
        """Tell what is left to tell, and stop."""
        if self._threads:
            self._speaker.close()
            self._listener.close()
        for thread in self._threads:
            thread.join()


class _Speaker:
    """Sends hints to the others, no more often than once a ``pause``."""

    def __init__(
        self, database: Database, name: str, observe: Observe, pause: float
    ) -> None:
        self._database = database
        self._name = name
        self._observe = observe
        self._pause = pause
        self._lock = Lock()
        self._wake, self._closed = Event(), Event()
        self._waiting: dict[tuple[str, ...], Sequence[Any]] = {}
        self._failures = 0

    def tell(self, words: tuple[str, ...], value: Sequence[Any]) -> None:
        with self._lock:
            self._waiting.pop(words, None)
            self._waiting[words] = value
            self._bound()
        self._wake.set()

    def run(self) -> None:
        while not self._closed.is_set():
            self._wake.wait()
            self._wake.clear()
            self._closed.wait(GATHERING)
            self._send()
            self._closed.wait(_longer(self._pause, self._failures))
        self._send()

    def close(self) -> None:
        self._closed.set()
        self._wake.set()

    def _bound(self) -> None:
        if len(self._waiting) > MOST:
            self._waiting = {EVERYTHING: ()}

    def _send(self) -> None:
        """Send what waits; if that fails, it goes on waiting."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        hints = [[*words, *value] for words, value in waiting.items()]
        try:
            for payload in packed(self._name, hints):
                notify(self._database, payload)
                self._observe("sent")
        except DatabaseError as error:
            self._keep(waiting, error)
        else:
            self._failures = 0

    def _keep(
        self, waiting: dict[tuple[str, ...], Sequence[Any]], error: DatabaseError
    ) -> None:
        if not self._failures:
            log.warning("the other processes are not told what changed: %s", error)
        self._failures += 1
        with self._lock:
            self._waiting = {**waiting, **self._waiting}
            self._bound()
        self._wake.set()


class _Listener:
    """Hears the others on a connection of its own, which is opened again when lost."""

    def __init__(
        self, database: Database, name: str, observe: Observe, pause: float
    ) -> None:
        self.hears = False
        self.begun = Event()
        """Set once nothing told from then on may be missed unnoticed."""
        self._database = database
        self._name = name
        self._observe = observe
        self._pause = pause
        self._closed = Event()
        self._hello = ""
        self._failures = 0

    def prepare(self, heard: Heard, missed: Callable[[], None]) -> None:
        self._heard, self._missed = heard, missed
        self._stopped, self._stopping = socket.socketpair()

    def run(self) -> None:
        with closing(self._stopped):
            while not self._closed.is_set():
                try:
                    self._listen()
                except (DatabaseError, Deaf) as error:
                    self._lost(error)
                self._closed.wait(_longer(self._pause, self._failures - 1))

    def close(self) -> None:
        self._closed.set()
        self._stopping.close()

    def _listen(self) -> None:
        """Hear the others until the connection is lost."""
        with (
            self._database.listening(CHANNEL) as connection,
            DefaultSelector() as selector,
        ):
            selector.register(connection, EVENT_READ)
            selector.register(self._stopped, EVENT_READ)
            self._greet(connection, selector)
            while not self._closed.is_set():
                self._take_what_comes(connection, selector)

    def _greet(self, connection: Connection, selector: DefaultSelector) -> None:
        """Make sure that what is told, by whatever connection, is heard on this one.

        Raises:
            Deaf: it is not, as behind a pooler that gives connections to transactions.
        """
        self._hello = secrets.token_hex(8)
        hello = [[HELLO, self._hello]]
        notify(self._database, *packed(self._name, hello))
        until = monotonic() + HELLO_PATIENCE
        while self._hello and not self._closed.is_set():
            left = until - monotonic()
            if left <= 0:
                raise Deaf("what is told does not arrive; is there a pooler between?")
            self._take_what_comes(connection, selector, left)
        self._found()

    def _take_what_comes(
        self,
        connection: Connection,
        selector: DefaultSelector,
        seconds: float | None = None,
    ) -> None:
        """Wait until something has come, and take it."""
        selector.select(seconds)
        if not self._closed.is_set():
            for came in connection.notifies(timeout=0):
                self._take(came.payload)

    def _take(self, payload: str) -> None:
        sender, hints = unpacked(payload)
        if sender == self._name:
            if [HELLO, self._hello] in hints:
                self._hello = ""
            return
        self._observe("heard" if sender else "not_understood")
        for hint in hints:
            if hint[0] != HELLO and not self._understood(hint):
                self._observe("not_understood")

    def _understood(self, hint: Hint) -> bool:
        try:
            return self._heard(hint)
        except Exception:
            log.exception("what another process told could not be acted on")
            return True

    def _found(self) -> None:
        if self._failures:
            log.info("the other processes are heard again")
        self.hears, self._failures = True, 0
        if self.begun.is_set():
            self._missed()
        self.begun.set()

    def _lost(self, error: Exception) -> None:
        if not self._failures:
            why = str(error).partition("\n")[0]
            log.warning("the other processes are not heard: %s", why)
            self._observe("lost")
        self.hears = False
        self._failures += 1
        self.begun.set()


def notify(database: Database, payload: str) -> None:
    """Send one payload to all who listen.

    Raises:
        DatabaseError: it was not sent.
    """
    with database.statement() as session:
        session.execute(NOTIFY, {"channel": CHANNEL, "payload": payload})


def packed(sender: str, hints: Iterable[Hint]) -> Iterator[str]:
    """Yield payloads that hold the hints, each as many as fit."""
    head = f'{{"v":{VERSION},"from":"{sender}","told":['
    fitting: list[str] = []
    size = len(head)
    for hint in hints:
        said = json.dumps(hint, separators=(",", ":"))
        if len(said) > LARGEST // 2:
            said = json.dumps(EVERYTHING)
        if size + len(said) > LARGEST:
            yield f"{head}{','.join(fitting)}]}}"
            fitting, size = [], len(head)
        fitting.append(said)
        size += len(said) + 1
    if fitting:
        yield f"{head}{','.join(fitting)}]}}"


def unpacked(payload: str) -> tuple[str, list[Hint]]:
    """Return who sent a payload, and its hints.

    The sender is empty where it is not understood: what a later version of this program
    sends may have another form.
    """
    try:
        match json.loads(payload):
            case {"v": int(v), "from": str(sender), "told": [*told]} if v == VERSION:
                return sender, [h for h in told if isinstance(h, list) and h]
    except (ValueError, RecursionError):
        pass
    return "", []


def _longer(pause: float, failures: int) -> float:
    """Return the seconds to wait: twice as many after each further failure."""
    return min(pause * 2.0 ** min(failures, 10), max(pause, LONGEST_PAUSE))

"""The processes of ``app.py``. Each runs until SIGTERM or SIGINT."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event, Thread

from prometheus_client import start_http_server

import web.address
import web.gunicorn
from http_base.client import OnExchange
from reminders.engine import clock
from runtime import tokens
from runtime.clients import Now
from runtime.settings import Settings
from runtime.wiring import HTTP, SOCKET_MODE, OnDelivery, Runtime, build
from slack.socket_mode import SocketConnection
from storage.clock import utc_now
from storage.database import Database, open_database
from storage.errors import DatabaseUnreachable

log = logging.getLogger("incidentio-bot")

RECOVERY = timedelta(seconds=10)
CARDS = timedelta(seconds=10)
COVERS = timedelta(seconds=2)
HOMES = timedelta(seconds=5)
INCIDENT_CARDS = timedelta(seconds=3)
VEIL = timedelta(seconds=30)
HEARTBEAT = timedelta(seconds=30)
AUDIT = timedelta(seconds=3)
SOCKET = timedelta(seconds=3)
REFRESH = timedelta(minutes=1)
"""Time between two rounds of each of these."""
SIGNALS = timedelta(seconds=1)
"""The latest that a signal is noticed."""
RETRY = timedelta(seconds=5)
"""Time until a database server that did not answer is tried again."""


def everything(settings: Settings) -> None:
    """Run Socket Mode and the clock in one process."""
    check_metrics_port(settings)
    address = tokens.check(settings, over_socket=True)
    with (
        stopping() as stop,
        started(settings, stop, mode=SOCKET_MODE) as runtime,
        measured(settings, runtime),
        ticking(runtime),
        listening(settings, runtime, address),
    ):
        wait_for(stop)


def socket_mode(settings: Settings) -> None:
    """Run Socket Mode only."""
    address = tokens.check(settings, over_socket=True)
    with (
        stopping() as stop,
        started(settings, stop, mode=SOCKET_MODE) as runtime,
        listening(settings, runtime, address),
    ):
        wait_for(stop)


def worker(settings: Settings) -> None:
    """Run the clock only."""
    check_metrics_port(settings)
    tokens.check(settings)
    with (
        stopping() as stop,
        started(settings, stop) as runtime,
        measured(settings, runtime),
        ticking(runtime),
    ):
        wait_for(stop)


def serve(settings: Settings) -> None:
    """Serve HTTP behind a load balancer."""
    web.address.check(settings.host, settings.port, "PORT")
    tokens.check(settings)
    prepare(settings, Event())

    def running() -> Served:
        return Served(settings)

    web.gunicorn.serve(
        running, host=settings.host, port=settings.port, threads=settings.web_threads
    )


def release(settings: Settings) -> None:
    """Migrate the database to this version."""
    database = open_database(settings.database_url)
    try:
        database.migrate()
    finally:
        database.close()
    log.info("the database is migrated")


class Served:
    """The application that gunicorn serves, built in the process that serves it."""

    def __init__(self, settings: Settings) -> None:
        self._stack = ExitStack()
        runtime = self._stack.enter_context(started(settings))
        self.wsgi = runtime.wsgi

    def close(self) -> None:
        self._stack.close()


def prepare(settings: Settings, stop: Event | None = None) -> None:
    """Check the database; migrate it first if it is a SQLite file.

    With ``stop``, wait for a server that does not answer yet, until ``stop`` is set:
    the database and the bot may be started at the same time.
    """
    database = open_database(settings.database_url)
    try:
        if database.dialect == "sqlite":
            database.migrate()
        while not _answers(database, stop):
            pass
    finally:
        database.close()


def _answers(database: Database, stop: Event | None) -> bool:
    """Check the database; wait a moment where its server does not answer yet."""
    try:
        database.check()
    except DatabaseUnreachable as error:
        if stop is None:
            raise
        log.warning("waiting for the database: %s", error)
        if stop.wait(RETRY.total_seconds()):
            raise SystemExit from error
        return False
    return True


@contextmanager
def started(
    settings: Settings,
    stop: Event | None = None,
    *,
    now: Now = utc_now,
    on_exchange: OnExchange | None = None,
    on_delivery: OnDelivery | None = None,
    mode: str = HTTP,
    prepared: bool = False,
) -> Iterator[Runtime]:
    """Start a runtime with its background threads; close it at the end.

    With ``stop``, a database server that does not answer is waited for. Only where
    both services are on this machine is ``now`` another clock than the machine's.
    ``on_exchange`` hears of every request to either service. ``on_delivery`` and
    ``mode`` as in ``build``. ``prepared``: the database is known to be ready.
    """
    if not prepared:
        prepare(settings, stop)
    runtime = build(
        settings, now=now, on_exchange=on_exchange, on_delivery=on_delivery, mode=mode
    )
    services = runtime.services
    runtime.clock.refresh()
    runtime.meet_peers()
    warming = Thread(target=services.catalog.warm, name="warm", daemon=True)
    warming.start()
    clocks = [
        clock.start(services.catalog.refresh, REFRESH),
        clock.start(services.outstanding.refresh, REFRESH),
        clock.start(services.company.refresh, RECOVERY),
        clock.start(runtime.directory.refresh, REFRESH),
        clock.start(runtime.recovery.tick, RECOVERY),
        clock.start(runtime.homes.tick, HOMES),
        clock.start(runtime.ledger.heartbeat, HEARTBEAT),
        clock.start(runtime.clock.refresh, HEARTBEAT),
    ]
    log.info("ready", extra={"command": settings.slash_command})
    try:
        yield runtime
    finally:
        runtime.recovery.stop()
        for started_clock in clocks:
            started_clock.stop()
        runtime.close()
        log.info("stopped")


@contextmanager
def listening(
    settings: Settings, runtime: Runtime, address: str | None
) -> Iterator[SocketConnection]:
    """Receive deliveries over Socket Mode until the end.

    ``address`` is that of the first connection, if Slack has given one.
    """
    token = settings.slack_app_token.get_secret_value()
    connection = SocketConnection(runtime.bolt, token, concurrency=settings.web_threads)
    connection.open(address)
    watching = clock.start(connection.tick, SOCKET)
    try:
        yield connection
    finally:
        watching.stop()
        connection.close()


def check_metrics_port(settings: Settings) -> None:
    """Check that ``METRICS_PORT``, if it is set, is free. Raises: AddressRefused."""
    if settings.metrics_port:
        web.address.check(settings.host, settings.metrics_port, "METRICS_PORT")


@contextmanager
def measured(settings: Settings, runtime: Runtime) -> Iterator[None]:
    """Serve the metrics on ``METRICS_PORT``, if it is set."""
    if not settings.metrics_port:
        yield
        return
    server, thread = start_http_server(
        settings.metrics_port, settings.host, runtime.metrics.registry
    )
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def ticking(runtime: Runtime) -> Iterator[None]:
    """Send reminders, update escalations' cards and post the audit until the end."""
    tickers = [
        clock.start(runtime.reminders.tick),
        clock.start(runtime.cards.tick, CARDS),
        clock.start(runtime.covers.tick, COVERS),
        clock.start(runtime.services.incident_cards.tick, INCIDENT_CARDS),
        clock.start(runtime.veil.tick, VEIL),
        clock.start(runtime.audit.tick, AUDIT),
    ]
    try:
        yield
    finally:
        runtime.reminders.stop()
        for ticker in tickers:
            ticker.stop()


@contextmanager
def stopping() -> Iterator[Event]:
    """Yield an event that SIGTERM and SIGINT set.

    Another thread sets it: the one that the signal interrupts may hold its lock.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: Thread(target=stop.set).start())
    yield stop


def wait_for(stop: Event) -> None:
    """Wait until told to stop.

    A signal that comes in the moment in which a wait begins does not interrupt it:
    Python looks for signals before, and runs their handlers after the next wait.
    """
    while not stop.wait(SIGNALS.total_seconds()):
        pass

"""Measures signed commands beside 500 slow connections, and sends hostile requests.

The slow ones send the beginning of a request, then a byte every three seconds, and
connect again when they are dropped. Acknowledgements are timed as in ``ack_over_http``.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Thread
from urllib.parse import urlsplit

import requests

from benchmarks import servers
from benchmarks.figures import section, table
from benchmarks.load import acknowledged, fire
from benchmarks.stand_ins import StandIns

SLOW = 500
EVERY = 3.0
"""Seconds between two bytes of a slow connection."""
A_SECOND, SECONDS = 20, 30
GOAL = 0.2
HEAD = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"
LARGEST = 1024 * 1024

Headers = Mapping[str, str | bytes]
STAMPED: Headers = {"X-Slack-Request-Timestamp": "1"}
KNOCKS: dict[str, tuple[Headers, bytes | Sequence[bytes]]] = {
    "no signature": ({}, b"payload={}"),
    "timestamp `soon`": ({"X-Slack-Request-Timestamp": "soon"}, b"{}"),
    "timestamp of 5,000 digits": ({"X-Slack-Request-Timestamp": "9" * 5_000}, b"{}"),
    "a byte above 127 in the signature": (
        {**STAMPED, "X-Slack-Signature": b"v0=\xff"},
        b"{}",
    ),
    "`ssl_check=1`": ({}, b"ssl_check=1"),
    "truncated JSON": ({}, b'{"type": "event_callback", "event": {'),
    "a JSON list": ({}, b"[]"),
    "a broken `payload=`": ({}, b"payload=%7B"),
    "deep nesting": ({}, b"[" * 200_000),
    "a chunked body over 1 MiB": ({}, [b"x" * 65_536] * (LARGEST // 65_536 + 1)),
}


def main() -> None:
    with StandIns() as stand_ins, servers.bot(stand_ins.settings) as served:
        served.wait_ready()
        issue = partial(stand_ins.ask, "issue")
        plan = [(i / A_SECOND, "/io incidents") for i in range(A_SECOND * SECONDS)]
        fire(served.url, plan[: A_SECOND * 2], issue, connections=40)
        served.wait_idle()
        alone = fire(served.url, plan, issue, connections=60)
        with slow_connections(served.url) as dropped:
            beside = fire(served.url, plan, issue, connections=60)
        answers = [(what, _knock(served.url, *knock)) for what, knock in KNOCKS.items()]
        lines = served.log.read_text().count("refused: not signed")
    rows = [
        ("alone", *acknowledged(alone)),
        (f"beside {SLOW} slow connections", *acknowledged(beside)),
    ]
    about = (
        f"{A_SECOND} commands a second for {SECONDS} s, in milliseconds. Goal: none "
        f"later than {GOAL * 1000:.0f} ms, none failed. {dropped['dropped']} slow "
        f"connections were dropped meanwhile. The {len(KNOCKS)} requests below are "
        f"{lines} line of the log."
    )
    head = ("", "ack: median", "p99", "latest", "failed")
    section("Doors", about, table(head, rows), table(("sent", "answered"), answers))


def _knock(url: str, headers: Headers, body: bytes | Sequence[bytes]) -> str:
    data = body if isinstance(body, bytes) else iter(body)
    try:
        answer = requests.post(
            f"{url}/slack/events", data=data, headers=dict(headers), timeout=10
        )
    except requests.ConnectionError:
        return "connection closed"
    return f"{answer.status_code} {answer.text.strip()[:40]}"


@contextmanager
def slow_connections(url: str) -> Iterator[Counter[str]]:
    """Keep so many slow connections open; count those that were dropped."""
    found: Counter[str] = Counter()
    stop = Event()
    thread = Thread(target=_trickle, args=(url, stop, found))
    thread.start()
    try:
        while found["opened"] < SLOW:
            time.sleep(0.01)
        yield found
    finally:
        stop.set()
        thread.join()


def _trickle(url: str, stop: Event, found: Counter[str]) -> None:
    address = urlsplit(url)
    place = str(address.hostname), address.port or 80
    selector = selectors.DefaultSelector()
    due: dict[socket.socket, float] = {}
    while not stop.is_set():
        while len(due) < SLOW:
            due[_open(place, selector)] = time.monotonic() + EVERY
            found["opened"] += 1
        for key, _ in selector.select(0.05):
            selector.unregister(key.fileobj)
            ended = next(one for one in due if one is key.fileobj)
            del due[ended]
            ended.close()
            found["dropped"] += 1
        for one in [one for one, at in due.items() if at < time.monotonic()]:
            due[one] = time.monotonic() + EVERY
            with suppress(OSError):
                one.sendall(b"x")
    for one in due:
        one.close()
    selector.close()


def _open(place: tuple[str, int], selector: selectors.BaseSelector) -> socket.socket:
    opened = socket.create_connection(place, timeout=5)
    opened.sendall(HEAD)
    opened.setblocking(False)
    selector.register(opened, selectors.EVENT_READ)
    return opened

"""Commands that people type, at given times: signed over HTTP, or over a socket."""

from __future__ import annotations

import gc
import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from benchmarks.figures import middle_and_tail
from sandbox.slack.delivery.courier import FORM, sign

CHANNEL = "C0INCIDENTS"
ANA = "U0ANA"
SLACK_WAITS = 3.0
ISSUED_BEFORE = 0.05
"""Seconds before it is due that a command is made ready."""

Issue = Callable[[], dict[str, str]]
Answer = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Ack:
    line: str
    sent: float
    """The Unix time of the request."""
    seconds: float
    """From the moment the command was due, the generator's own delay included."""
    status: int | None
    """None: no answer within three seconds, or the connection broke."""
    said: str
    trigger: str

    @property
    def failed(self) -> bool:
        return self.status != 200


def command(line: str, issued: dict[str, str]) -> dict[str, str]:
    """Return a slash command as Slack delivers it, from the person it was issued to."""
    name, _, words = line.partition(" ")
    return {
        "team_id": "T0ACME",
        "channel_id": CHANNEL,
        "channel_name": "incidents",
        "user_id": ANA,
        "user_name": "ana",
        "command": name,
        "text": words,
        "api_app_id": "A0BOT",
        **issued,
    }


def request(line: str, issued: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a slash command."""
    body, timestamp = urlencode(command(line, issued)), str(int(time.time()))
    signed = {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign("sandbox", timestamp, body),
    }
    return body.encode(), signed


class Sender(Protocol):
    """What one thread of the load sends commands with."""

    def prepare(self, line: str, issued: dict[str, str]) -> Callable[[], Answer]:
        """Make a command ready; return what sends it and waits for the answer."""
        ...

    def close(self) -> None: ...


class Caller:
    """One connection over HTTP, kept alive."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._http = http.client.HTTPConnection(
            str(address.hostname), address.port, timeout=SLACK_WAITS
        )
        self.connect()

    def prepare(self, line: str, issued: dict[str, str]) -> Callable[[], Answer]:
        return partial(self.post, *request(line, issued))

    def connect(self) -> None:
        self._http.connect()
        self._http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        try:
            if self._http.sock is None:
                self.connect()
            self._http.request("POST", "/slack/events", body, headers)
            answer = self._http.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            return None, ""

    def close(self) -> None:
        self._http.close()


def acknowledged(acks: Sequence[Ack]) -> tuple[str, str, str, str]:
    """Return median, p99 and maximum in milliseconds, and how many failed."""
    answered = [ack.seconds for ack in acks if not ack.failed]
    failed = f"{len(acks) - len(answered)} of {len(acks)}"
    return *middle_and_tail(answered or [0.0]), failed


class _Load:
    def __init__(
        self,
        plan: Sequence[tuple[float, str]],
        issue: Issue,
        sender: Callable[[], Sender],
    ) -> None:
        self.acks: list[Ack] = []
        self._issue, self._sender = issue, sender
        self._plan: Iterator[tuple[float, str]] = iter(plan)
        self._lock = Lock()
        self._start = time.monotonic() + 0.5

    def work(self) -> None:
        with closing(self._sender()) as sender:
            while (planned := self._next()) is not None:
                at, line = planned
                _sleep_until(self._start + at - ISSUED_BEFORE)
                issued = self._issue()
                send = sender.prepare(line, issued)
                _sleep_until(self._start + at)
                sent = time.time()
                status, said = send()
                seconds = time.monotonic() - self._start - at
                self.acks.append(
                    Ack(line, sent, seconds, status, _words(said), issued["trigger_id"])
                )

    def _next(self) -> tuple[float, str] | None:
        with self._lock:
            return next(self._plan, None)


def fire(
    url: str, plan: Sequence[tuple[float, str]], issue: Issue, *, connections: int
) -> list[Ack]:
    """Send each line at its second of the plan, answered or not the ones before."""
    return fire_with(partial(Caller, url), plan, issue, threads=connections)


def fire_with(
    sender: Callable[[], Sender],
    plan: Sequence[tuple[float, str]],
    issue: Issue,
    *,
    threads: int,
) -> list[Ack]:
    """Do the same with senders of which each thread has one."""
    load = _Load(plan, issue, sender)
    started = [Thread(target=load.work) for _ in range(min(threads, len(plan)))]
    with _uncollected():
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
    return load.acks


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: its 80 ms would pass for those of the bot."""
    enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _words(said: str) -> str:
    try:
        return str(json.loads(said).get("text", ""))
    except (ValueError, AttributeError):
        return said

"""Somebody else's API, scripted, on a real port; and a clock to go with it."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.elapsed = 0.0
        self.naps = []

    def now(self):
        return START + timedelta(seconds=self.elapsed)

    def monotonic(self):
        return self.elapsed

    def sleep(self, seconds):
        assert seconds >= 0
        self.naps.append(seconds)
        self.elapsed += seconds


@dataclass
class Request:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: Any


@dataclass
class Upstream:
    """A server answering from a script; the last answer repeats."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    script: deque[Any] = field(default_factory=lambda: deque([(200, {})]))
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def answers(self, *replies):
        self.script = deque(replies)

    @property
    def last(self):
        return self.requests[-1]

    def reply(self, handler):
        reply = self.script[0] if len(self.script) == 1 else self.script.popleft()
        if callable(reply):
            reply(handler)
        else:
            status, body, *headers = reply
            send(handler, status, body, *headers)

    def hang(self, handler):
        """Say nothing until the test is over."""
        self.over.wait(20)
        handler.close_connection = True

    def trickle(self, handler):
        """Send a little, and a little more, for ever."""
        handler.send_response(200)
        handler.end_headers()
        while not self.over.wait(0.01):
            handler.wfile.write(b" ")


def eventually(condition):
    """Give another thread its turn; what it does takes no time of the test's clock."""
    limit = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < limit
        threading.Event().wait(0.002)


def send(handler, status, body, headers=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **(headers or {})}
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw)


def drop(handler):
    """Hang up without a word."""
    handler.close_connection = True


def truncate(handler):
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"sever')
    handler.close_connection = True


def page_of_html(status):
    return status, b"<html><h1>Sorry</h1></html>", {"Content-Type": "text/html"}


@contextmanager
def serve(script):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 20

        def setup(self):
            super().setup()
            script.connections += 1

        def answer(self):
            url = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = parse_qsl(url.query, keep_blank_values=True)
            body = json.loads(raw) if raw else None
            headers = dict(self.headers)
            script.requests.append(
                Request(self.command, url.path, query, headers, body)
            )
            script.reply(self)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, *_):
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

        def handle_error(self, request, client_address):
            """The client may hang up at any time."""

    server = Server(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    try:
        yield script
    finally:
        script.over.set()
        server.shutdown()
        server.server_close()
        serving.join()

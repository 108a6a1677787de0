"""What strangers may send: odd requests, and bytes that are none."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
import requests
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.web.conftest import signed
from web.webhooks import sign, signing_key

PROGRAM = Path(__file__).parent / "surface.py"
ROOT = PROGRAM.parents[2]
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
UNSUPPORTED = 501
"""How a transfer coding that there is not is answered."""


class Surface:
    """The program, and what it logs."""

    def __init__(self):
        self.log = []
        self._popen = subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for line in self._popen.stderr:
            if found := re.search(r"Listening at: (http://127.0.0.1:(\d+))", line):
                break
        self.url, self._port = found[1], int(found[2])
        self._reading = Thread(target=self._read)
        self._reading.start()

    def _read(self):
        self.log += self._popen.stderr

    def send(self, raw):
        """Send bytes and no more; return the status of the answer, None without one."""
        answer = b""
        with (
            suppress(ConnectionError),
            socket.create_connection(("127.0.0.1", self._port), timeout=60) as client,
        ):
            client.sendall(raw)
            client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65_536):
                answer += piece
        found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
        assert found or not answer, answer
        return int(found[1]) if found else None

    def end(self):
        """Stop it; return what it logged."""
        os.killpg(self._popen.pid, signal.SIGTERM)
        self._popen.wait(60)
        self._reading.join()
        self._popen.stderr.close()
        return "".join(self.log)


@pytest.fixture(scope="module")
def surface():
    running = Surface()
    yield running
    logged = running.end()
    assert "Traceback" not in logged
    assert logged.count("refused: malformed") <= 1
    assert logged.count("refused: not signed") <= 1


def post(path, *head, body=b""):
    lines = [f"POST {path} HTTP/1.1", "Host: bot.example.com", *head, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


CHUNKED = "Transfer-Encoding: chunked"
MALFORMED = {
    "a negative chunk": (b"-1\r\n\r\n", 401),
    "a chunk without its end": (b"2\r\nabXX0\r\n\r\n", 401),
    "a chunk of no number": (b"two\r\nab\r\n0\r\n\r\n", 401),
    "a chunk that is not all there": (b"FFFFFF\r\nab", None),
    "a chunk larger than memory": (b"F" * 17 + b"\r\nab\r\n0\r\n\r\n", 401),
}


@pytest.mark.parametrize(("body", "status"), MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("path", ["/slack/events", "/incidentio/webhooks"])
def test_a_malformed_body_is_refused_like_one_without_a_signature(
    surface, path, body, status
):
    assert surface.send(post(path, CHUNKED, body=body)) == status


@pytest.mark.parametrize(
    "head",
    [
        ["Content-Length: 2", "Content-Length: 2"],
        ["Content-Length: 2", "Content-Length: 3"],
        ["Content-Length: 2, 2"],
        ["Content-Length: -1"],
        ["Content-Length: +2"],
        ["Content-Length: two"],
        ["Content-Length: \xb2"],
        ["Content-Length: 2", CHUNKED],
        [f"{CHUNKED}, chunked"],
        ["Host: other.example.com"],
        ["X: a", " b"],
        ["X : a"],
        ["X: a\0b"],
    ],
    ids=str,
)
def test_a_request_that_can_be_read_in_two_ways_is_refused(surface, head):
    assert surface.send(post("/slack/events", *head, body=b"0\r\n\r\n")) == 400


def test_a_head_that_is_too_large_is_refused(surface):
    assert surface.send(post("/slack/events", "X: " + "a" * 9_000)) == 431
    many = [f"X{number}: y" for number in range(200)]
    assert surface.send(post("/slack/events", *many)) == 431
    assert surface.send(post("/" + "a" * 9_000)) == 414


@pytest.mark.parametrize(
    "header",
    [
        "SCRIPT_NAME: /elsewhere",
        "PATH_INFO: /metrics",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off",
    ],
)
def test_no_header_says_what_was_asked_for(surface, header):
    """Though the request comes from this machine, as from a proxy beside the bot."""
    raw = f"GET /healthz HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n"
    assert surface.send(raw.encode()) == 200


def test_one_source_of_malformed_requests_is_logged_once_a_minute():
    running = Surface()
    for _ in range(5):
        assert running.send(b"odd\r\n\r\n") == 400
    logged = running.end()
    assert logged.count("refused: malformed") == 1
    assert "source=127.0.0.1" in logged
    assert "Invalid request" not in logged


@pytest.mark.parametrize("path", ["/slack/events", "/incidentio/webhooks"])
def test_what_is_signed_is_taken_as_the_document_says(surface, path):
    body = json.dumps({"event_type": "x"}).encode()
    at = str(int(datetime.now(UTC).timestamp()))
    headers = {
        **signed(body),
        "webhook-id": "msg_1",
        "webhook-timestamp": at,
        "webhook-signature": sign(signing_key(WEBHOOK_SECRET), "msg_1", at, body),
    }
    answer = requests.post(surface.url + path, data=body, headers=headers, timeout=60)
    assert answer.status_code == 200


@pytest.mark.prove
def test_every_made_up_request_is_answered_as_the_document_says(surface):
    from tests.made_up import faults

    document = yaml.safe_load((ROOT / "docs" / "http.yaml").read_text())
    # Nothing that is made up has a signature: it is refused, right or wrong.
    assert faults(document, surface.url) == []


methods = st.sampled_from(["GET", "POST", "HEAD", "PUT", "TRACE", "OPTIONS", "get", ""])
paths = st.sampled_from(
    ["/slack/events", "/incidentio/webhooks", "/healthz", "/readyz", "/metrics", "*"]
)
targets = st.one_of(paths, st.text(max_size=20).map("/".__add__))
versions = st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "", "1.1"])
names = st.sampled_from(
    [
        *("Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect"),
        *("Content-Type", "X-Slack-Signature", "X-Slack-Request-Timestamp", "Range"),
        *("webhook-id", "webhook-timestamp", "webhook-signature", "Content_Length"),
        *("SCRIPT_NAME", "X-Forwarded-Proto", "Upgrade", "Cookie", "Accept", ":path"),
    ]
)
values = st.one_of(
    st.sampled_from(
        [
            *("chunked", "gzip, chunked", "identity", "close", "keep-alive"),
            *("0", "1", "3", "-1", "+3", "03", "3,3", "9" * 20, "100-continue"),
            *("multipart/form-data; boundary=", "application/json; charset=\xff"),
            *("bytes=0-", "websocket", "h2c", "https", "v0=", "v1,", ";;=", '"'),
        ]
    ),
    st.text(max_size=20),
)
headers = st.lists(st.tuples(names, values).map(": ".join), max_size=6)
bodies = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"3\r\nabc\r\n0\r\n\r\n", b"3\r\nab", b"0\r\n\r\n", b"-3\r\nabc"]),
)


@st.composite
def asked(draw):
    """Draw the bytes of something like a request."""
    line = " ".join([draw(methods), draw(targets), draw(versions)])
    head = "\r\n".join([line, *draw(headers), "", ""])
    return head.encode("utf-8", "surrogatepass") + draw(bodies)


@pytest.mark.prove
@given(st.lists(st.one_of(asked(), st.binary(max_size=60)), min_size=1, max_size=3))
def test_whatever_is_sent_is_answered_or_not_and_does_no_harm(surface, sent):
    status = surface.send(b"".join(sent))
    assert status is None or status < 500 or status == UNSUPPORTED

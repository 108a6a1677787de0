"""An answer is read to its end, if it has one in time."""

import socket
import time
from contextlib import closing, nullcontext, suppress
from threading import Event, Thread

import pytest
from urllib3.util import connection
from werkzeug.wrappers import Response

from http_base import client
from http_base.client import HttpClient
from http_base.connections import HOSTS
from http_base.failures import NoAnswer, UndecodableAnswer, Withheld
from http_base.precedence import PRECEDENCE
from sandbox.serve import serve

LARGEST = 100_000


@pytest.fixture
def ask(monkeypatch):
    """Ask a service whose answers have so many bytes."""
    monkeypatch.setattr(client, "LARGEST_ANSWER", LARGEST)

    def answer(environ, start_response):
        size = int(environ["QUERY_STRING"])
        return Response(b"x" * size)(environ, start_response)

    with serve(answer) as server:
        http = HttpClient(
            "Slack", server.url, pool_size=1, connect_timeout=3, read_timeout=3
        )
        yield lambda size: http.request(
            "GET", f"{server.url}/?{size}", until=time.monotonic() + 10
        )
        http.close()


def test_an_answer_up_to_the_limit_is_read(ask):
    assert len(ask(LARGEST).body) == LARGEST


def test_who_asked_gives_way_after_each_answer(ask, monkeypatch):
    given = []
    monkeypatch.setattr(PRECEDENCE, "give_way", lambda: given.append(1))
    ask(1)
    ask(2)
    assert given == [1, 1]


def test_a_larger_answer_is_not_read_to_its_end(ask):
    with pytest.raises(UndecodableAnswer, match="too large") as error:
        ask(LARGEST * 20)
    assert (error.value.sent, error.value.status) == (True, 200)


ENDLESS = {
    "status": (b"HTTP/1.1 2", b"0"),
    "headers": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "length of a chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"0",
    ),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
}


class Trickle:
    """Answers one request with ``first``, and then for long with ``more``."""

    def __init__(self, first, more, pieces=300):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._answer, self._over = (first, more, pieces), Event()
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def close(self):
        self._over.set()
        self._thread.join()

    def _serve(self):
        first, more, pieces = self._answer
        with suppress(OSError), self._listener, self._listener.accept()[0] as client:
            client.recv(65_536)
            client.sendall(first)
            for _ in range(pieces):
                if not self._over.wait(0.01):
                    client.sendall(more)


def ends_in_time(url, seconds=0.2):
    """Ask with so long for all of it, where each read alone might take long."""
    http = HttpClient("Slack", url, pool_size=1, connect_timeout=60, read_timeout=60)
    with pytest.raises(NoAnswer) as error:
        http.request("POST", url, until=time.monotonic() + seconds, data=b"{}")
    http.close()
    return error.value


@pytest.mark.parametrize("sent", ENDLESS.values(), ids=ENDLESS)
def test_no_part_of_an_answer_may_trickle_in_beyond_the_deadline(sent):
    with closing(Trickle(*sent)) as server:
        error = ends_in_time(f"http://{server.address}/")
    assert (error.sent, error.timed_out) == (True, True)


@pytest.mark.parametrize("cut", [0, 9, 17, 36])
def test_headers_that_end_early_are_no_answer(cut):
    """They would pass for those of an empty answer."""
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"[:cut]
    with closing(Trickle(first, b"", pieces=0)) as server:
        error = ends_in_time(f"http://{server.address}/", seconds=10)
    assert (error.sent, error.timed_out) == (True, False)


def test_nor_may_the_answer_of_a_proxy(monkeypatch):
    with closing(Trickle(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        assert ends_in_time("https://incident.invalid/").timed_out


class Timed(socket.socket):
    """Notes how long each step may take."""

    times: list[float | None]

    def settimeout(self, seconds):
        self.times.append(seconds)
        super().settimeout(seconds)


def test_connecting_and_each_read_have_a_time_of_their_own(monkeypatch):
    times, connect = [], connection.create_connection

    def timed(address, timeout, **named):
        times.append(timeout)
        made = Timed(fileno=connect(address, timeout, **named).detach())
        made.times = times
        return made

    monkeypatch.setattr(connection, "create_connection", timed)
    with serve(Response(b"x")) as server:
        http = HttpClient(
            "Slack", server.url, pool_size=1, connect_timeout=3, read_timeout=7
        )
        http.request("GET", server.url, until=time.monotonic() + 60)
        http.close()
    assert (times[0], times[-1]) == (3, 7)


def test_more_hosts_than_connections_are_kept_for_are_asked_all_the_same():
    """A machine has many names."""
    names = ["localhost", "127.0.0.1", "127.0.1", "127.1", "2130706433", "0x7f.1"]
    assert len(names) > HOSTS
    with serve(Response(b"x")) as server:
        port = server.url.rpartition(":")[2]
        urls = [f"http://{name}:{port}/" for name in names]
        http = HttpClient(
            "Slack", server.url, pool_size=1, connect_timeout=3, read_timeout=3
        )
        for url in (*urls, *urls, *reversed(urls)):
            http.request("GET", url, until=time.monotonic() + 10)
        http.close()


@pytest.mark.parametrize("url", ["", "slack.com", "ftp://slack.com/", "http://[x/"])
def test_what_is_no_address_was_certainly_not_sent(url):
    http = HttpClient(
        "Slack", "http://slack.invalid", pool_size=1, connect_timeout=3, read_timeout=3
    )
    with pytest.raises(NoAnswer) as error:
        http.request("GET", url, until=time.monotonic() + 10)
    http.close()
    assert not error.value.sent


class Noted(socket.socket):
    """Notes each piece that is sent."""

    pieces: list[bytes | str]

    def sendall(self, data, *flags):
        self.pieces.append(bytes(data))
        return super().sendall(data, *flags)


@pytest.fixture
def pieces(monkeypatch):
    """Everything that is sent, in the pieces in which it is."""
    pieces, connect = [], connection.create_connection

    def noted(*given, **named):
        opened = connect(*given, **named)
        timeout = opened.gettimeout()
        made = Noted(fileno=opened.detach())
        made.settimeout(timeout)
        made.pieces = pieces
        pieces.append("connected")
        return made

    monkeypatch.setattr(connection, "create_connection", noted)
    return pieces


@pytest.mark.parametrize("allowed", [True, False])
def test_whether_it_may_be_sent_is_asked_right_before_all_of_it_leaves(pieces, allowed):
    """Once on a new connection, once on one that is used again."""

    def look():
        pieces.append("looked")
        return allowed or len(pieces) < 3

    def post():
        return http.request(
            "POST", server.url, until=time.monotonic() + 10, json=[1], may_send=look
        )

    with serve(Response(b"x")) as server:
        http = HttpClient(
            "Slack", server.url, pool_size=1, connect_timeout=3, read_timeout=3
        )
        post()
        with nullcontext() if allowed else pytest.raises(Withheld):
            post()
        http.close()

    connected, first_look, whole, *more = pieces
    assert (connected, first_look) == ("connected", "looked")
    assert whole.startswith(b"POST / HTTP/1.1\r\n")
    assert whole.endswith(b"\r\n\r\n[1]")
    assert more == (["looked", whole] if allowed else ["looked"])

import json
import socket
import struct

import pytest
import requests
import websocket

from sandbox.incidentio import IncidentioSandbox
from sandbox.serve import is_from_here, serve
from sandbox.websocket import WebSocket

CHUNKED = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


def echo(environ, start_response):
    if environ.get("HTTP_UPGRADE") == "websocket":
        talk = WebSocket(environ)
        while (said := talk.receive()) != "bye":
            talk.send(said)
        talk.close()
        raise ConnectionAbortedError("the conversation is over")
    body = environ["wsgi.input"].read() if environ["PATH_INFO"] == "/read" else b"-"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def test_a_body_that_nobody_reads_does_no_harm():
    with serve(echo) as server, requests.Session() as session:
        for _ in range(3):
            assert session.post(server.url, data=b"x" * 70_000).text == "-"
        assert session.post(f"{server.url}/read", data=b"yes").text == "yes"


def test_a_connection_serves_many_requests():
    ports = set()

    def remember(environ, start_response):
        ports.add(environ["REMOTE_PORT"])
        return echo(environ, start_response)

    with serve(remember) as server, requests.Session() as session:
        for path in ("/", "/read", "/"):
            session.post(server.url + path, data=b"yes")
        session.head(server.url)
        assert session.post(f"{server.url}/read", data=iter([b"in ", b"two"])).text == (
            "in two"
        )

    assert len(ports) == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : here\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: one\r\n  two\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: two\r\n\r\nab",
        b"POST / HTTP/1.1\r\nContent-Length: 2, 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab",
        b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\nab",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        CHUNKED + b"-1\r\n\r\n",
        CHUNKED + b"2\r\nabXX0\r\n\r\n",
        CHUNKED + b"2\r\na",
        CHUNKED + b"F" * 17 + b"\r\nab\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(sent):
    with (
        serve(echo) as server,
        socket.create_connection(("127.0.0.1", server.port), 30) as client,
    ):
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        answer = client.recv(12)
    assert answer.startswith(b"HTTP/1.1 400")


def test_no_header_passes_for_another():
    def show(environ, start_response):
        start_response("200 OK", [])
        return [json.dumps([environ["HTTP_X_NAME"], environ["CONTENT_TYPE"]]).encode()]

    given = {"X-Name": "theirs", "X_Name": "mine", "Content-Type": "text/x"}
    with serve(show) as server:
        assert requests.get(server.url, headers=given, timeout=30).json() == [
            "theirs",
            "text/x",
        ]


def test_an_application_that_fails_is_answered_for(caplog):
    def failing(environ, start_response):
        raise ValueError("oh dear")

    with serve(failing) as server, requests.Session() as session:
        assert session.get(server.url).status_code == 500
        assert session.get(server.url).status_code == 500

    assert "oh dear" in caplog.text


@pytest.fixture
def client():
    with serve(echo) as server:
        client = websocket.create_connection(f"ws{server.url[4:]}/", 30)
        yield client
        client.shutdown()


def test_websockets_share_the_port(client):
    client.send("hello")
    client.send("ä" * 70_000)
    assert client.recv() == "hello"
    assert client.recv() == "ä" * 70_000
    client.send("bye")
    opcode, said = client.recv_data()
    assert (opcode, struct.unpack("!H", said)) == (websocket.ABNF.OPCODE_CLOSE, (1000,))


def test_a_message_may_come_in_parts_with_a_ping_between(client):
    client.send_frame(websocket.ABNF(0, 0, 0, 0, websocket.ABNF.OPCODE_TEXT, 1, b"hel"))
    client.ping("still there?")
    client.send_frame(websocket.ABNF(1, 0, 0, 0, websocket.ABNF.OPCODE_CONT, 1, b"lo"))
    got = [client.recv_data(control_frame=True) for _ in range(2)]
    assert [said for _, said in got] == [b"still there?", b"hello"]


def test_a_client_that_says_goodbye_is_answered(client):
    client.send_close(1001)
    opcode, said = client.recv_data()
    assert (opcode, struct.unpack("!H", said)) == (websocket.ABNF.OPCODE_CLOSE, (1001,))


def test_what_is_no_proper_request_for_a_websocket_is_refused():
    with serve(echo) as server:
        asked = {"Upgrade": "websocket", "Connection": "Upgrade"}
        answer = requests.get(server.url, headers=asked, timeout=30)
    assert answer.status_code == 400
    assert "Sec-WebSocket-Key" in answer.text


def test_a_closed_server_answers_nobody():
    with serve(echo) as server, requests.Session() as session:
        session.get(server.url)
        server.close()
        with pytest.raises(requests.ConnectionError):
            session.get(server.url, timeout=30)


@pytest.mark.parametrize("host", ["::", "192.168.0.1", "example.com", ""])
def test_it_serves_this_machine_only(host):
    with pytest.raises(ValueError, match="not loopback"):
        serve(echo, host=host)


@pytest.mark.parametrize(
    ("host", "origin", "here"),
    [
        ("127.0.0.1:3100", None, True),
        ("localhost:3100", "http://localhost:3100", True),
        ("[::1]:3100", None, True),
        ("127.0.0.1:3100", "http://127.0.0.1:3101", False),
        ("127.0.0.1:3100", "https://evil.example", False),
        ("127.0.0.1:3100", "null", False),
        ("evil.example", None, False),
    ],
)
def test_only_this_machine_and_no_other_site_is_served(host, origin, here):
    assert is_from_here(host, origin) is here


@pytest.mark.parametrize(
    "theirs", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}]
)
def test_so_it_is_with_the_api(theirs):
    with serve(IncidentioSandbox(seed=False).wsgi) as server:
        headers = {"Authorization": "Bearer sandbox", **theirs}
        answer = requests.get(
            f"{server.url}/v1/severities", headers=headers, timeout=30
        )
    assert answer.status_code == 403

"""Slack's client over real connections: pooled, with clear failures, as itself."""

import inspect
import json
import socket
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.base_client import BaseClient

from slack.client import ResponseRefused, SlackClient, SlackUnreachable, retry_after
from tests.tls import BREAKS, CERTIFICATE, breaking

HTML = ("text/html", b"<h1>Bad gateway</h1>")


def http(status, content_type, body, *headers):
    lines = [f"HTTP/1.1 {status} -", f"Content-Type: {content_type}"]
    lines += [f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def said(body, status=200, *headers):
    kind = "application/json; charset=utf-8"
    return http(status, kind, json.dumps(body).encode(), *headers)


class Recorder(ThreadingHTTPServer):
    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Parrot)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.answer, self.requests, self.connections = answer, [], []


class Client(SlackClient):
    server: Recorder


class Parrot(BaseHTTPRequestHandler):
    """Gives every request the same answer, as it is; keeps the connection."""

    protocol_version = "HTTP/1.1"
    server: Recorder

    def setup(self):
        super().setup()
        self.server.connections.append(self.client_address)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((dict(self.headers), body))
        self.wfile.write(self.server.answer)
        self.close_connection = not self.server.answer

    def log_message(self, *_):
        pass


@contextmanager
def listening(answer):
    """A client of a server that gives this answer, and what the server saw."""
    with Recorder(answer) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        client = Client("xoxb-1", base_url=f"{server.url}/api", timeout=30)
        client.server = server
        try:
            yield client
        finally:
            client.close()
            server.shutdown()
            thread.join()


def test_calls_share_a_connection():
    with listening(said({"ok": True})) as slack:
        for _ in range(5):
            slack.auth_test()
        assert len(slack.server.requests) == 5
        assert len(slack.server.connections) == 1


def test_the_sdk_still_sends_through_the_method_that_is_overridden():
    own = inspect.signature(SlackClient._perform_urllib_http_request_internal)
    sdks = inspect.signature(WebClient._perform_urllib_http_request_internal)
    assert [*own.parameters] == [*sdks.parameters]
    sends = inspect.getsource(BaseClient._perform_urllib_http_request)
    assert "self._perform_urllib_http_request_internal(" in sends


def test_an_answer_is_what_the_sdk_would_give():
    with listening(said({"ok": True, "user": "bôt"}, 200, "x-oauth-scopes: a,b")) as s:
        answer = s.auth_test()
    assert answer["user"] == "bôt"
    assert answer.headers["x-oauth-scopes"] == "a,b"


def test_json_without_a_charset_is_utf_8():
    body = '{"ok": true, "user": "bôt"}'.encode()
    with listening(http(200, "application/json", body)) as slack:
        assert slack.auth_test()["user"] == "bôt"


def test_the_token_is_sent_and_nothing_from_the_machine_replaces_it(
    tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with listening(said({"ok": True}, 200, "Set-Cookie: b=1; Path=/")) as slack:
        slack.auth_test()
        slack.auth_test()
        sent = [headers for headers, _ in slack.server.requests]
    assert [headers["Authorization"] for headers in sent] == ["Bearer xoxb-1"] * 2
    assert not any("Cookie" in headers for headers in sent)


def test_a_refusal_carries_slacks_reason():
    no = said({"ok": False, "error": "channel_not_found"})
    with listening(no) as slack, pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel="C1", text="hello")
    assert refused.value.response["error"] == "channel_not_found"


@pytest.mark.parametrize("content", [said({"ok": False}, 429)[-13:], b"slow down"])
def test_too_many_requests_say_how_long_to_wait(content):
    answer = http(429, "text/plain", content, "Retry-After: 7")
    with listening(answer) as slack, pytest.raises(SlackApiError) as refused:
        slack.auth_test()
    assert retry_after(refused.value) == timedelta(seconds=7)


def test_a_response_url_says_how_long_to_wait():
    busy = http(429, "text/plain", b"slow down", "Retry-After: 7")
    with listening(busy) as slack, pytest.raises(ResponseRefused) as refused:
        slack.post(f"{slack.server.url}/commands/1", {"text": "Done"})
    assert retry_after(refused.value) == timedelta(seconds=7)


@pytest.mark.parametrize(
    "answer",
    [http(502, *HTML), http(200, *HTML), said([]), said(None), http(200, "x/y", b"")],
    ids=["a bad gateway", "a login page", "a list", "nothing", "silence"],
)
def test_what_does_not_come_from_slack_is_no_answer(answer):
    with listening(answer) as slack, pytest.raises(SlackUnreachable) as failed:
        slack.chat_postMessage(channel="C1", text="hello")
    assert failed.value.sent
    assert str(failed.value) == "Slack did not answer chat.postMessage"


def test_a_broken_connection_may_have_been_heard():
    with listening(b"") as slack, pytest.raises(SlackUnreachable) as failed:
        slack.auth_test()
    assert failed.value.sent


@pytest.fixture
def nowhere():
    """The address of a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def untrusted():
    """The address of a server whose certificate nobody vouches for."""
    with breaking(b"") as server:
        yield server.url


@pytest.fixture
def unknown():
    return "http://slack.invalid"


@pytest.mark.parametrize("address", ["nowhere", "unknown", "untrusted"])
def test_who_cannot_be_connected_to_has_certainly_not_heard(request, address):
    slack = SlackClient("xoxb-1", base_url=request.getfixturevalue(address))
    with pytest.raises(SlackUnreachable) as failed:
        slack.auth_test()
    slack.close()
    assert not failed.value.sent


@pytest.mark.parametrize(("timeout", "deadline"), [(0.05, 25.0), (30, 0.05)])
def test_slack_may_take_only_so_long(monkeypatch, timeout: Any, deadline):
    monkeypatch.setattr("slack.client.DEADLINE", deadline)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        slack = SlackClient("xoxb-1", base_url=url, timeout=timeout)
        with pytest.raises(SlackUnreachable) as failed:
            slack.auth_test()
        slack.close()
    assert failed.value.sent


def test_nobody_is_followed_elsewhere_with_the_token():
    moved = http(302, "text/plain", b"", "Location: http://127.0.0.1:9/elsewhere")
    with listening(moved) as slack, pytest.raises(SlackUnreachable):
        slack.auth_test()


def test_a_response_url_takes_a_message():
    with listening(http(200, "text/plain", b"ok")) as slack:
        slack.post(f"{slack.server.url}/commands/1", {"text": "Done"})
        ((headers, body),) = slack.server.requests
    assert json.loads(body) == {"text": "Done"}
    assert "Authorization" not in headers


def test_a_response_url_that_is_used_up_says_so():
    used = http(404, "text/plain", b"used_url")
    with listening(used) as slack, pytest.raises(ResponseRefused) as refused:
        slack.post(f"{slack.server.url}/commands/1", {"text": "Done"})
    assert str(refused.value) == "response_url answered 404: used_url"
    assert refused.value.status == 404


@pytest.mark.parametrize("answer", BREAKS.values(), ids=BREAKS)
def test_tls_that_breaks_while_the_answer_is_read_may_have_been_heard(
    monkeypatch, answer
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with breaking(answer) as server:
        slack = SlackClient("xoxb-1", base_url=server.url)
        with pytest.raises(SlackUnreachable) as failed:
            slack.chat_postMessage(channel="C", text="{}")
        slack.close()
        assert server.carried_out == 1
    assert failed.value.sent

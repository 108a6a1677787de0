"""An answer is read to its end, if it has one."""

import time

import pytest
from werkzeug.wrappers import Response

from http_base import client
from http_base.client import HttpClient
from http_base.failures import UndecodableAnswer
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


def test_a_larger_answer_is_not_read_to_its_end(ask):
    with pytest.raises(UndecodableAnswer, match="too large") as error:
        ask(LARGEST * 20)
    assert (error.value.sent, error.value.status) == (True, 200)

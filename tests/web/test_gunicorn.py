"""Real processes: what happens to people's requests when the bot is stopped."""

import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest
import requests

from web.gunicorn import Wakefulness
from web.server import LARGEST

PROGRAM = Path(__file__).parent / "serving.py"


class Process:
    def __init__(self, receiving):
        root = PROGRAM.parents[2]
        self._popen = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(receiving)],
            cwd=root,
            env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.log = []

    def wait_until_it_listens(self):
        self.url = self._logged(r"Listening at: (http://[\d.:]+)")[1]

    def address(self):
        host, port = self.url.removeprefix("http://").split(":")
        return host, int(port)

    def wait_until_it_stops_listening(self):
        while self.listens():
            Event().wait(0.02)

    def listens(self):
        with socket.socket() as caller:
            return caller.connect_ex(self.address()) == 0

    def _logged(self, pattern):
        for line in self._popen.stderr:
            self.log.append(line)
            if found := re.search(pattern, line):
                return found
        raise AssertionError("".join(self.log))

    def get(self, path, timeout=60):
        return requests.get(self.url + path, timeout=timeout)

    def heard(self):
        return self._popen.stdout.readline().strip()

    def carry_on(self):
        self._popen.stdin.write("\n")
        self._popen.stdin.flush()

    def send(self, number):
        self._popen.send_signal(number)

    def end(self):
        """What it still says, and how it exits."""
        out, log = self._popen.communicate(timeout=60)
        self.log.append(log)
        return out.split("\n")[:-1], self._popen.returncode

    def kill(self):
        """End it and those that it started, which would notice only a second later."""
        if self._popen.poll() is None:
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.communicate()


@contextmanager
def started(receiving=120):
    """``receiving``: seconds in which a client must have sent all that it began."""
    process = Process(receiving)
    try:
        process.wait_until_it_listens()
        yield process
    finally:
        process.kill()


@pytest.fixture
def process():
    with started() as process:
        yield process


@pytest.fixture(scope="module")
def standing():
    """A process that no test ends, and none may leave worse than it was."""
    with started() as process:
        yield process


@pytest.fixture(scope="module")
def impatient():
    """Such a process that soon gives up who is slow to send."""
    with started(0.3) as process:
        yield process


@pytest.mark.prove
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_is_answered_before_the_process_ends(process, number):
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(process.get, "/slow")
        assert process.heard() == "under way"
        process.send(number)
        process.wait_until_it_stops_listening()
        assert not answer.done()
        process.carry_on()
        assert answer.result().text == "finished"
    assert process.end() == (["closed"], 0)


def test_work_behind_an_answered_request_is_finished_too(process):
    assert process.get("/behind").text == "finished"
    assert process.heard() == "working"
    process.send(signal.SIGTERM)
    assert process.end() == (["worked", "closed"], 0)


def test_clients_that_do_not_hang_up_hold_up_nobody(standing):
    waiting = [socket.create_connection(standing.address()) for _ in range(3)]
    for each in waiting:
        each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        each.recv(65_536)
    assert standing.get("/", timeout=30).text == "finished"
    for each in waiting:
        each.close()


def test_answers_are_sent_without_delay(standing):
    assert standing.get("/nodelay").text != "0"


def test_requests_go_before_work(standing):
    assert [standing.get("/precedence").text for _ in range(2)] == ["1", "1"]


def test_a_fault_is_logged_and_not_shown(process):
    answer = process.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    process.send(signal.SIGTERM)
    process.end()
    assert "a secret thought" in "".join(process.log)


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
HALVES = {
    "nothing": b"",
    "a head": HEAD,
    "a body": HEAD + b"Content-Length: 50\r\n\r\nab",
    "a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "an end in a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nFF\r\n0\r\n\r\n",
    "no such encoding": HEAD + b"Transfer-Encoding: x\r\nContent-Length: 9\r\n\r\na",
}


@pytest.mark.prove
@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_clients_that_stop_in_the_middle_of_a_request_cost_no_thread(impatient, half):
    stuck = [socket.create_connection(impatient.address()) for _ in range(50)]
    for each in stuck:
        each.sendall(half)
    assert impatient.get("/", timeout=30).text == "finished"
    for each in stuck:  # each is ended, by a refusal or without a word
        each.settimeout(60)
        while each.recv(65_536):
            pass
        each.close()


def test_a_request_in_pieces_is_answered(standing):
    body = b"x" * 70_000
    whole = HEAD + b"Connection: close\r\nContent-Length: 70000\r\n\r\n" + body
    with socket.create_connection(standing.address()) as client:
        for at in range(0, len(whole), 7_001):
            client.sendall(whole[at : at + 7_001])
        assert b"finished" in _all(client)


def test_a_body_over_the_limit_is_answered_before_it_has_arrived(standing):
    with socket.create_connection(standing.address()) as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(LARGEST // 65_536 + 1):
                client.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        assert standing.heard() == "too much"


def test_requests_behind_each_other_on_one_connection_are_all_answered(standing):
    one = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(standing.address()) as client:
        client.sendall(one + one + HEAD + b"Content-Length: 2\r\n\r\nok" + last)
        assert _all(client).count(b"finished") == 4


def test_a_connection_is_kept_for_the_next_request(standing):
    with requests.Session() as session:
        for _ in range(3):
            assert session.get(standing.url + "/").text == "finished"


def _all(client):
    return b"".join(iter(lambda: client.recv(65_536), b""))


def test_workers_that_slept_with_their_arbiter_get_time_to_show_that_they_live():
    wakefulness = Wakefulness(0.0)
    woken = [wakefulness.has_just_woken(float(now)) for now in range(1, 4)]
    assert woken == [False] * 3
    after = [wakefulness.has_just_woken(200.0 + now) for now in range(20)]
    assert after == [True] * 15 + [False] * 5

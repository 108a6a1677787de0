"""Real processes: what happens to people's requests when the bot is stopped."""

import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import requests

PROGRAM = Path(__file__).parent / "serving.py"


class Process:
    def __init__(self, reading):
        root = PROGRAM.parents[2]
        self._popen = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(reading)],
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
        if self._popen.poll() is None:
            self._popen.kill()
        self._popen.communicate()


@pytest.fixture
def reading():
    """Seconds in which a client must have sent the rest of what it began."""
    return 0.3


@pytest.fixture
def process(reading):
    started = Process(reading)
    try:
        started.wait_until_it_listens()
        yield started
    finally:
        started.kill()


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


@pytest.mark.parametrize("reading", [120])
def test_clients_that_do_not_hang_up_hold_up_nobody(process):
    waiting = [socket.create_connection(process.address()) for _ in range(3)]
    for each in waiting:
        each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        each.recv(65_536)
    assert process.get("/", timeout=30).text == "finished"
    for each in waiting:
        each.close()


def test_answers_are_sent_without_delay(process):
    assert process.get("/nodelay").text != "0"


def test_a_fault_is_logged_and_not_shown(process):
    answer = process.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    process.send(signal.SIGTERM)
    process.end()
    assert "a secret thought" in "".join(process.log)


def test_clients_that_stop_in_the_middle_of_a_request_do_not_stop_the_others(process):
    head = b"POST / HTTP/1.1\r\nHost: x\r\n"
    halves = [head, head + b"Content-Length: 50\r\n\r\nab"] * 4
    stuck = [socket.create_connection(process.address()) for _ in halves]
    for each, half in zip(stuck, halves, strict=True):
        each.sendall(half)
    assert process.get("/", timeout=30).text == "finished"
    for each in stuck:
        each.close()

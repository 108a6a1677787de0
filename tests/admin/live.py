"""``doctor --live`` as a person runs it, and services that answer otherwise."""

import io
import json
from http import HTTPStatus

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from admin import doctor
from admin.live.terminal import Terminal
from tests.fixtures import ENOUGH

OVER_HTTP = {"slack_app_token": "", "public_url": "https://bot.example.com"}
"""Settings with which nothing is heard of a press."""
BUTTON = "Open a form"


class LiveDoctor:
    """Runs it as ana; ``said`` is what it wrote, ``results`` what came of each promise.

    ``answers`` are what she types. ``meanwhile`` is done while it waits for her press.
    """

    def __init__(self, configured, clock, file):
        self._configured = configured
        self._clock = clock
        self.file = file
        self.answers = []
        self.meanwhile = None
        self.said = ""

    def __call__(self, *options, **changes):
        out, answers = io.StringIO(), iter(self.answers)
        terminal = Terminal(out, (lambda: next(answers)) if self.answers else None)
        code = doctor.run(
            self._configured(**changes),
            ["--live", "--file", str(self.file), *options],
            terminal=terminal,
            wait=self._wait,
            now=self._clock,
            sleep=lambda seconds: self._clock.advance(seconds=seconds),
        )
        self.said = out.getvalue()
        return code

    def _wait(self, event, _seconds):
        if self.meanwhile is None:
            return False
        self.meanwhile()
        return event.wait(ENOUGH)

    @property
    def record(self):
        return json.loads(self.file.read_text())

    @property
    def results(self):
        return self.record["promises"]

    def meaning(self, promise):
        (line,) = [line for line in self.said.splitlines() if f" {promise}: " in line]
        return line.partition(": ")[2]

    @property
    def left(self):
        return [
            line.removeprefix("Left behind: ")
            for line in self.said.splitlines()
            if line.startswith("Left behind: ")
        ]


class Altered:
    """An application between, which changes answers by method and path."""

    def __init__(self, app):
        self._app = app
        self.changes = {}

    def __call__(self, environ, start_response):
        request = Request(environ)
        body, status, headers = run_wsgi_app(self._app, environ)
        response = Response(b"".join(body), status, headers)
        change = self.changes.get(f"{request.method} {request.path}")
        if change is not None:
            change(request, response)
        return response(environ, start_response)


def rewritten(change):
    """Change the JSON of an answer in place."""

    def rewrite(_, response):
        body = response.get_json()
        change(body)
        response.data = json.dumps(body)

    return rewrite


def refused(status, body):
    """Answer with this instead."""

    def refuse(_, response):
        response.status_code = HTTPStatus(status)
        response.data = json.dumps(body)

    return refuse

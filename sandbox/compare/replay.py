"""Sends recorded requests to fresh stand-ins, and compares what they answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import Client, TestResponse

from sandbox.compare.differences import differences, words_in
from sandbox.compare.names import PERSON, Names
from sandbox.compare.record import Exchange
from sandbox.world import World

PAUSE = timedelta(seconds=2)
"""Between two requests: no limit is met."""


@dataclass(frozen=True, slots=True)
class Comparison:
    differences: Sequence[str]
    """One line for each, none twice."""
    compared: int
    unanswered: int


@dataclass
class _Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


def compare(exchanges: Sequence[Exchange], now: datetime) -> Comparison:
    """Send all requests in their order, the first at ``now``; compare each answer."""
    clock = _Clock(now)
    with closing(World(now=clock)) as world:
        answers = _Replay(world, clock).answers(exchanges)
    words: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        for key, text in words_in(_body(answer)):
            words[key].add(text)
    found = {
        f"{one.method} {one.path}  {difference}": None
        for one, answer in zip(exchanges, answers, strict=True)
        if one.answer
        for difference in differences(
            one.answer, answer.status_code, answer.headers.keys(), _body(answer), words
        )
    }
    unanswered = sum(one.answer is None for one in exchanges)
    return Comparison([*found], len(exchanges) - unanswered, unanswered)


class _Replay:
    """Sends requests to the stand-ins of one world."""

    def __init__(self, world: World, clock: _Clock) -> None:
        settings = world.settings
        self._clock = clock
        self._clients = {
            "Slack": Client(world.slack.wsgi),
            "incident.io": Client(world.incidentio.wsgi),
        }
        self._keys = {
            "Slack": settings["slack_bot_token"],
            "incident.io": settings["incidentio_api_key"],
        }
        triggers = world.slack.triggers
        self._names = Names(clock, lambda: triggers.issue(PERSON.slack_id))

    def answers(self, exchanges: Sequence[Exchange]) -> list[TestResponse]:
        answers = []
        for one in exchanges:
            self._clock.at += PAUSE
            answer = self._send(one)
            if one.answer:
                self._names.learn(one.answer.body, _body(answer))
            answers.append(answer)
        return answers

    def _send(self, one: Exchange) -> TestResponse:
        fill = self._names.fill
        below = "/api" if one.service == "Slack" else ""
        body: dict[str, Any] = {}
        if one.sends:
            body["json" if one.sends == "json" else "data"] = fill(one.body)
        return self._clients[one.service].open(
            f"{below}{self._names.path(one.path)}",
            method=one.method,
            base_url="http://127.0.0.1",
            query_string=[(key, str(fill(shape))) for key, shape in one.query],
            headers={"Authorization": f"Bearer {self._keys[one.service]}"},
            **body,
        )


def _body(answer: TestResponse) -> Any:
    return answer.get_json(silent=True)

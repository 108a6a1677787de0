"""Slack that throttles, breaks, answers with pages, repeats itself, and is late."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from benchmarks.servers import wait_for
from chaos.crowd import KINDS
from chaos.fault import DOUBT, SETTLES, fault
from chaos.faults.processes import EVERYTHING
from chaos.stage import Stage
from sandbox.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from chaos.crowd import Write

OUTAGE = 8.0


@fault(settles=DOUBT + SETTLES)
def delivered_six_times(stage: Stage) -> str:
    """Deliver each submission six times at once, to two replicas."""
    stage.start("web", "web", "worker")
    with stage.load(writes=3 * len(KINDS), reminders=5, seconds=4, press=6):
        pass
    stage.healed()
    return "each submission six times at once to two replicas"


@fault(settles=DOUBT + SETTLES)
def slack_throttles(stage: Stage) -> str:
    """Answer every call with 429 and `Retry-After: 10`, for 15 s."""
    stage.start(*EVERYTHING)
    with stage.load(writes=12, reminders=30, seconds=20):
        time.sleep(3)
        stage.world.slack.fail("*", retry_after=10)
        time.sleep(15)
        stage.world.slack.clear_faults()
    stage.healed()
    return "every call refused with 429 for 15 s"


@fault(settles=DOUBT + SETTLES)
def slack_delivers_and_fails(stage: Stage) -> str:
    """Deliver messages and answer 500, or nothing at all."""
    stage.start(*EVERYTHING)
    slack = stage.world.slack
    slack.fail("chat.postMessage", status=500, after=True, times=10)
    slack.fail("chat.postMessage", drop="after", times=10)
    slack.fail("response_url", drop="after", times=4)
    with stage.load(writes=12, reminders=30, seconds=20):
        pass
    slack.clear_faults()
    stage.healed()
    return "20 messages delivered and answered with 500 or a reset"


@fault(settles=DOUBT + SETTLES)
def slack_outage(stage: Stage) -> str:
    """Answer all calls with a page and 503 for 8 s while 12 incidents are declared."""
    stage.start(*EVERYTHING)
    crowd = stage.crowd
    crowd.gate.clear()
    with stage.load(writes=12, kinds=("declare",)):
        wait_for(lambda: len(list(filter(_has_form, crowd.writes))) == 12, 30)
        with instead_of_slack(stage):
            crowd.gate.set()
            time.sleep(OUTAGE)
    stage.healed()
    return "HTML and 503 for 8 s while 12 incidents are declared"


@contextmanager
def instead_of_slack(stage: Stage) -> Iterator[None]:
    """Let a page with 503 answer all calls of Slack."""
    links = stage.links("slack")
    there = [link.targets for link in links]
    with serve(_page) as page:
        for link in links:
            link.targets = [("127.0.0.1", page.port)]
            link.reset()
        yield
        for link, targets in zip(links, there, strict=True):
            link.targets = targets
            link.reset()


def _has_form(write: Write) -> bool:
    modal = write.person.modal
    return modal is not None and bool(modal.submit)


def _page(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    page = Response("<h1>Slack is down</h1>", 503, mimetype="text/html")
    return page(environ, start_response)


@fault(settles=DOUBT + SETTLES)
def slack_history_throttled(stage: Stage) -> str:
    """Allow one look at a channel's history a minute, with 3 messages in doubt."""
    stage.start(*EVERYTHING)
    stage.world.slack.limits.per_minute["conversations.history"] = 1
    stage.world.slack.fail("chat.postMessage", drop="after", times=2)
    with stage.load(reminders=12, seconds=5):
        pass
    stage.healed()
    return "one call of `conversations.history` a minute, 2 messages in doubt"


@fault(settles=DOUBT + SETTLES)
def slack_without_the_bot(stage: Stage) -> str:
    """Let workers die and answers get lost for channels without the bot."""
    stage.start("worker", "worker")
    stage.reminders.set_up(12, bot=False)
    stage.world.slack.fail("chat.postMessage", drop="after", times=3)
    stage.world.slack.fail("chat.postMessage", drop=True, times=3)
    while stage.reminders.run():
        pass
    stage.healed()
    return "6 answers lost in public channels that the bot is not in"


@fault(settles=DOUBT + SETTLES)
def slack_shows_late(stage: Stage) -> str:
    """Carry out a call 20 s after it was sent, when the bot has given it up."""
    (worker,) = stage.start("worker")
    stage.reminders.set_up(8)
    stage.reminders.run()
    time.sleep(3)
    worker.slack.hang()
    stage.reminders.run()
    time.sleep(3)
    worker.slack.silence()
    while stage.reminders.run():
        pass
    time.sleep(17)
    worker.slack.heal()
    stage.healed()
    return "a message shown 20 s after the request"

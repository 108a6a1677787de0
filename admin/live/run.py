"""Runs ``doctor --live``: shows the plan, asks, tries, takes back, writes a record."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

from admin.live.form import Wait
from admin.live.parts import Part, Promise, parts
from admin.live.plan import plan
from admin.live.record_file import RecordFile
from admin.live.recorder import Recorder
from admin.live.redaction import document
from admin.live.terminal import Terminal
from admin.live.trial import FAILURES, Broken, Result, Skipped, Trial, why
from admin.live.who import PersonNotFound, find_person
from incidentio import Incidentio
from runtime.settings import Settings
from slack.client import SlackClient
from slack.people import Person
from storage.clock import utc_now

log = logging.getLogger(__name__)

WHO = "Who is who"


class Refused(Exception):
    """Nothing was tried; the message says why."""


@dataclass(frozen=True, slots=True)
class Options:
    person: str | None
    """A Slack id, an email or a @name. None: the person is asked."""
    channel: str | None
    """The id of a channel. None: the person's direct messages."""
    file: Path
    yes: bool = False
    only: Collection[str] = ()
    """The names of the parts to try; none means all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one promise; ``meaning`` is a sentence about it."""

    promise: str
    result: Result
    meaning: str


@dataclass(frozen=True, slots=True)
class Report:
    outcomes: Sequence[Outcome]
    left: Sequence[str]
    """Sentences about what could not be taken back."""
    untried: int
    """The number of promises that were not tried, because the run was stopped."""


@dataclass(frozen=True)
class Live:
    """One run; ``wait`` waits for a person's press."""

    settings: Settings
    options: Options
    terminal: Terminal
    wait: Wait = Event.wait
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep

    def run(self) -> Report | None:
        """Try everything. None: the person does not want it.

        Raises:
            Refused: nothing can be tried.
        """
        settings, recorder = self.settings, Recorder(self._bases(), self.now)
        wanted = parts(
            self.wait,
            over_socket=bool(settings.slack_app_token.get_secret_value()),
            only=self.options.only,
        )
        slack = SlackClient(
            settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            on_exchange=recorder.hear,
        )
        api = Incidentio(
            settings.incidentio_api_key.get_secret_value(),
            settings.incidentio_api_url,
            now=self.now,
            sleep=self.sleep,
            on_exchange=recorder.hear,
        )
        with closing(slack), closing(api):
            trial = self._trial(slack, api, recorder, wanted)
            return self._try_all(trial, wanted) if trial else None

    def _bases(self) -> dict[str, str]:
        return {
            "Slack": self.settings.slack_api_url,
            "incident.io": self.settings.incidentio_api_url,
        }

    def _trial(
        self,
        slack: SlackClient,
        api: Incidentio,
        recorder: Recorder,
        wanted: Sequence[Part],
    ) -> Trial | None:
        """Ask both services who they are, and the person whether they want this."""
        try:
            with recorder.trying(WHO):
                team = slack.auth_test()
                key = api.identity.show()
                person = self._person(slack)
        except (*FAILURES, PersonNotFound) as error:
            raise Refused(why(error)) from error
        trial = Trial(
            self.settings,
            slack,
            api,
            recorder,
            person,
            self.options.channel or person.id,
            self.now,
            self.sleep,
            (lambda _: None) if self.options.yes else self.terminal.ask,
            self.terminal.say,
        )
        where = f"{team['team']}, as @{team['user']}", f"the API key “{key.name}”"
        self.terminal.say(plan(trial, *where, wanted, self.options.file))
        agreed = self.options.yes or self.terminal.ask("Go on?")
        return trial if agreed else None

    def _person(self, slack: SlackClient) -> Person:
        question = "Who are you in Slack? Your email, @name or id:"
        given = self.options.person or self.terminal.read(question)
        if given is None:
            raise PersonNotFound(
                "Say who you are in Slack: --as, with an email or an id."
            )
        zone = self.settings.timezone
        return find_person(slack, given, timezone=zone, now=self.now)

    def _try_all(self, trial: Trial, wanted: Sequence[Part]) -> Report:
        try:
            with RecordFile(self.options.file) as file:
                report = self._tried(trial, wanted)
                results = {one.promise: one.result for one in report.outcomes}
                file.write(document(trial.recorder.all(), results))
        except OSError as error:
            raise Refused(f"{self.options.file} cannot be written: {error}") from error
        return report

    def _tried(self, trial: Trial, wanted: Sequence[Part]) -> Report:
        """Try each promise until somebody stops it; then take everything back."""
        outcomes: list[Outcome] = []
        promises = [promise for part in wanted for promise in part.promises]
        with stopped_by_signals(), suppress(KeyboardInterrupt):
            for promise in promises:
                outcomes.append(_outcome(trial, promise))
                self.terminal.say(_line(outcomes[-1]))
        return Report(outcomes, trial.left.clear(), len(promises) - len(outcomes))


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM stop it as SIGINT does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _outcome(trial: Trial, promise: Promise) -> Outcome:
    result: Result
    with trial.recorder.trying(promise.name):
        try:
            result, meaning = "kept", promise.attempt(trial)
        except Skipped as error:
            result, meaning = "skipped", str(error)
        except Broken as error:
            result, meaning = "broken", str(error)
        except FAILURES as error:
            result, meaning = "broken", why(error)
        except Exception as error:
            log.exception("%s could not be tried", promise.name)
            first_line = str(error).partition("\n")[0]
            result, meaning = "broken", f"{type(error).__name__}: {first_line}"
    return Outcome(promise.name, result, meaning)


def _line(outcome: Outcome) -> str:
    return f"{outcome.result:8}{outcome.promise}: {outcome.meaning}"

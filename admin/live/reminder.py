"""Tries a reminder: planned, claimed, sent once by the engine, and recorded."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from admin.live.posting import reminder
from admin.live.trial import Broken, Trial
from blocks.kit.messages import Message, section
from reminders import assembly
from reminders.calendar.schedule import following
from reminders.engine.kinds import Kind, RenderContext
from reminders.engine.post import Posted
from storage.database import Database, open_database
from storage.rule import Rule
from storage.rules import Rules
from storage.slot import SENT

WORDS = "A reminder to try the bot. It is deleted in a moment."
YEARLY = "0 9 1 1 * UTC"
"""Its schedule; it is sent because it is asked for."""
POST = "/chat.postMessage"


class TrialReminder(Kind):
    """Says that it is one, and reads nothing."""

    name = "trial"

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return ()

    def compose(self, context: RenderContext) -> Message:  # noqa: ARG002
        return Message(WORDS, [section(WORDS)])


def sent_once(trial: Trial) -> str:
    """Send a reminder to the person, from a database that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'trial.db'}"
        with closing(open_database(url)) as database:
            database.migrate()
            return _sent_once(trial, database)


def _sent_once(trial: Trial, database: Database) -> str:
    sources = assembly.Sources(database, trial.api, trial.slack, trial.now)
    engine = assembly.engine(sources, "doctor", only_kinds=[TrialReminder()])
    rules, person = Rules(database, trial.now, following), trial.person.id
    rule = rules.create(kind=TrialReminder.name, channel=person, recurrence=YEARLY)
    slot = rules.run_now(rule.id, person)
    assert slot is not None
    posting, leftover = reminder(trial, person, slot.id)
    for _ in range(2):
        engine.tick()
    (sent,) = rules.history(rule.id)
    leftover.done = sent.sending_at is None
    if sent.state != SENT:
        raise Broken(f"It is {sent.state}: {sent.reason or 'nobody knows why'}.")
    posting.posted = Posted(str(sent.posted_in), str(sent.message_ts))
    posts = [kept for kept in trial.recorder.latest() if kept.path == POST]
    if len(posts) != 1:
        raise Broken(f"It was posted {len(posts)} times.")
    return "Sent once, though the engine ran twice."

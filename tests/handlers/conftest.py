"""A process of the bot that crashes, and another that takes up what it left."""

from pathlib import Path

import pytest

from storage.journal import Journal


@pytest.fixture
def crash_before_work(bot, monkeypatch):
    """From now on what is accepted is not carried out."""

    def crash():
        for executor in bot.executors:
            monkeypatch.setattr(executor, "submit", lambda *_: None)

    return crash


@pytest.fixture
def crash_after_work(bot, monkeypatch):
    """From now on what is carried out is not entered as done."""
    return lambda: monkeypatch.setattr(Journal, "finish", lambda *_, **__: False)


@pytest.fixture
def restart(start, clock, monkeypatch):
    """Some minutes later a new process finds what the crash left. Returns it."""

    def recover():
        monkeypatch.undo()
        clock.advance(minutes=3)
        again = start()
        again.recovery.tick()
        return again

    return recover


@pytest.fixture
def kept(settings):
    """Whether words are anywhere in the files of the database."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))

    def kept(words):
        files = [*path.parent.glob(f"{path.name}*")]
        return any(words.encode() in file.read_bytes() for file in files)

    return kept

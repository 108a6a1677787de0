"""A configuration of a bot between the stand-ins, changed as a test needs."""

import pytest

from runtime.settings import Settings
from tests.admin.live import LiveDoctor
from tests.fixtures import ENOUGH

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5".replace("y", "e").replace("z", "f")


@pytest.fixture
def configured(world, tmp_path):
    def settings(**changes):
        usual = {
            **world.settings,
            "slack_signing_secret": SIGNING_SECRET,
            "database_url": f"sqlite:///{tmp_path}/bot.db",
        }
        return Settings(_env_file=None, **{**usual, **changes})

    return settings


@pytest.fixture
def live(configured, sqlite, clock, tmp_path, monkeypatch):
    for seconds in ("GREETING", "OPENING"):
        monkeypatch.setattr(f"admin.live.form.{seconds}", ENOUGH)

    def migrated(**changes):
        return configured(database_url=str(sqlite.engine.url), **changes)

    return LiveDoctor(migrated, clock, tmp_path / "record.json")

import logging
from contextlib import closing
from threading import Event

import pytest
from sqlalchemy import event, text

from http_base.precedence import PRECEDENCE
from storage.schema import head
from web.readiness import Readiness


class Clock:
    at = 0.0

    def __call__(self):
        return self.at


class Dependency:
    """Counts how often it is asked; fails when told to."""

    def __init__(self, trouble=None):
        self.trouble = trouble
        self.asked = 0

    def __call__(self):
        self.asked += 1
        if self.trouble:
            raise self.trouble


@pytest.fixture
def seconds():
    return Clock()


def test_everything_that_answers_is_ready(website):
    answer = website(checks={"database": Dependency(), "slack": Dependency()}).get(
        "/readyz"
    )
    assert answer.status_code == 200
    assert answer.json() == {
        "database": {"ok": True, "ms": 0},
        "slack": {"ok": True, "ms": 0},
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_database_that_fails_is_named_without_its_words(website):
    broken = ConnectionError("db.internal refused the password hunter2")
    checks = {"database": Dependency(broken), "slack": Dependency()}
    answer = website(checks=checks).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": False, "error": "ConnectionError"}
    assert answer.json()["slack"]["ok"] is True
    assert "hunter2" not in answer.text


def test_a_database_that_can_only_be_read_gets_no_deliveries(bot):
    def read_only(driver, *_):
        driver.execute("PRAGMA query_only = ON")

    engine = bot.database.engine
    event.listen(engine, "checkout", read_only)
    try:
        answer = bot.wsgi.test_client().get("/readyz")
    finally:
        event.remove(engine, "checkout", read_only)
        engine.dispose()
    assert answer.status_code == 503
    assert answer.json["database"] == {"ok": False, "error": "ReadOnly"}


def test_a_database_that_another_process_holds_is_ready(bot):
    with closing(bot.database.engine.raw_connection()) as holder:
        holder.execute("BEGIN IMMEDIATE")
        answer = bot.wsgi.test_client().get("/readyz")
        holder.execute("ROLLBACK")
    assert answer.status_code == 200


def test_who_is_still_to_be_replaced_by_a_newer_version_is_ready(bot):
    """Else nobody would answer between the migration and the first new replica."""
    version = "UPDATE alembic_version SET version_num = :version"
    with bot.database.write() as session:
        session.execute(text(version), {"version": "9999"})
    try:
        answer = bot.wsgi.test_client().get("/readyz")
    finally:
        with bot.database.write() as session:
            session.execute(text(version), {"version": head()})
    assert answer.status_code == 200


def test_a_vendor_that_fails_is_said_but_no_reason_to_stop_serving(website):
    checks = {"database": Dependency(), "slack": Dependency(TimeoutError())}
    answer = website(checks=checks).get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["degraded"] is True
    assert answer.json()["slack"] == {"ok": False, "error": "TimeoutError"}


def test_work_goes_on_while_a_vendor_hangs(website):
    under_way = []
    checks = {"slack": lambda: under_way.append(PRECEDENCE.under_way)}
    with PRECEDENCE.acknowledging():  # as gunicorn does with every request
        website(checks=checks).get("/readyz")
    assert under_way == [0]


def test_asking_often_does_not_ask_the_vendors_often(seconds):
    slack = Dependency()
    readiness = Readiness({"slack": slack}, kept=5, clock=seconds)
    for seconds.at in (0, 1, 4.9):
        assert readiness.states()["slack"].ok
    assert slack.asked == 1
    seconds.at = 5
    readiness.states()
    assert slack.asked == 2


def test_checks_run_at_the_same_time():
    first, second = Event(), Event()

    def one():
        first.set()
        assert second.wait(30)

    def other():
        second.set()
        assert first.wait(30)

    found = Readiness({"one": one, "other": other}, timeout=30).states()
    assert found["one"].ok
    assert found["other"].ok


def test_a_check_that_hangs_holds_up_nobody_and_is_not_begun_again(seconds):
    go_on, asked = Event(), []

    def hangs():
        asked.append(seconds.at)
        go_on.wait(30)

    readiness = Readiness({"hangs": hangs}, timeout=0.02, kept=5, clock=seconds)
    assert readiness.states()["hangs"].error == "no answer"
    seconds.at = 6
    assert readiness.states()["hangs"].ok is False
    assert asked == [0]
    go_on.set()


def test_the_log_says_when_a_dependency_goes_and_comes_back(seconds, caplog):
    caplog.set_level(logging.INFO)
    slack = Dependency()
    readiness = Readiness({"slack": slack}, kept=1, clock=seconds)
    readiness.states()
    slack.trouble = TimeoutError("no answer for 2 s")
    for seconds.at in (2, 4):
        readiness.states()
    slack.trouble = None
    seconds.at = 6
    readiness.states()
    assert caplog.messages == [
        "not ready: slack: no answer for 2 s",
        "ready again: slack",
    ]

"""What may have been made is looked for before it is made again, whatever refuses."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import time

import pytest

from handlers.core.pipeline.submissions import Submissions
from http_base.connections import InOnePiece
from sandbox.incidentio.organisation import custom_fields, roles
from storage.database import Database
from storage.errors import DatabaseUnreachable
from storage.journal import Journal
from tests.doorway import Doorway
from tests.handlers.pages import made, page


def follow_up(ana, world):
    ana.types("/io followup new Only once", channel="C0INC39")
    return {}


def action(ana, world):
    ana.types("/io action new 39 Only once")
    return {}


def override(ana, world):
    ana.types("/io override Payments")
    return {"user": "gus"}


def role(ana, world):
    ana.types("/io role create")
    return {"name": "Scribe", "description": "Writes it all down."}


def field(ana, world):
    ana.types("/io field create")
    return {"name": "Data centre", "field_type": "text"}


def option(ana, world):
    ana.types("/io option add regions")
    return {"options": "Antarctica"}


def schedule(ana, world):
    ana.types("/io schedule create")
    rotation = {"rotation_name": "Owls", "users": ["jo"], "day": "monday"}
    ana.fills(name="Nights", timezone="Europe/Rome", at=time(20), **rotation)
    ana.submits()
    return {}


def path(ana, world):
    ana.types("/io path create")
    ana.fills(**{"name": "Storage", "people:L1": ["ben"], "minutes:L1": "7"})
    return {}


def reassign(ana, world):
    page(ana)
    ana.types(f"/io escalation reassign {made(world)[0].id}")
    return {"people": ["ben"]}


def declare(ana, world):
    ana.types("/io declare Only once", channel="incidents")
    return {"severity": "Low"}


def update(ana, world):
    ana.types("/io update INC-39")
    return {"message": "Only once"}


WRITES = {
    follow_up: ("follow_ups", "/v3/follow_ups"),
    action: ("actions", "/v3/actions"),
    override: ("overrides", "/v2/schedule_overrides"),
    role: ("roles", "/v2/incident_roles"),
    field: ("custom_fields", "/v2/custom_fields"),
    option: ("options", "/v1/custom_field_options"),
    schedule: ("schedules", "/v2/schedules"),
    path: ("escalation_paths", "/v2/escalation_paths"),
    reassign: ("escalations", "/v2/escalations/*/actions/reassign"),
    declare: ("incidents", "/v2/incidents"),
    update: ("updates", "/v2/incident_updates"),
}


@pytest.fixture(params=WRITES, ids=lambda opens: opens.__name__)
def filled(request, ana, world, warm):
    """A form that is filled in and not submitted yet: its values."""
    return request.param(ana, world)


@pytest.fixture
def table(request, world, filled):
    name, _ = WRITES[request.node.callspec.params["filled"]]
    return getattr(world.incidentio.store, name)


@pytest.fixture
def posted(request, filled):
    return WRITES[request.node.callspec.params["filled"]][1]


DOUBT = "It is not known whether"


def test_a_refusal_does_not_end_a_doubt(ana, world, filled, table, posted):
    """Made but never said, then refused, then asked for again by a second press."""
    before = len(list(table))
    world.incidentio.fail("POST", posted, drop=True)
    world.incidentio.fail("POST", posted, drop="after", times=1)
    ana.submits(**filled)
    assert DOUBT in ana.modal.words

    world.incidentio.clear_faults()
    world.incidentio.fail("*", "/*", status=503)
    for _ in range(2):
        ana.submits()
        assert DOUBT in ana.modal.words
        assert "was not" not in ana.modal.words

    world.incidentio.clear_faults()
    ana.submits()
    assert len(list(table)) == before + 1
    assert DOUBT not in ana.last.words


LOOKED_FOR = {follow_up, option, reassign}
"""An item, a setting and a page: the others where there is time."""


@pytest.mark.parametrize(
    "filled",
    [
        pytest.param(opens, marks=() if opens in LOOKED_FOR else pytest.mark.prove)
        for opens in WRITES
    ],
    ids=lambda opens: opens.__name__,
    indirect=True,
)
def test_what_died_unsaid_and_is_refused_later_is_still_in_doubt(
    ana, world, filled, table, posted, crash_after_work, restart
):
    """Made, then the process dies, then reading fails when it is taken up."""
    before = len(list(table))
    crash_after_work()
    world.incidentio.fail("POST", posted, drop=True)
    world.incidentio.fail("POST", posted, drop="after", times=1)
    ana.submits(**filled)
    world.incidentio.fail("*", "/*", status=503)
    restart()
    assert DOUBT in ana.last.words
    assert "was not" not in ana.last.words

    world.incidentio.clear_faults()
    ana.submits()
    assert len(list(table)) == before + 1
    assert DOUBT not in ana.last.words


def test_nor_does_a_journal_that_cannot_be_read(ana, world, warm, monkeypatch):
    follow_up(ana, world)
    world.incidentio.fail("POST", "/v3/follow_ups", drop="after", times=1)
    ana.submits()
    assert DOUBT in ana.modal.words

    with monkeypatch.context() as fault:

        def unreachable(*_, **__):
            raise DatabaseUnreachable("the server cannot be reached")

        fault.setattr(Journal, "accept", unreachable)
        ana.submits()
    assert DOUBT in ana.modal.words
    assert "database does not work" in ana.modal.words
    assert "was not" not in ana.modal.words

    ana.submits()
    titles = [row.title for row in world.incidentio.store.follow_ups]
    assert titles.count("Only once") == 1


PAGED = "/v2/escalations/*/actions/cancel"


def test_a_refusal_claims_nothing_about_the_attempts_before_it(
    ana, world, crash_after_work, restart
):
    """Cancelled, then the process dies, then somebody else's change is found."""
    page(ana)
    id_ = made(world)[0].id
    crash_after_work()
    world.incidentio.fail("POST", PAGED, status=503, times=4)
    ana.types(f"/io escalation cancel {id_}")
    made(world)[0].status = "resolved"
    restart()
    assert DOUBT in ana.last.text
    assert "Resolved" in ana.last.text
    assert "Nothing was changed" not in ana.last.text


def test_a_question_does_not_end_a_doubt(ana, world, warm):
    """The form shows a schedule in words before it creates it."""
    schedule(ana, world)
    world.incidentio.fail("POST", "/v2/schedules", drop="after", times=1)
    ana.submits()
    assert DOUBT in ana.modal.words
    ana.submits(name="Other")
    ana.submits(name="Nights")
    assert "|Nights>* was created by <@U0ANA>" in ana.last.words
    made = [row["name"] for row in world.incidentio.store.schedules]
    assert made.count("Nights") == 1


def field_with_option(ana, world):
    ana.types("/io field create")
    return {"name": "Ocean", "field_type": "single_select", "options": "Arctic"}


KEYLESS = {
    **{opens: WRITES[opens] for opens in (follow_up, action, role, field)},
    **{opens: WRITES[opens] for opens in (schedule, path)},
    field_with_option: WRITES[option],
}
"""What incident.io may make as often as it is asked.

The rest takes an idempotency key; or it is documented that a second one is refused.
"""


@pytest.fixture(params=KEYLESS, ids=lambda opens: opens.__name__)
def keyless(request, ana, world, warm):
    """A form that is filled in: its values, what it makes, and the path for that."""
    name, path = KEYLESS[request.param]
    return request.param(ana, world), getattr(world.incidentio.store, name), path


@pytest.fixture
def frozen(bot, ana, clock, start, freeze, keyless):
    """Submit; as the request leaves, the bot freezes until another one has taken over.

    Returns how many were made, and what the person alone reads.
    """
    values, table, path = keyless

    def submit(*, late):
        before = len(list(table))

        def meanwhile():
            clock.advance(minutes=3)
            start().recovery.tick()
            clock.advance(seconds=40)

        freeze(path, meanwhile, late=late)
        ana.submits(**values)
        said = [m.words for m in ana.sees() if m.ephemeral_to or m.channel[0] == "D"]
        shown = [ana.modal.words] if ana.modal else []
        return len(list(table)) - before, [*said, *shown]

    return submit


def test_what_was_frozen_before_it_left_is_not_sent(frozen):
    """Before the last look, which comes when the connection is open."""
    made, said = frozen(late=False)
    assert made == 1
    assert not [words for words in said if "twice" in words or "was not" in words]


def unanswered(path):
    """The answer to the second POST of a path is lost."""
    getresponse, posts = InOnePiece.getresponse, []

    def lost(connection):
        asked = connection._response_options
        answer = getresponse(connection)
        if (asked.request_method, asked.request_url) == ("POST", path):
            posts.append(answer)
            if len(posts) == 2:
                raise ConnectionResetError
        return answer

    return lost


@pytest.mark.parametrize("answered", [True, False])
def test_of_what_was_made_twice_the_later_one_can_be_deleted(
    ana, world, keyless, frozen, answered, monkeypatch
):
    """Frozen when nothing could stop it any more.

    Nothing says that incident.io refuses a second one of the same name.
    """
    for module in (roles, custom_fields):
        monkeypatch.setattr(module, "_taken", lambda *_: False)
    _, table, path = keyless
    before = len(list(table))
    if not answered:
        monkeypatch.setattr(InOnePiece, "getresponse", unanswered(path))
    made, said = frozen(late=True)
    assert made == 2
    (told,) = (words for words in said if "was made twice" in words)
    assert "Delete what was made later" in told
    last = list(table)[-1]
    if "<!date" in told:
        assert (last["id"] if isinstance(last, dict) else last.id) in told
    assert not [words for words in said if "was not" in words]
    if ana.modal:
        ana.closes()
    ana.presses("Delete")
    if ana.modal:
        assert "elete" in ana.modal.words
    else:
        assert len(list(table)) == before + 1


class Breaking:
    """A database that breaks as preferences are stored: before or at their commit."""

    def __init__(self, dialect):
        self._execute, self._commit = dialect.do_execute, dialect.do_commit
        self._begun = False
        self.before = self.stores = False

    def execute(self, cursor, statement, *given):
        writes = "preferences" in statement and "SELECT" not in statement
        if writes and self.before:
            raise broken()
        self._begun |= writes
        self._execute(cursor, statement, *given)

    def commit(self, connection):
        if not self._begun or self.stores:
            self._commit(connection)
        if self._begun:
            self._begun = False
            raise broken()


@pytest.fixture
def breaking(bot, monkeypatch):
    dialect = bot.database.engine.dialect
    breaking = Breaking(dialect)
    monkeypatch.setattr(dialect, "do_execute", breaking.execute)
    monkeypatch.setattr(dialect, "do_commit", breaking.commit)
    return breaking


def broken():
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error


@pytest.mark.parametrize("stored", [True, False])
def test_what_the_bot_alone_stores_is_in_doubt_without_the_commits_answer(
    ana, breaking, stored
):
    breaking.stores = stored
    ana.types("/io prefs mute")

    assert "It is not known whether" in ana.last.text
    assert "were not" not in ana.last.text


def test_what_fails_before_its_commit_was_not_done(ana, breaking):
    breaking.before = True
    ana.types("/io prefs mute")

    assert ana.last.text.startswith("Your messages were not muted.")


@pytest.fixture
def lose_entry(monkeypatch):
    """The database enters the next write, and its answer is lost."""

    def lose():
        accept = Journal.accept
        original = Database.statement

        @contextmanager
        def unanswered(database):
            with original(database) as connection:
                yield connection
            raise DatabaseUnreachable("the server gave no answer in time")

        def once(journal, *given, **named):
            monkeypatch.setattr(Journal, "accept", accept)
            monkeypatch.setattr(Database, "statement", unanswered)
            try:
                return accept(journal, *given, **named)
            finally:
                monkeypatch.setattr(Database, "statement", original)

        monkeypatch.setattr(Journal, "accept", once)

    return lose


def test_what_was_entered_too_late_is_not_made_after_all(
    ana, world, bot, start, clock, lose_entry
):
    before = world.incidentio.incident(39)["severity"]["name"]
    lose_entry()
    ana.types("/io severity INC-39 minor", channel="C0INC39")
    assert "This was not started" in ana.last.text

    bot.recovery.tick()
    clock.advance(minutes=3)
    start().recovery.tick()

    assert before == world.incidentio.incident(39)["severity"]["name"] != "Minor"


def test_a_form_that_was_entered_too_late_can_be_submitted_again_at_once(
    ana, world, lose_entry
):
    follow_up(ana, world)
    lose_entry()
    ana.submits()
    assert "This was not started" in ana.modal.words

    ana.submits()

    titles = [row.title for row in world.incidentio.store.follow_ups]
    assert titles.count("Only once") == 1
    assert ana.modal is None


def test_a_form_at_work_is_not_said_to_be_refused_when_the_database_fails(
    ana, world, monkeypatch
):
    """It was delivered twice; the second time the database does not work."""
    follow_up(ana, world)
    delivery = world.slack.interactions.view_submission(ana.user, ana.modal.view)
    door = Doorway(world.incidentio.wsgi.wsgi_app)
    world.incidentio.wsgi.wsgi_app = door
    door.stop("/v3/follow_ups")
    answer = Submissions.answer

    def unreachable(*_, **__):
        door.go_on.set()
        raise DatabaseUnreachable("the server cannot be reached")

    def answering(*given):
        door.go_on.set()
        return answer(*given)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(world.slack.courier.send, delivery)
        assert door.reached.wait(30)
        monkeypatch.setattr(Journal, "accept", unreachable)
        monkeypatch.setattr(Submissions, "answer", answering)
        second = world.slack.courier.send(delivery.again())
        first.result()

    assert second.answer == delivery.answer == {"response_action": "clear"}

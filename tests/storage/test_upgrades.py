"""A database of any earlier version, with data in it, is one of this version after."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from reminders.items.filters import DigestOptions
from reminders.ladder.ladder import Ladder, LadderStep
from reminders.on_call.handovers import ahead_of, schedule_of
from storage.audit import Audit
from storage.audit_outbox import AuditOutbox
from storage.database import open_database
from storage.errors import NotMigrated
from storage.escalation_cards import EscalationCards
from storage.journal import Journal
from storage.last_actions import LastActions
from storage.personal_rules import PersonalRule, PersonalRules
from storage.preferences import StoredPreferences
from storage.rules import Rules
from storage.sent_once_keys import SentOnceKeys
from storage.slots import Slots
from storage.snoozes import Snoozes
from storage.tables import TableBase
from storage.throttles import next_moment
from storage.update_choices import UpdateChoice, UpdateChoices
from tests.databases import emptied

REVISIONS = [f"{number:04}" for number in range(1, 9)]
TABLES = [table.name for table in TableBase.metadata.sorted_tables]
KINDS, DEEDS = "0005", "0008"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

RULE = {
    "channel": "C1",
    "created_by": "U1",
    "created_at": AT,
    "kinds": [],
    "severity_ids": [],
    "priority_ids": [],
    "owner_ids": [],
    "min_age_days": 0,
    "when": "0 * * * * UTC",
    "state": "active",
    "next_slot_at": AT + HOUR,
    "kind": "channel",
}
SLOT = {"subscription_id": "loose-ends", "channel": "C1", "attempts": 1}
BY_REVISION = {
    "0001": {
        "journal": [
            {
                "id": "0123456789abcdef",
                "key": "view:V1",
                "operation": "declare",
                "actor": "U1",
                "channel": "C1",
                "request": {"kind": "view", "line": "declare Long ago"},
                "state": "done",
                "outcome": "INC-1 was declared.",
                "result": {"text": "INC-1 was declared."},
                "attempt": 1,
                "owner": "web-1",
                "accepted_at": AT,
                "lease_until": AT,
                "finished_at": AT,
                "incident_id": "01INC",
                "post_at": AT,
                "posting": None,
            },
        ],
        "subscriptions": [
            {
                **RULE,
                "id": "loose-ends",
                "name": "Loose ends",
                "kinds": ["follow_ups"],
                "incident_id": "01INC",
                "severity_ids": ["01MAJOR"],
                "priority_ids": ["01HIGH"],
                "owner_ids": ["nobody"],
                "min_age_days": 3,
                "options": {"labels": ["Security"], "of_tomorrow": [1]},
            },
            {**RULE, "id": "resting", "state": "paused", "reason": "Paused by <@U1>"},
        ],
        "slots": [
            {
                **SLOT,
                "id": "slot-sent",
                "key": "loose-ends@2026-03-02T09:00:00+00:00",
                "slot_at": AT,
                "state": "sent",
                "message_ts": "1772442000.000100",
                "posted_in": "C1",
                "shown": {"items": [["follow_ups", "01ITEM", ""]]},
                "finished_at": AT,
            },
            {
                **SLOT,
                "id": "slot-doubtful",
                "key": "loose-ends@2026-03-02T10:00:00+00:00",
                "slot_at": AT + HOUR,
                "state": "claimed",
                "claimed_by": "worker-1",
                "lease_until": AT + HOUR,
                "next_attempt_at": AT + HOUR,
                "sending_at": AT + HOUR,
            },
        ],
        "snoozes": [
            {
                "kind": "follow_ups",
                "item_id": "01ITEM",
                "until": AT + HOUR,
                "by": "U1",
                "count": 2,
            }
        ],
    },
    "0003": {
        "cards": [
            {
                "id": "card-1",
                "escalation_id": "01ESC",
                "channel": "C1",
                "ts": "1772442000.000200",
                "person": None,
                "by": "U1",
                "deeds": {"acked": {"by": "U2"}},
                "digest": "abc",
                "drawn_at": AT,
                "watched_until": AT + HOUR,
                "lease_until": None,
            }
        ],
    },
    KINDS: {
        "subscriptions": [
            {
                **RULE,
                "id": "shifts",
                "kind": "shifts",
                "channel": "",
                "created_by": "",
                "when": "",
            },
            {
                **RULE,
                "id": "owner-U2",
                "kind": "owner",
                "channel": "U2",
                "created_by": "",
                "when": "30 9 * * 1-5 Europe/Lisbon",
                "state": "paused",
                "reason": "they turned their digest off",
            },
            {
                **RULE,
                "id": "ladder",
                "kind": "ladder",
                "channel": "",
                "kinds": ["follow_ups"],
                "when": "",
                "options": {"steps": [{"to": "lead", "days": 3}], "teams": []},
            },
            {
                **RULE,
                "id": "handover",
                "kind": "handover",
                "when": "",
                "options": {"schedule_id": "01SCHEDULE", "minutes": 15},
            },
        ],
        "preferences": [
            {"person": "U2", "choices": {"digest": False}, "updated_at": AT}
        ],
        "marks": [{"key": "ladder:ladder:01ITEM:lead", "slot_id": "gone", "at": AT}],
    },
    "0006": {"paces": [{"kind": "owner", "free_at": AT + HOUR}]},
    "0007": {
        "cadences": [
            {"incident_id": "01INC", "due_at": None, "by": "U1", "set_at": AT}
        ],
    },
    DEEDS: {
        "deeds": [
            {
                "kind": "follow_ups",
                "item_id": "01ITEM",
                "what": "assigned",
                "by": "U1",
                "at": AT,
            }
        ],
    },
}


def fill(connection, revision):
    """Enter what a bot of that revision had stored."""
    known = sa.inspect(connection)
    for since, tables in BY_REVISION.items():
        for name, rows in tables.items() if since <= revision else ():
            columns = {column["name"] for column in known.get_columns(name)}
            for row in rows:
                values = {
                    k: v for k, v in row.items() if k in columns and v is not None
                }
                table = sa.table(name, *(_column(key, values[key]) for key in values))
                connection.execute(table.insert().values(values))


def _column(name, value):
    if isinstance(value, dict | list):
        return sa.column(name, sa.JSON())
    if isinstance(value, datetime):
        return sa.column(name, sa.DateTime(timezone=True))
    return sa.column(name, sa.Integer() if isinstance(value, int) else sa.Text())


def rows_of(table):
    return sa.select(sa.text("*")).select_from(sa.table(table))


def origins():
    """On PostgreSQL all but the first and the last where there is time."""
    for revision in REVISIONS:
        yield "sqlite", revision
        marks = pytest.mark.prove if revision in REVISIONS[1:-1] else ()
        yield pytest.param(("postgresql", revision), marks=marks)


@pytest.fixture(scope="module", params=origins(), ids="-".join)
def origin(request):
    return request.param


@pytest.fixture(scope="module")
def revision(origin):
    return origin[1]


@pytest.fixture(scope="module")
def _upgraded(request, origin, revision, tmp_path_factory):
    """A database that was at a revision, with data in it, and was migrated since."""
    if origin[0] == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('upgraded')}/bot.db"
    else:
        url = request.getfixturevalue("make_postgresql")()
    opened = open_database(url)
    opened.migrate(revision)
    with opened.engine.begin() as connection:
        fill(connection, revision)
    with pytest.raises(NotMigrated, match="not migrated"):
        opened.check()
    opened.migrate()
    opened.check()
    with opened.write() as session:
        for name in TABLES:
            session.execute(sa.text(f"CREATE TABLE kept_{name} AS {rows_of(name)}"))
    yield opened
    opened.close()


@pytest.fixture
def upgraded(_upgraded):
    """Such a database as the migration left it, whatever a test did there before."""
    with emptied(_upgraded).write() as session:
        for name in TABLES:
            kept = rows_of(f"kept_{name}")
            session.execute(sa.text(f"INSERT INTO {name} {kept}"))
    return _upgraded


def rules_of(database, now=AT):
    return Rules(database, lambda: now, lambda _, after: after + HOUR)


def test_reminders_are_as_they_were(upgraded, revision):
    rules = rules_of(upgraded)
    rule = rules.get("loose-ends")
    assert (rule.kind, rule.channel, rule.created_by) == ("channel", "C1", "U1")
    assert (rule.name, rule.recurrence) == ("Loose ends", "0 * * * * UTC")
    assert (rule.created_at, rule.next_slot_at) == (AT, AT + HOUR)
    options = {
        "item_kinds": ["follow_ups"],
        "incident_id": "01INC",
        "severity_ids": ["01MAJOR"],
        "priority_ids": ["01HIGH"],
        "owner_ids": ["nobody"],
        "min_age_days": 3,
    }
    if revision >= KINDS:
        options |= {"labels": ["Security"], "of_tomorrow": [1]}
    assert rule.options == options
    assert DigestOptions.of(rule).to_json() == options
    assert rules.get("resting").paused_because == "Paused by <@U1>"


def test_other_kinds_of_rules_store_nothing_that_does_not_apply(upgraded, revision):
    if revision < KINDS:
        assert {rule.kind for rule in rules_of(upgraded).list()} == {"channel"}
        return
    rules = {rule.id: rule for rule in rules_of(upgraded).list()}
    shifts = rules["shifts"]
    assert (shifts.channel, shifts.created_by, shifts.recurrence) == (None,) * 3
    assert shifts.options == {}
    assert PersonalRules(upgraded).all() == {
        "U2": PersonalRule(
            "U2", "30 9 * * 1-5 Europe/Lisbon", "they turned their digest off"
        )
    }
    ladder = Ladder.of(rules["ladder"])
    assert (ladder.channel, ladder.steps) == (None, (LadderStep("lead", 3),))
    handover = rules["handover"]
    assert schedule_of(handover) == "01SCHEDULE"
    assert ahead_of(handover) == timedelta(minutes=15)


def test_what_was_sent_is_known_and_a_doubt_is_taken_over(upgraded, revision):
    later = AT + 2 * HOUR
    rules = rules_of(upgraded, later)
    doubtful, sent = rules.history("loose-ends")
    assert (sent.id, sent.state, sent.rule_id) == ("slot-sent", "sent", "loose-ends")
    assert sent.message_ts == "1772442000.000100"
    claim = Slots(upgraded, "worker-2", HOUR, {"channel"}).claim(later)
    assert (claim.slot.id, claim.taken_from) == ("slot-doubtful", "worker-1")
    assert (claim.slot.sending_at, doubtful.attempts) == (AT + HOUR, 1)
    if revision >= KINDS:
        assert doubtful.key == "loose-ends@2026-03-02T10:00:00+00:00"
        assert sent.shown == {"items": [["follow_ups", "01ITEM", ""]]}
    assert rules.delete("loose-ends")
    assert rules.history("loose-ends") == []


def test_the_journal_is_complete_and_still_posted(upgraded, revision):
    (entry,) = Audit(upgraded).search()
    assert (entry.id, entry.key, entry.ref) == (
        "0123456789abcdef",
        "view:V1",
        "01234567",
    )
    assert (entry.claimed_by, entry.outcome) == ("web-1", "INC-1 was declared.")
    again = Journal(upgraded, "web-2", lambda: AT).accept(
        "view:V1", operation="declare", actor="U1", request={}
    )
    assert (again.fresh, again.result) == (False, {"text": "INC-1 was declared."})
    batch = AuditOutbox(upgraded).claim(10)
    assert (batch is not None) == (revision >= "0004")


def test_lines_that_were_typed_before_are_gone(upgraded):
    (entry,) = Audit(upgraded).search()
    assert entry.request == {}
    if upgraded.dialect == "sqlite":
        folder = Path(upgraded.engine.url.database).parent
        assert not [f for f in folder.glob("bot.db*") if b"Long ago" in f.read_bytes()]


def test_what_else_was_stored_is_there(upgraded, revision):
    snooze = Snoozes(upgraded).get("follow_ups", "01ITEM")
    assert (snooze.until, snooze.by, snooze.count) == (AT + HOUR, "U1", 2)
    cards = EscalationCards(upgraded).of("01ESC")
    if revision >= "0003":
        (card,) = cards
        assert (card.message_ts, card.created_by) == ("1772442000.000200", "U1")
        assert (card.actions, card.fingerprint) == ({"acked": {"by": "U2"}}, "abc")
    if revision >= KINDS:
        assert StoredPreferences(upgraded).get("U2") == {"digest": False}
        (key,) = SentOnceKeys(upgraded).under("ladder:")
        assert (key.key, key.at) == ("ladder:ladder:01ITEM:lead", AT)
    if revision >= "0006":
        with upgraded.write() as session:
            assert next_moment(session, "owner", AT) == AT + HOUR
    if revision >= "0007":
        chosen = UpdateChoice("01INC", None, chosen_by="U1", chosen_at=AT)
        assert UpdateChoices(upgraded).all() == {"01INC": chosen}
    if revision >= DEEDS:
        item = ("follow_ups", "01ITEM")
        (last,) = LastActions(upgraded).of([item]).values()
        assert (last.action, last.by, last.at) == ("assigned", "U1", AT)


def test_no_table_of_an_earlier_version_is_left_to_write_to(upgraded):
    """A process of an earlier version that still runs fails before it does anything."""
    left = set(sa.inspect(upgraded.engine).get_table_names())
    named = {name for tables in BY_REVISION.values() for name in tables}
    assert left & named == {"slots", "snoozes", "preferences"}
    columns = {c["name"] for c in sa.inspect(upgraded.engine).get_columns("slots")}
    assert "subscription_id" not in columns


def columns_of(database):
    tables = sa.inspect(database.engine)
    return {
        (table, column["name"]): column["nullable"] or column["default"] is not None
        for table in tables.get_table_names()
        for column in tables.get_columns(table)
    }


def test_since_0009_a_process_of_the_version_before_can_go_on(tmp_path):
    """Each replica is replaced while the others run: docs/deploy.md says so."""
    with closing(open_database(f"sqlite:///{tmp_path / 'bot.db'}")) as opened:
        opened.migrate("0009")
        before = columns_of(opened)
        opened.migrate()
        after = columns_of(opened)

    known = {table for table, _ in before}
    assert {*before} <= {*after}
    for (table, column), may_be_left_out in after.items():
        is_new = table in known and (table, column) not in before
        assert may_be_left_out or not is_new, (table, column)

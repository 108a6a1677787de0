"""Tables and columns have the names that the documentation and the code use.

Options of a rule are JSON that its kind reads; what does not apply is NULL. All tables
are copied, not altered, so that constraints and indexes have names that fit too.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

JSON = sa.JSON(none_as_null=True)

FILTERS = ("severity_ids", "priority_ids", "owner_ids")


def upgrade() -> None:
    _journal_entries()
    _rules()
    _slots()
    op.drop_table("subscriptions")
    _sent_once_keys()
    _throttles()
    _last_actions()
    _update_choices()
    _escalation_cards()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, JSON, nullable=nullable)


def _copy(source: str, target: str, *same: str, **renamed: str) -> None:
    """Copy all rows: these columns, and others from an expression each."""
    names = [*same, *renamed]
    values: list[sa.ColumnElement[Any]] = [
        *map(sa.column, same),
        *map(sa.literal_column, renamed.values()),
    ]
    found = sa.select(*values).select_from(sa.table(source))
    copy = sa.table(target, *map(sa.column, names))
    op.execute(copy.insert().from_select(names, found))


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _journal_entries() -> None:
    op.create_table(
        "journal_entries",
        *map(_text, ("id", "key", "operation", "actor")),
        _text("channel", nullable=True),
        _text("target", nullable=True),
        _json("request"),
        _text("state"),
        _text("outcome", nullable=True),
        _json("result", nullable=True),
        _json("changes", nullable=True),
        _number("attempt"),
        _text("claimed_by"),
        _moment("accepted_at"),
        _moment("lease_until"),
        _moment("finished_at", nullable=True),
        _text("request_id", nullable=True),
        _text("account", nullable=True),
        _text("incident_id", nullable=True),
        _moment("outbox_due_at", nullable=True),
        _text("outbox_batch_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journal_entries"),
        sa.UniqueConstraint("key", name="uq_journal_entries_key"),
    )
    asked = ("id", "key", "operation", "actor", "channel", "target", "request", "state")
    came = ("outcome", "result", "changes", "attempt", "accepted_at", "lease_until")
    _copy(
        "journal",
        "journal_entries",
        *asked,
        *came,
        *("finished_at", "request_id", "account", "incident_id"),
        claimed_by="owner",
        outbox_due_at="post_at",
        outbox_batch_id="posting",
    )
    op.drop_table("journal")
    _index("journal_entries", "state", "lease_until")
    _index("journal_entries", "accepted_at")
    _index("journal_entries", "outbox_due_at")


def _rules() -> None:
    op.create_table(
        "rules",
        *map(_text, ("id", "kind")),
        _text("channel", nullable=True),
        _text("created_by", nullable=True),
        _moment("created_at"),
        _text("name", nullable=True),
        _json("options"),
        _text("recurrence", nullable=True),
        _text("state"),
        _text("paused_because", nullable=True),
        _moment("next_slot_at", nullable=True),
        _moment("last_slot_at", nullable=True),
        _text("last_result", nullable=True),
        _moment("failing_since", nullable=True),
        _moment("failure_told_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rules"),
    )
    _copy(
        "subscriptions",
        "rules",
        *("id", "kind", "created_at", "name", "state"),
        *("next_slot_at", "last_slot_at", "last_result", "failing_since"),
        channel="NULLIF(channel, '')",
        created_by="NULLIF(created_by, '')",
        options="COALESCE(options, '{}')",
        recurrence="NULLIF(\"when\", '')",
        paused_because="reason",
        failure_told_at="told_at",
    )
    _move_filters()
    _index("rules", "state", "next_slot_at")
    _index("rules", "channel")
    _index("rules", "kind")


def _move_filters() -> None:
    """Make options of the columns that only two kinds had a use for."""
    before = sa.table(
        "subscriptions",
        *(sa.column(name, sa.Text()) for name in ("id", "kind", "incident_id")),
        *(sa.column(name, sa.JSON()) for name in ("kinds", "options", *FILTERS)),
        sa.column("min_age_days", sa.Integer()),
    )
    after = sa.table("rules", sa.column("id", sa.Text()), sa.column("options", JSON))
    connection = op.get_bind()
    found = sa.select(before).where(before.c.kind.in_(["channel", "summary"]))
    for row in connection.execute(found).mappings().all():
        filters = {
            "item_kinds": row["kinds"],
            **{name: row[name] for name in ("incident_id", "min_age_days", *FILTERS)},
        }
        chosen = {name: value for name, value in filters.items() if value}
        changed = after.update().where(after.c.id == row["id"])
        connection.execute(changed.values(options={**(row["options"] or {}), **chosen}))


def _slots() -> None:
    op.execute("CREATE TABLE slots_before AS SELECT * FROM slots")
    op.drop_table("slots")
    op.create_table(
        "slots",
        *map(_text, ("id", "rule_id", "channel")),
        _moment("slot_at"),
        _text("key"),
        _json("params", nullable=True),
        _text("requested_by", nullable=True),
        _text("state"),
        _text("reason", nullable=True),
        _number("attempts"),
        _text("claimed_by", nullable=True),
        _moment("lease_until", nullable=True),
        _moment("next_attempt_at", nullable=True),
        _moment("sending_at", nullable=True),
        _text("message_ts", nullable=True),
        _text("posted_in", nullable=True),
        _json("shown", nullable=True),
        _moment("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.UniqueConstraint("key", name="uq_slots_key"),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["rules.id"], name="fk_slots_rule_id", ondelete="CASCADE"
        ),
    )
    _copy(
        "slots_before",
        "slots",
        *("id", "channel", "slot_at", "key", "params", "requested_by", "state"),
        *("reason", "attempts", "claimed_by", "lease_until", "next_attempt_at"),
        *("sending_at", "message_ts", "posted_in", "shown", "finished_at"),
        rule_id="subscription_id",
    )
    op.drop_table("slots_before")
    _index("slots", "rule_id", "slot_at")
    _index("slots", "state", "next_attempt_at")
    _index("slots", "channel", "state")
    _index("slots", "posted_in", "message_ts")


def _sent_once_keys() -> None:
    op.create_table(
        "sent_once_keys",
        *map(_text, ("key", "slot_id")),
        _moment("at"),
        sa.PrimaryKeyConstraint("key", name="pk_sent_once_keys"),
    )
    _copy("marks", "sent_once_keys", "key", "slot_id", "at")
    op.drop_table("marks")
    _index("sent_once_keys", "slot_id")
    _index("sent_once_keys", "at")


def _throttles() -> None:
    op.create_table(
        "throttles",
        _text("kind"),
        _moment("free_at"),
        sa.PrimaryKeyConstraint("kind", name="pk_throttles"),
    )
    _copy("paces", "throttles", "kind", "free_at")
    op.drop_table("paces")


def _last_actions() -> None:
    op.create_table(
        "last_actions",
        *map(_text, ("kind", "item_id", "action", "by")),
        _moment("at"),
        sa.PrimaryKeyConstraint("kind", "item_id", name="pk_last_actions"),
    )
    _copy("deeds", "last_actions", "kind", "item_id", "by", "at", action="what")
    op.drop_table("deeds")
    _index("last_actions", "at")


def _update_choices() -> None:
    op.create_table(
        "update_choices",
        _text("incident_id"),
        _moment("due_at", nullable=True),
        _text("chosen_by"),
        _moment("chosen_at"),
        sa.PrimaryKeyConstraint("incident_id", name="pk_update_choices"),
    )
    _copy(
        "cadences",
        "update_choices",
        *("incident_id", "due_at"),
        chosen_by='"by"',
        chosen_at="set_at",
    )
    op.drop_table("cadences")
    _index("update_choices", "chosen_at")


def _escalation_cards() -> None:
    op.create_table(
        "escalation_cards",
        *map(_text, ("id", "escalation_id", "channel", "message_ts")),
        _text("person", nullable=True),
        _text("created_by"),
        _json("actions"),
        _text("fingerprint"),
        _moment("drawn_at"),
        _moment("watched_until"),
        _moment("lease_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_escalation_cards"),
        sa.UniqueConstraint(
            "channel", "message_ts", name="uq_escalation_cards_channel_message_ts"
        ),
    )
    _copy(
        "cards",
        "escalation_cards",
        *("id", "escalation_id", "channel", "person", "drawn_at"),
        *("watched_until", "lease_until"),
        message_ts="ts",
        created_by='"by"',
        actions="deeds",
        fingerprint="digest",
    )
    op.drop_table("cards")
    _index("escalation_cards", "escalation_id")
    _index("escalation_cards", "watched_until")

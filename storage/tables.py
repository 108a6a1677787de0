"""The tables as SQLAlchemy maps them. ``migrations/`` creates them.

Only this package imports them; everybody else gets frozen values.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """A time with a zone, stored as UTC and read back with it on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A time without a zone cannot be stored: {value}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


class CleanText(TypeDecorator[str]):
    """Text without what a database cannot store: NUL, halves of surrogate pairs."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "").encode("utf-8", "replace").decode()


class TableBase(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: CleanText,
        datetime: UtcTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
    }


class JournalRow(TableBase):
    """One write that somebody asked the bot for: see ``storage.entry``."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "state", "lease_until"),
        Index(None, "accepted_at"),
        Index(None, "outbox_due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    operation: Mapped[str]
    actor: Mapped[str]
    channel: Mapped[str | None]
    target: Mapped[str | None]
    request: Mapped[dict[str, Any]]
    state: Mapped[str]
    outcome: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]
    changes: Mapped[dict[str, Any] | None]
    attempt: Mapped[int]
    claimed_by: Mapped[str]
    accepted_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    request_id: Mapped[str | None]
    account: Mapped[str | None]
    incident_id: Mapped[str | None]
    in_doubt_since: Mapped[datetime | None]
    """When the first attempt was accepted that may have reached incident.io."""
    outbox_due_at: Mapped[datetime | None]
    """When to post it in the audit's channel: see ``storage.audit_outbox``."""
    outbox_batch_id: Mapped[str | None]


class RuleRow(TableBase):
    """See ``storage.rule``."""

    __tablename__ = "rules"
    __table_args__ = (
        Index(None, "state", "next_slot_at"),
        Index(None, "channel"),
        Index(None, "kind"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    channel: Mapped[str | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    name: Mapped[str | None]
    options: Mapped[dict[str, Any]]
    recurrence: Mapped[str | None]
    state: Mapped[str]
    paused_because: Mapped[str | None]
    next_slot_at: Mapped[datetime | None]
    last_slot_at: Mapped[datetime | None]
    last_result: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    failure_told_at: Mapped[datetime | None]
    """When its creator was told that it fails."""


class SlotRow(TableBase):
    """See ``storage.slot``."""

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "rule_id", "slot_at"),
        Index(None, "state", "next_attempt_at"),
        Index(None, "channel", "state"),
        Index(None, "posted_in", "message_ts"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    rule_id: Mapped[str] = mapped_column(ForeignKey("rules.id", ondelete="CASCADE"))
    channel: Mapped[str]
    slot_at: Mapped[datetime]
    key: Mapped[str]
    params: Mapped[dict[str, Any] | None]
    requested_by: Mapped[str | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    attempts: Mapped[int]
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    message_ts: Mapped[str | None]
    posted_in: Mapped[str | None]
    shown: Mapped[dict[str, Any] | None]
    finished_at: Mapped[datetime | None]


class ThrottleRow(TableBase):
    """When the next message of a kind may leave: see ``storage.throttles``."""

    __tablename__ = "throttles"

    kind: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]


class BlockDecisionRow(TableBase):
    """Whether Slack takes a type of block: see ``storage.block_decisions``."""

    __tablename__ = "block_decisions"

    type: Mapped[str] = mapped_column(primary_key=True)
    taken: Mapped[bool]
    at: Mapped[datetime]


class PreferenceRow(TableBase):
    """A person's choices: see ``storage.preferences``."""

    __tablename__ = "preferences"

    person: Mapped[str] = mapped_column(primary_key=True)
    choices: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class SentOnceRow(TableBase):
    """Something that is said once ever, and the slot that says it."""

    __tablename__ = "sent_once_keys"
    __table_args__ = (Index(None, "slot_id"), Index(None, "at"))

    key: Mapped[str] = mapped_column(primary_key=True)
    slot_id: Mapped[str]
    at: Mapped[datetime]


class SnoozeRow(TableBase):
    """An item that nobody wants to be reminded of until later."""

    __tablename__ = "snoozes"
    __table_args__ = (Index(None, "until"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    by: Mapped[str]
    count: Mapped[int]


class LastActionRow(TableBase):
    """The last action on an item through the bot."""

    __tablename__ = "last_actions"
    __table_args__ = (Index(None, "at"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class UpdateChoiceRow(TableBase):
    """When somebody wants an incident's next update to be asked for."""

    __tablename__ = "update_choices"
    __table_args__ = (Index(None, "chosen_at"),)

    incident_id: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime | None]
    chosen_by: Mapped[str]
    chosen_at: Mapped[datetime]


class LastLookRow(TableBase):
    """When a person last caught up on an incident: see ``storage.last_looks``."""

    __tablename__ = "last_looks"
    __table_args__ = (Index(None, "looked_at"),)

    person: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[str] = mapped_column(primary_key=True)
    looked_at: Mapped[datetime]
    seen_until: Mapped[datetime]


class CoverRequestRow(TableBase):
    """Colleagues are asked to take somebody's shift: see ``storage.covers``."""

    __tablename__ = "cover_requests"
    __table_args__ = (
        Index(None, "asker", "state"),
        Index(None, "changed_at"),
        Index(None, "expires_at"),
        Index(None, "end_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    asker: Mapped[str]
    schedule_id: Mapped[str]
    rotation_id: Mapped[str]
    layer_id: Mapped[str]
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str]
    people: Mapped[dict[str, Any]]
    takes: Mapped[list[Any]]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]


class EscalationCardRow(TableBase):
    """A message that follows an escalation: see ``storage.escalation_cards``."""

    __tablename__ = "escalation_cards"
    __table_args__ = (
        UniqueConstraint("channel", "message_ts"),
        Index(None, "escalation_id"),
        Index(None, "watched_until"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    escalation_id: Mapped[str]
    channel: Mapped[str]
    message_ts: Mapped[str]
    person: Mapped[str | None]
    created_by: Mapped[str]
    actions: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    drawn_at: Mapped[datetime]
    watched_until: Mapped[datetime]
    lease_until: Mapped[datetime | None]


class HomeTabRow(TableBase):
    """A person's Home tab, and what was published: see ``storage.home_tabs``."""

    __tablename__ = "home_tabs"
    __table_args__ = (Index(None, "opened_at"),)

    person: Mapped[str] = mapped_column(primary_key=True)
    first_opened_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]
    fingerprint: Mapped[str]
    view_hash: Mapped[str | None]
    named: Mapped[list[str] | None]
    lease_until: Mapped[datetime | None]


class IncidentCardRow(TableBase):
    """The message that shows an incident: see ``storage.incident_cards``."""

    __tablename__ = "incident_cards"
    __table_args__ = (
        Index(None, "incident_id"),
        Index(None, "changed_at"),
        Index(None, "pin", "pin_due_at"),
        Index(None, "drawn_at"),
    )

    slot_id: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[str]
    channel: Mapped[str]
    message_ts: Mapped[str]
    fingerprint: Mapped[str]
    drawn_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    pin: Mapped[str]
    pin_due_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]

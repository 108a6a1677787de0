"""The tables, as SQLAlchemy sees them. ``migrations/`` makes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    MetaData,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.columns import Clean, Utc


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Clean,
        datetime: Utc,
        dict[str, Any]: JSON(none_as_null=True),
        list[str]: JSON,
    }


class JournalRow(Base):
    """One write the bot was asked for: see ``storage.journal``."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "state", "lease_until"),
        Index(None, "accepted_at"),
        Index(None, "post_at"),
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
    owner: Mapped[str]
    accepted_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    request_id: Mapped[str | None]
    account: Mapped[str | None]
    incident_id: Mapped[str | None]
    post_at: Mapped[datetime | None]
    """When it is to be posted in the audit's channel: see ``storage.posts``."""
    posting: Mapped[str | None]


class Subscription(Base):
    """A rule: what is said to whom and when. People ask for it, or it always stands."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index(None, "state", "next_slot_at"),
        Index(None, "channel"),
        Index(None, "kind"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """What composes its messages: see ``reminders.engine.kinds``."""
    channel: Mapped[str]
    """A channel's id, or a person's; empty where each notice has its own."""
    team: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    name: Mapped[str | None]
    kinds: Mapped[list[str]]
    incident_id: Mapped[str | None]
    severity_ids: Mapped[list[str]]
    priority_ids: Mapped[list[str]]
    owner_ids: Mapped[list[str]]
    min_age_days: Mapped[int]
    options: Mapped[dict[str, Any] | None]
    """What only its kind knows."""
    when: Mapped[str]
    """A stored schedule; empty where its kind finds what is due."""
    state: Mapped[str]
    reason: Mapped[str | None]
    next_slot_at: Mapped[datetime | None]
    last_slot_at: Mapped[datetime | None]
    last_result: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When its creator was told that it fails."""


class Slot(Base):
    """One message that is due under a subscription: it is sent once or not at all."""

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "subscription_id", "slot_at"),
        Index(None, "state", "next_attempt_at"),
        Index(None, "channel", "state"),
        Index(None, "posted_in", "message_ts"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="CASCADE")
    )
    channel: Mapped[str]
    slot_at: Mapped[datetime]
    key: Mapped[str]
    """What it is about and when: the same is not entered twice."""
    params: Mapped[dict[str, Any] | None]
    """Ids of what a notice is about. None: a time of the subscription's schedule."""
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
    """The conversation; for a direct message another than ``channel``."""
    shown: Mapped[dict[str, Any] | None]
    """Ids of what the message showed, for when it is drawn again."""
    finished_at: Mapped[datetime | None]


class Pace(Base):
    """When the next message of a kind may leave: see ``storage.paces``."""

    __tablename__ = "paces"

    kind: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]


class Preference(Base):
    """What a person chose: see ``reminders.people.preferences``."""

    __tablename__ = "preferences"

    person: Mapped[str] = mapped_column(primary_key=True)
    choices: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Mark(Base):
    """Something that is said once, and the slot that says it."""

    __tablename__ = "marks"
    __table_args__ = (Index(None, "slot_id"), Index(None, "at"))

    key: Mapped[str] = mapped_column(primary_key=True)
    slot_id: Mapped[str]
    at: Mapped[datetime]


class Snooze(Base):
    """An item nobody wants to be reminded of until later."""

    __tablename__ = "snoozes"
    __table_args__ = (Index(None, "until"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    by: Mapped[str]
    count: Mapped[int]


class Deed(Base):
    """What was last done about an item through the bot: see ``storage.deeds``."""

    __tablename__ = "deeds"
    __table_args__ = (Index(None, "at"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class CardRow(Base):
    """A message that follows an escalation: see ``storage.cards``."""

    __tablename__ = "cards"
    __table_args__ = (
        UniqueConstraint("channel", "ts"),
        Index(None, "escalation_id"),
        Index(None, "watched_until"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    escalation_id: Mapped[str]
    channel: Mapped[str]
    ts: Mapped[str]
    person: Mapped[str | None]
    by: Mapped[str]
    deeds: Mapped[dict[str, Any]]
    digest: Mapped[str]
    drawn_at: Mapped[datetime]
    watched_until: Mapped[datetime]
    lease_until: Mapped[datetime | None]

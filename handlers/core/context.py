"""The context of an interaction: who is asking, where, and the services."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from blocks.kit.messages import Message
from handlers.core.command import Reply
from handlers.core.directory import VisibleIncidents
from handlers.core.notes import Notes
from handlers.core.permissions import PermissionPolicy
from handlers.core.running import Running
from incidentio import Incidentio, User
from incidentio.cache.catalog import Catalog
from incidentio.cache.memberships import Memberships
from reminders.cards.follower import Follower
from reminders.cards.incident_follower import IncidentCardFollower
from reminders.engine.shown_messages import ShownMessages
from reminders.ladder.ladder import Rounds
from reminders.live.asking import Asking
from reminders.people.accounts import Accounts
from reminders.people.personal import Personal
from reminders.sources.audience import Audience
from reminders.sources.snapshot import Item, Snapshot
from reminders.sources.snapshots import Snapshots
from slack.channels import Channels
from slack.client import SlackClient
from slack.company import Company
from slack.people import People, Person
from slack.user_groups import UserGroups
from storage.audit import Audit
from storage.covers import Covers
from storage.home_tabs import HomeTabs
from storage.journal import Journal
from storage.last_actions import LastActions
from storage.last_looks import LastLooks
from storage.rules import Rules
from storage.sent_once_keys import SentOnceKeys
from storage.slots import Slots
from storage.snoozes import Snoozes
from storage.update_choices import UpdateChoices


@dataclass(frozen=True)
class Services:
    """The services of the process, one of each."""

    api: Incidentio
    catalog: Catalog
    slack: SlackClient
    people: People
    company: Company
    accounts: Accounts
    channels: Channels
    groups: UserGroups
    memberships: Memberships
    policy: PermissionPolicy
    journal: Journal
    home_tabs: HomeTabs
    """Who opened their Home tab."""
    slots: Slots
    """Messages about writes, and whether each was sent."""
    audit: Audit
    rules: Rules
    snoozes: Snoozes
    sent_once: SentOnceKeys
    """Keys of messages that are sent only once and that were sent already."""
    personal: Personal
    """People's preferences about their own messages."""
    update_choices: UpdateChoices
    asking: Asking
    """The settings of questions about incidents in progress."""
    last_actions: LastActions
    last_looks: LastLooks
    covers: Covers
    """Requests for cover of shifts."""
    cards: Follower
    """Keeps the cards of escalations up to date."""
    incident_cards: IncidentCardFollower
    """Keeps the cards of incidents in their channels up to date."""
    outstanding: Snapshots
    """Outstanding items of all incidents; shared with the reminders."""
    rounds: Rounds
    """The times at which ladders send their messages."""
    redrawn: Callable[[str, str], Message | None]
    """Redraws a reminder's message, by the id of its slot and its channel."""
    about: Callable[[str, str, Audience], tuple[Snapshot, Sequence[Item]] | None]
    """Lists all that a reminder's message is about, for one reader."""
    shown: ShownMessages
    """Redraws the messages that show an item."""
    announce_changes: bool
    """Whether the bot adds who made a change that incident.io announces itself."""
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    slash: str
    running: Running


@dataclass(frozen=True)
class Context:
    """One interaction, as handlers see it.

    ``user`` and ``channel`` are Slack ids. ``key`` is unique to the interaction and the
    same when it is delivered again. ``ref`` is the reference that people are told if
    something fails.
    """

    services: Services
    user: str
    channel: str
    key: str
    ref: str
    may_write: Callable[[], bool] = lambda: True
    """Returns whether the write may still be made: no other process has taken over."""
    in_doubt_since: datetime | None = None
    """When the earliest attempt that may have made the write began; None: no such."""
    accepted_at: datetime | None = None
    memory: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    """The words after the command, as typed."""
    notes: Notes = field(default_factory=Notes)
    """What the audit records of a write."""
    doubles: list[Reply] = field(default_factory=list)
    """Says what was made twice, if another process has taken over the write."""

    @property
    def api(self) -> Incidentio:
        return self.services.api

    @property
    def catalog(self) -> Catalog:
        return self.services.catalog

    @property
    def in_doubt(self) -> bool:
        """Whether an earlier attempt may have made the write: look before making it."""
        return self.in_doubt_since is not None

    @property
    def slash(self) -> str:
        return self.services.slash

    @property
    def asked_at(self) -> datetime:
        """When the write was accepted, at each attempt; “2h” counts from it."""
        return self.accepted_at or self.now

    @cached_property
    def now(self) -> datetime:
        return self.services.now()

    @cached_property
    def person(self) -> Person:
        return self.services.people.get(self.user)

    @cached_property
    def account(self) -> User | None:
        """The person's incident.io account, perhaps linked by their email alone.

        Do not decide by it what they may see or do: that is ``directory.me``.
        """
        return self.services.accounts.of(self.user)

    @cached_property
    def directory(self) -> VisibleIncidents:
        s = self.services
        return VisibleIncidents(
            s.api,
            s.catalog,
            s.memberships,
            s.channels,
            user=self.user,
            channel=self.channel,
            touched=self.notes.on_incident,
            account=s.accounts.trusted,
        )

    @property
    def idempotency_key(self) -> str:
        """A key that is the same for every delivery and every attempt."""
        return "incidentio-bot-" + hashlib.sha256(self.key.encode()).hexdigest()[:40]

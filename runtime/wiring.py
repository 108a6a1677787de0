"""Builds the objects of one process from the settings, and takes them down again."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask
from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize

import handlers
from handlers.audit.channel import AuditChannel
from handlers.core.context import Services
from handlers.core.permissions import PermissionPolicy, PermissionSettings
from handlers.core.pipeline.bot import Bot
from handlers.core.pipeline.dispatch import Dispatcher
from handlers.core.pipeline.executor import Executors, open_executors
from handlers.core.pipeline.homes import Homes
from handlers.core.pipeline.ledger import Ledger
from handlers.core.pipeline.observe import Observer
from handlers.core.pipeline.recovery import Recovery
from handlers.core.pipeline.router import Router
from handlers.core.pipeline.shapes import is_well_formed
from handlers.core.pipeline.submissions import BUDGET, GRACE, Submissions
from handlers.core.running import Running
from http_base.client import OnExchange
from incidentio.cache.memberships import Memberships
from reminders import assembly
from reminders.calendar.schedule import following
from reminders.cards.drawing import Cards as DrawnCards
from reminders.cards.follower import Follower
from reminders.cards.incident_follower import IncidentCardFollower
from reminders.engine.engine import LEASE, Engine
from reminders.engine.veil import Veil
from reminders.items.targets import TargetSettings
from reminders.ladder.ladder import Rounds
from reminders.live.asking import Asking
from reminders.on_call.cover_editor import CoverEditor
from reminders.people.accounts import Accounts
from reminders.people.personal import Personal
from runtime.clients import FORM_THREADS, Clients, Now, open_clients, sources
from runtime.settings import Settings
from runtime.shared_changes import SharedChanges, Teller
from runtime.version import commit, version
from runtime.webhook_events import WebhookEvents
from slack.channels import Channels
from slack.client import SlackClient
from slack.company import Company
from slack.directory import SlackDirectory
from slack.people import People
from slack.user_groups import UserGroups
from storage.audit import Audit
from storage.audit_outbox import PAUSE, AuditOutbox
from storage.clock import SharedClock, utc_now
from storage.covers import Covers
from storage.database import Database, open_database
from storage.errors import Locked, NewerSchema
from storage.escalation_cards import EscalationCards
from storage.home_tabs import HomeTabs
from storage.incident_cards import IncidentCards
from storage.journal import Journal
from storage.last_actions import LastActions
from storage.last_looks import LastLooks
from storage.peers import Peers
from storage.rules import Rules
from storage.sent_once_keys import SentOnceKeys
from storage.slots import Slots
from storage.snoozes import Snoozes
from storage.update_choices import UpdateChoices
from telemetry.metrics import Metrics
from web.server import build as build_web
from web.signatures import SlackSignature
from web.slack_events import SlackEvents
from web.webhooks import Webhooks

OnDelivery = Callable[[dict[str, Any], Callable[[], BoltResponse]], BoltResponse]
"""Is given the body of a delivery, and what answers it."""

HTTP, SOCKET_MODE = "HTTP", "Socket Mode"
"""How Slack reaches a process."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The objects of one process. ``close`` finishes the work in flight."""

    services: Services
    database: Database
    clock: SharedClock
    metrics: Metrics
    router: Router
    bolt: App
    signature: SlackSignature
    ledger: Ledger
    recovery: Recovery
    audit: AuditChannel
    homes: Homes
    reminders: Engine
    directory: SlackDirectory
    cards: Follower
    covers: CoverEditor
    veil: Veil
    webhooks: Webhooks | None
    peers: Peers
    executors: Executors
    _stack: ExitStack

    def wait_idle(self, timeout: float = 10) -> bool:
        """Wait until every interaction is answered; return False at the timeout."""
        return self.executors.wait_idle(timeout)

    @property
    def wsgi(self) -> Flask:
        """The application that the web process serves."""
        services = self.services
        return build_web(
            slack_events=SlackEvents(self.bolt, is_well_formed),
            slack_signature=self.signature,
            checks={
                "database": partial(_usable, self.database),
                "clock": self.clock.check,
                "slack": services.slack.auth_test,
                "incident.io": services.api.identity.show,
            },
            registry=self.metrics.registry,
            webhooks=self.webhooks,
        )

    def meet_peers(self) -> None:
        """Begin to tell the other processes on the database, and to hear them."""
        if self.database.dialect == "postgresql":
            self.metrics.hears_peers.set_function(lambda: self.peers.hears)
        changes = SharedChanges(self.services)
        self.peers.start(changes.hear, changes.outdate)

    def close(self) -> None:
        self._stack.close()


def build(
    settings: Settings,
    *,
    now: Now = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
    budget: float = BUDGET,
    grace: float = GRACE,
    database: Database | None = None,
    on_exchange: OnExchange | None = None,
    on_delivery: OnDelivery | None = None,
    mode: str = HTTP,
) -> Runtime:
    """Build the bot without a request; ``close`` takes it down in reverse order.

    ``on_delivery`` is a middleware of Bolt's that each delivery passes first.
    ``mode`` tells people how Slack reaches this process.
    A ``database`` that is given stays open.
    """
    stack = ExitStack()
    metrics = Metrics()
    database = database or stack.enter_context(
        closing(open_database(settings.database_url))
    )
    process = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    peers = Peers(database, metrics.told)
    stack.callback(peers.close)
    teller = Teller(peers.tell)
    clients = open_clients(
        settings,
        metrics,
        stack,
        database,
        teller,
        now=now,
        sleep=sleep,
        monotonic=monotonic,
        on_exchange=on_exchange,
    )
    asking = Asking.of(
        settings.update_cadence, settings.update_grace_minutes, settings.nudges
    )
    shared = SharedClock(database, now)
    metrics.clock_offset.set_function(lambda: shared.offset)
    directory = SlackDirectory(clients.slack, timezone=settings.timezone, now=shared)
    people = People(
        clients.slack, timezone=settings.timezone, now=now, listed=directory.peek
    )
    accounts = Accounts(
        clients.catalog, people, directory, by_address=settings.permissions_by_email
    )
    read_from = sources(
        clients, database, settings, shared, teller, asking=asking, accounts=accounts
    )
    reminders = assembly.engine(
        read_from,
        process,
        slash=settings.slash_command,
        observe=metrics.reminded,
    )
    memberships = Memberships(clients.api, now=now, on_told=teller.access_changed)
    stack.callback(memberships.close)
    groups = UserGroups(clients.slack, now=now)
    services = Services(
        api=clients.api,
        catalog=clients.catalog,
        slack=clients.slack,
        memberships=memberships,
        policy=PermissionPolicy(
            _rules(settings), clients.catalog, accounts, groups, people
        ),
        channels=Channels(clients.slack, now=now),
        groups=groups,
        people=people,
        company=Company(clients.slack, people),
        accounts=accounts,
        journal=Journal(database, process, now, post_after=_post_after(settings)),
        home_tabs=HomeTabs(database),
        slots=Slots(database, process, LEASE, ()),
        audit=Audit(database),
        rules=Rules(database, shared, following),
        snoozes=Snoozes(database),
        sent_once=SentOnceKeys(database),
        personal=Personal(database, digests=settings.owner_digests),
        update_choices=UpdateChoices(database),
        asking=asking,
        last_actions=LastActions(database),
        last_looks=LastLooks(database),
        covers=Covers(database),
        cards=_cards(clients, database, memberships, accounts, shared),
        incident_cards=IncidentCardFollower(
            IncidentCards(database),
            clients.api,
            clients.slack,
            shared,
            standing=accounts.standing,
            enabled=settings.incident_cards,
        ),
        outstanding=reminders.snapshots,
        rounds=Rounds.of(TargetSettings.of(settings)),
        redrawn=reminders.show,
        about=reminders.about,
        shown=reminders.shown_messages(clients.slack),
        announce_changes=settings.announce_changes,
        now=now,
        sleep=sleep,
        slash=settings.slash_command,
        running=Running(version(), commit(), mode, now()),
    )
    ledger = Ledger(services.journal, sleep, accounts.known_id)
    bot = Bot(services, handlers.ROUTER, Observer(metrics), ledger)
    most = max(settings.web_threads // 3, 2)
    executors = open_executors(settings.work_threads, FORM_THREADS, stack)
    for executor in executors:
        metrics.waiting.labels(executor.name).set_function(executor.count)
    submissions = Submissions(
        bot, executors.options, budget=budget, grace=grace, most=most
    )
    dispatcher = Dispatcher(bot, submissions, executors)
    return Runtime(
        services=services,
        database=database,
        clock=shared,
        metrics=metrics,
        router=handlers.ROUTER,
        bolt=bolt_app(services.slack, dispatcher, on_delivery),
        signature=SlackSignature(settings.slack_signing_secret.get_secret_value()),
        ledger=ledger,
        recovery=Recovery(bot, submissions, timedelta(days=settings.audit_days)),
        audit=AuditChannel(services, AuditOutbox(database), settings.audit_channel),
        homes=bot.homes,
        reminders=reminders,
        directory=read_from.directory,
        cards=services.cards,
        covers=CoverEditor(
            services.covers,
            reminders.snapshots,
            clients.slack,
            now,
            show=reminders.show,
        ),
        veil=reminders.veil(
            clients.api.background(),
            clients.slack,
            services.cards.redraw_all,
            bot.homes.hide,
        ),
        webhooks=_webhooks(settings, services, bot.homes.touch, executors),
        peers=peers,
        executors=executors,
        _stack=stack,
    )


def _usable(database: Database) -> None:
    """Check that the database takes writes; a lock of others is no failure.

    A newer version that has migrated it is none either: this process answers until it
    is replaced.
    """
    with suppress(NewerSchema):
        database.check()
    with suppress(Locked):
        database.touch()


def _cards(
    clients: Clients,
    database: Database,
    memberships: Memberships,
    accounts: Accounts,
    now: Now,
) -> Follower:
    drawn = DrawnCards(clients.api, clients.catalog, memberships, accounts)
    stored = EscalationCards(database)
    return Follower(stored, drawn, clients.api, clients.slack, now)


def _post_after(settings: Settings) -> timedelta | None:
    return PAUSE if settings.audit_channel else None


def _rules(settings: Settings) -> PermissionSettings:
    return PermissionSettings(
        roles=settings.role_levels,
        granted={
            "read": settings.allowed_to_read,
            "respond": settings.allowed_to_respond,
            "administer": settings.allowed_to_administer,
        },
        from_incidentio=settings.permissions_from_incidentio,
        operations=settings.command_levels,
    )


def _webhooks(
    settings: Settings,
    services: Services,
    touch: Callable[[], None],
    executors: Executors,
) -> Webhooks | None:
    secret = settings.incidentio_webhook_secret.get_secret_value()
    if not secret:
        return None
    events = WebhookEvents(services, touch, executors.notices.submit)
    return Webhooks(secret, events, now=services.now)


class Known(Authorize):
    """Tells Bolt the token, which it need not ask Slack about."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, **_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=self._token)


def bolt_app(
    slack: SlackClient, dispatcher: Dispatcher, on_delivery: OnDelivery | None = None
) -> App:
    """Build the Bolt app of one workspace; it acknowledges in the request's thread.

    It verifies no signature: what reaches it over HTTP was verified before it was read.
    """
    app = App(
        # As Bolt names it by itself, for which it reads the source of every caller.
        # It has the level of Bolt's logger, so it must not be the name of ours.
        name="runtime/wiring.py",
        client=slack,
        signing_secret="verified before",  # noqa: S106
        request_verification_enabled=False,
        process_before_response=True,
        # What these would look for is refused before, or is not known to Bolt here.
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        authorize=Known(slack.token),
        logger=logging.getLogger("slack_bolt"),
    )
    if on_delivery:
        app.use(on_delivery)
    dispatcher.install(app)
    return app

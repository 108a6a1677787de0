"""The clients of both services, and the catalog of incident.io's configuration."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from http_base.client import OnExchange
from incidentio import Incidentio
from incidentio.cache.catalog import Catalog
from reminders.assembly import Sources
from reminders.items.targets import TargetSettings
from reminders.live.asking import Asking
from reminders.people.accounts import Accounts
from runtime.settings import Settings
from runtime.shared_changes import Teller
from slack.client import SlackClient
from slack.newer_blocks import BlockSupport
from storage.block_decisions import BlockDecisions
from storage.database import Database
from storage.errors import DatabaseError
from telemetry.metrics import Metrics

FORM_THREADS = 16
"""Threads for forms, besides the ``WORK_THREADS`` for everything else."""

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Clients:
    api: Incidentio
    catalog: Catalog
    slack: SlackClient


def open_clients(
    settings: Settings,
    metrics: Metrics,
    stack: ExitStack,
    database: Database,
    teller: Teller,
    *,
    now: Now,
    sleep: Callable[[float], None],
    monotonic: Callable[[], float],
    on_exchange: OnExchange | None = None,
) -> Clients:
    """Build the clients without a request; the stack closes them.

    ``teller`` is told what other processes should know; ``on_exchange`` hears of every
    request that either of them makes.
    """
    pool = settings.work_threads + FORM_THREADS
    api = Incidentio(
        settings.incidentio_api_key.get_secret_value(),
        settings.incidentio_api_url,
        pool_size=pool,
        requests_per_minute=settings.incidentio_requests_per_minute,
        now=now,
        sleep=sleep,
        monotonic=monotonic,
        on_request=metrics.requested,
        on_exchange=on_exchange,
        on_change=teller.changed,
        on_limit=teller.limited,
    )
    stack.callback(api.close)
    catalog = Catalog(api, now=now, on_outdated=teller.list_outdated)
    stack.callback(catalog.close)
    slack = SlackClient(
        settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        pool_size=pool,
        on_exchange=on_exchange,
        blocks=BlockSupport(BlockDecisions(database), now, DatabaseError),
    )
    stack.callback(slack.close)
    return Clients(api, catalog, slack)


def sources(
    clients: Clients,
    database: Database,
    settings: Settings,
    now: Now,
    teller: Teller,
    *,
    asking: Asking,
    accounts: Accounts,
) -> Sources:
    """Return the sources that reminders are composed from."""
    return Sources(
        database,
        clients.api,
        clients.slack,
        now,
        target_settings=TargetSettings.of(settings),
        priorities=clients.catalog.priorities,
        timezone=settings.timezone,
        owner_digests=settings.owner_digests,
        incident_cards=settings.incident_cards,
        accounts=accounts,
        asking=asking,
        on_outdated=teller.snapshot_outdated,
    )

"""Every kind of reminder there is, and what each is told from. Here they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from reminders.cadence import UpdateCadence
from reminders.channel_digests import ChannelDigests
from reminders.engine import Engine
from reminders.live import LIVE, LiveIncidents
from reminders.nudges import Nudges
from reminders.own import ASLEEP, NUDGED, PROMISES, asleep, nudged, promises
from reminders.preferences import PREFERENCES, everybody
from reminders.snapshots import Snapshots
from reminders.targets import TARGETS, targets
from storage.cadences import Cadences
from storage.preferences import Preferences
from storage.snoozes import Snoozes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import Unpack

    from incidentio.client import Incidentio
    from reminders.asking import Asking
    from reminders.deliver import Observe
    from reminders.kinds import Kind
    from reminders.snapshot import Reader
    from slack.client import SlackClient
    from storage.database import Database


@dataclass(frozen=True, slots=True)
class Sources:
    """Where everything that reminders tell comes from."""

    database: Database
    api: Incidentio
    slack: SlackClient
    now: Callable[[], datetime]
    asking: Asking | None = None
    """None: nothing is asked about incidents in progress."""


class Options(TypedDict, total=False):
    slash: str
    lease: timedelta
    observe: Observe


def kinds(sources: Sources) -> Sequence[Kind]:
    return [ChannelDigests(), *_during(sources.asking)]


def _during(asked: Asking | None) -> Sequence[Kind]:
    return [UpdateCadence(asked), Nudges(asked)] if asked else []


def readers(sources: Sources) -> Mapping[str, Reader[Any]]:
    """By name of the part they read; each runs at most once a sweep."""
    return {
        ASLEEP.name: asleep(Snoozes(sources.database)),
        LIVE.name: LiveIncidents(sources.api.background()),
        NUDGED.name: nudged(Snoozes(sources.database)),
        PREFERENCES.name: everybody(Preferences(sources.database)),
        PROMISES.name: promises(Cadences(sources.database)),
        TARGETS.name: targets(),
    }


def engine(sources: Sources, worker: str, **more: Unpack[Options]) -> Engine:
    """One worker's engine; ``worker`` is the name it claims under."""
    background = sources.api.background()
    return Engine(
        sources.database,
        Snapshots(background, sources.now, readers(sources)),
        kinds(sources),
        sources.slack,
        sources.now,
        worker=worker,
        **more,
    )

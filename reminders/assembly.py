"""Every kind of reminder there is, and what each is told from. Here they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from reminders.channel_digests import ChannelDigests
from reminders.engine import Engine
from reminders.gaps import Gaps
from reminders.handovers import Handovers
from reminders.own import ASLEEP, asleep
from reminders.preferences import PREFERENCES, everybody
from reminders.quiet import QUIET, quiet
from reminders.rota import ROTA, RotaReader
from reminders.shift_ends import ShiftEnds
from reminders.shifts import SAID, Shifts, said
from reminders.snapshots import Snapshots
from reminders.targets import TARGETS, targets
from reminders.watch import WATCH, WatchReader
from storage.preferences import Preferences
from storage.snoozes import Snoozes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import Unpack

    from incidentio.client import Incidentio
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


class Options(TypedDict, total=False):
    slash: str
    lease: timedelta
    observe: Observe


def kinds(_: Sources) -> Sequence[Kind]:
    return [ChannelDigests(), Shifts(), ShiftEnds(), Handovers(), Gaps()]


def readers(sources: Sources) -> Mapping[str, Reader[Any]]:
    """By name of the part they read; each runs at most once a sweep."""
    return {
        ASLEEP.name: asleep(Snoozes(sources.database)),
        PREFERENCES.name: everybody(Preferences(sources.database)),
        TARGETS.name: targets(),
        **_on_call(sources),
    }


def _on_call(sources: Sources) -> Mapping[str, Reader[Any]]:
    background = sources.api.background()
    database, chosen = sources.database, Preferences(sources.database)
    return {
        ROTA.name: RotaReader(background),
        WATCH.name: WatchReader(background),
        QUIET.name: quiet(chosen, sources.slack, sources.now),
        SAID.name: said(database),
    }


def engine(
    sources: Sources,
    worker: str,
    *,
    more_kinds: Sequence[Kind] = (),
    **more: Unpack[Options],
) -> Engine:
    """One worker's engine; ``worker`` is the name it claims under."""
    background = sources.api.background()
    return Engine(
        sources.database,
        Snapshots(background, sources.now, readers(sources)),
        [*kinds(sources), *more_kinds],
        sources.slack,
        sources.now,
        worker=worker,
        **more,
    )

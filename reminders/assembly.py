"""Builds the engine: all kinds of rules, and the data sources that they read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

from blocks.kit.people import as_embedded
from reminders.cards.incident_card import (
    IN_CHANNELS,
    CardsInChannels,
    in_channels,
)
from reminders.digests import enrolment
from reminders.digests.channel import ChannelDigests
from reminders.digests.enrolment import ENROLLED, Enrolment
from reminders.digests.owner import OwnerDigests
from reminders.digests.summary import Summaries
from reminders.engine.engine import Engine
from reminders.items.findings import Findings
from reminders.items.targets import TARGETS, Priorities, TargetSettings, targets
from reminders.ladder.ladder import Rounds
from reminders.ladder.notices import Ladders
from reminders.ladder.sources import ladder_readers
from reminders.live.cadence import UpdateCadence
from reminders.live.incidents import LIVE, LiveIncidents
from reminders.live.nudges import Nudges
from reminders.live.stored import NUDGED, UPDATE_CHOICES, nudged, update_choices
from reminders.on_call.cover import COVERS, CoverMessages, covers
from reminders.on_call.gaps import Gaps
from reminders.on_call.handovers import Handovers
from reminders.on_call.rota import ROTA, RotaReader
from reminders.on_call.shift_ends import ShiftEnds
from reminders.on_call.shift_notices import SAID, said
from reminders.on_call.shifts import Shifts
from reminders.on_call.watch import WATCH, WatchReader
from reminders.outcomes.outcomes import Outcomes
from reminders.outcomes.unsaid import UNSAID, unsaid
from reminders.people.away import AWAY, away
from reminders.people.directory import (
    DISTURBED,
    PEOPLE,
    RECIPIENTS,
    disturbed,
    people,
    recipients,
)
from reminders.people.pauses import Pauses
from reminders.people.preferences import PREFERENCES, everybody
from reminders.sources.item_factory import Links
from reminders.sources.recall import Recall
from reminders.sources.snapshot import ASLEEP, asleep
from reminders.sources.snapshots import OnOutdated, Snapshots
from slack.directory import SlackDirectory
from slack.do_not_disturb import DoNotDisturb
from storage.announcements import Announcements
from storage.covers import Covers
from storage.personal_rules import PersonalRules
from storage.preferences import StoredPreferences
from storage.snoozes import Snoozes
from storage.update_choices import UpdateChoices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta
    from typing import Unpack

    from incidentio import Incidentio
    from reminders.engine.deliver import Observe
    from reminders.engine.kinds import Kind
    from reminders.live.asking import Asking
    from reminders.people.accounts import Accounts
    from reminders.sources.snapshot import Reader
    from slack.client import SlackClient
    from storage.database import Database


@dataclass(frozen=True)
class Sources:
    """The clients and settings from which kinds and data sources are built."""

    database: Database
    api: Incidentio
    slack: SlackClient
    now: Callable[[], datetime]
    target_settings: TargetSettings = field(default_factory=TargetSettings)
    priorities: Priorities = tuple
    """Returns the priorities that follow-ups may have; none if not known yet."""
    timezone: str = "UTC"
    """The time zone of people whose own zone is not known."""
    owner_digests: bool = True

    @cached_property
    def directory(self) -> SlackDirectory:
        if self.accounts is not None:
            return self.accounts.directory
        return SlackDirectory(self.slack, timezone=self.timezone, now=self.now)

    accounts: Accounts | None = None
    """None: only people whom incident.io links to Slack can be reached there."""
    incident_cards: bool = False
    """Whether the card of each incident is posted in its channel."""
    asking: Asking | None = None
    """None: the bot asks no questions about incidents in progress."""
    on_outdated: OnOutdated = lambda *_: None
    """What ``Snapshots`` calls when earlier ones are out of date."""


class Options(TypedDict, total=False):
    slash: str
    lease: timedelta
    observe: Observe


def kinds(sources: Sources) -> Sequence[Kind]:
    """Return one of each kind of rule that these sources allow."""
    return [
        ChannelDigests(),
        OwnerDigests(),
        Summaries(),
        Enrolment(sources.directory.missed, digests=sources.owner_digests),
        Ladders(Rounds.of(sources.target_settings)),
        *_live_questions(sources.asking, sources.target_settings),
        *(Shifts(), ShiftEnds(), Handovers(), Gaps(), CoverMessages()),
        Outcomes(),
        *([CardsInChannels()] if sources.incident_cards else []),
    ]


def _live_questions(
    asked: Asking | None, target_settings: TargetSettings
) -> Sequence[Kind]:
    return [UpdateCadence(asked), Nudges(asked, target_settings)] if asked else []


def readers(sources: Sources) -> Mapping[str, Reader[Any]]:
    """Return the reader of each data source, by the name of the source."""
    findings = Findings(sources.api.background(), sources.now)
    return {
        IN_CHANNELS.name: in_channels(sources.api.background()),
        ASLEEP.name: asleep(Snoozes(sources.database)),
        LIVE.name: LiveIncidents(sources.api.background(), sources.now),
        NUDGED.name: nudged(Snoozes(sources.database)),
        PREFERENCES.name: everybody(StoredPreferences(sources.database)),
        UNSAID.name: unsaid(Announcements(sources.database), sources.api.background()),
        UPDATE_CHOICES.name: update_choices(UpdateChoices(sources.database)),
        TARGETS.name: targets(findings, sources.target_settings, sources.priorities),
        **ladder_readers(sources.database, sources.now),
        **_on_call(sources),
        **_people(sources),
    }


def _people(sources: Sources) -> Mapping[str, Reader[Any]]:
    directory, zone = sources.directory, sources.timezone
    chosen = StoredPreferences(sources.database)
    pauses = Pauses(sources.api.background(), sources.now)
    return {
        PEOPLE.name: people(directory),
        RECIPIENTS.name: recipients(directory, zone, sources.target_settings.country),
        DISTURBED.name: disturbed(DoNotDisturb(sources.slack, now=sources.now)),
        AWAY.name: away(directory, chosen, pauses, zone),
        ENROLLED.name: enrolment.everybody(PersonalRules(sources.database)),
    }


def _on_call(sources: Sources) -> Mapping[str, Reader[Any]]:
    background = sources.api.background()
    return {
        ROTA.name: RotaReader(background, sources.accounts),
        WATCH.name: WatchReader(background, sources.now),
        SAID.name: said(sources.database),
        COVERS.name: covers(Covers(sources.database)),
    }


def engine(
    sources: Sources,
    worker: str,
    *,
    more_kinds: Sequence[Kind] = (),
    only_kinds: Sequence[Kind] = (),
    **more: Unpack[Options],
) -> Engine:
    """Return the engine of one worker; it claims slots under the name ``worker``.

    With ``only_kinds`` it plans and sends nothing of other kinds.
    """
    background = sources.api.background()
    links = sources.accounts.links if sources.accounts else Links
    return Engine(
        sources.database,
        Snapshots(
            background, sources.now, readers(sources), links, sources.on_outdated
        ),
        [*(only_kinds or kinds(sources)), *more_kinds],
        sources.slack,
        sources.now,
        recall=Recall(sources.database, background),
        worker=worker,
        standing=sources.accounts.standing if sources.accounts else as_embedded,
        **more,
    )

"""Ladders: who is told of follow-ups that are overdue and neglected. Pure.

Each step is taken once for an item. When somebody does something about the item, the
count of days starts again from there; it goes on with the step after the last one
taken. A step without a recipient is passed over, and the next step is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from storage.rule import RuleOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

    from reminders.calendar.working_days import WorkingDays
    from reminders.items.targets import TargetSettings
    from reminders.sources.snapshot import IncidentSummary, Item
    from storage.rule import Rule

OWNER, LEAD, CHANNEL, PERSON = "owner", "lead", "channel", "person"
ORDER = (OWNER, LEAD, CHANNEL, PERSON)

SAID, PENDING, UNSAID, FAILED = "said", "pending", "unsaid", "failed"
"""The outcomes of a step: ``FAILED`` would fail again, ``UNSAID`` may be retried."""

ROUND = time(10)
"""When the messages of a day are sent, in the organisation's time zone."""
LATEST = timedelta(hours=6)
"""How long after ``ROUND`` they may still be sent."""
TRIES = 3
"""How many days a step that could not be sent is tried before it is passed over."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    to: str
    days: int
    """Working days past the target, or past the last activity if that is later."""
    id: str | None = None
    """The Slack id of the person or channel; None: the incident's own channel."""
    name: str | None = None
    """The person's name, for texts in which a mention would notify them."""


class LadderOptions(RuleOptions):
    steps: tuple[LadderStep, ...] = ()
    teams: tuple[str, ...] = ()
    """Ids of teams: their follow-ups are on this ladder, whatever the incident."""


@dataclass(frozen=True, slots=True)
class Ladder:
    id: str
    channel: str | None
    """The channel whose incidents it is for. None: it is the organisation's."""
    steps: tuple[LadderStep, ...]
    teams: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rule: Rule) -> Ladder:
        options = LadderOptions.of(rule)
        teams = frozenset(options.teams)
        return cls(rule.id, rule.channel, in_order(options.steps), teams)

    def concerns(self, item: Item, case: IncidentSummary) -> bool:
        """Return whether an item may be on this ladder; see ``nearest``."""
        return not self.channel or case.channel == self.channel or self._owns(item)

    def _owns(self, item: Item) -> bool:
        return item.team_id is not None and item.team_id in self.teams


def in_order(steps: Iterable[LadderStep]) -> tuple[LadderStep, ...]:
    """Sort steps in the order they are taken; leave out those of unknown kinds."""
    known = (step for step in steps if step.to in ORDER)
    return tuple(sorted(known, key=lambda step: ORDER.index(step.to)))


def nearest(
    ladders: Iterable[Ladder], item: Item, case: IncidentSummary
) -> Ladder | None:
    """Return an item's ladder: its channel's, its team's, or the organisation's."""

    def distance(ladder: Ladder) -> tuple[int, str]:
        own = ladder.channel and ladder.channel == case.channel
        return (0 if own else 1 if ladder.channel else 2), ladder.id

    fitting = [ladder for ladder in ladders if ladder.concerns(item, case)]
    return min(fitting, key=distance, default=None)


@dataclass(frozen=True, slots=True)
class Rounds:
    """The times at which ladders send messages: once on each working day."""

    working: WorkingDays
    zone: ZoneInfo

    @classmethod
    def of(cls, target_settings: TargetSettings) -> Rounds:
        return cls(target_settings.working, target_settings.zone)

    def first(self, moment: datetime) -> datetime:
        """Return the time of the first round at ``moment`` or later."""
        day = moment.astimezone(self.zone).date()
        while (at := self._on(day)) < moment or not self.working.is_working(day):
            day += timedelta(days=1)
        return at

    def current(self, now: datetime) -> datetime | None:
        """Return the time of today's round. None: it is not yet, or no longer, time."""
        day = now.astimezone(self.zone).date()
        at = self._on(day)
        timely = at <= now < at + LATEST
        return at if timely and self.working.is_working(day) else None

    def after(self, moment: datetime, days: int) -> datetime:
        """Return the moment that many working days later; not before ``moment``."""
        return self.working.add(moment, max(days, 0), self.zone)

    def past(self, target: datetime, now: datetime) -> int:
        """Return the number of working days since a target."""
        start, end = (at.astimezone(self.zone) for at in (target, now))
        return max(0, self.working.between(start, end))

    def _on(self, day: Any) -> datetime:
        return datetime.combine(day, ROUND, self.zone)


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that was taken for an item, or tried; ``how`` is its outcome."""

    to: str
    at: datetime
    whom: str | None
    """The recipient's Slack id; None: it is no longer known."""
    how: str
    slot_id: str = ""


@dataclass(frozen=True, slots=True)
class StepRecipient:
    """The recipient of a step for an item, or why there is none."""

    whom: str | None
    why: str = ""
    withheld: bool = False
    """Whether the recipient is not allowed to know of the item."""


@dataclass(frozen=True, slots=True)
class DueStep:
    """The next step for an item, and when it is due.

    ``passed``: the steps before it that had no recipient, each with the reason.
    """

    item: Item
    case: IncidentSummary
    step: LadderStep
    at: datetime
    recipient: StepRecipient
    passed: Sequence[tuple[LadderStep, str]] = ()


def recipient_of(step: LadderStep, item: Item, case: IncidentSummary) -> StepRecipient:
    """Return the recipient; only its own people are told of a private incident."""
    if step.to == OWNER:
        return _someone(item.owner, "it has no owner", "its owner is not on Slack")
    if step.to == LEAD:
        missing = "the incident has no lead", "the incident's lead is not on Slack"
        return _someone(case.lead, *missing)
    where = step.id or case.channel
    if where is None:
        return StepRecipient(None, "the incident has no channel")
    if case.is_private and where != case.channel:
        return StepRecipient(where, "the incident is private", withheld=True)
    return StepRecipient(where)


def _someone(person: Any, nobody: str, elsewhere: str) -> StepRecipient:
    if person is None:
        return StepRecipient(None, nobody)
    return StepRecipient(person.slack_id, "" if person.slack_id else elsewhere)

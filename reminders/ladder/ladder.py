"""A ladder: who is told of a follow-up past its target that nobody works on. Pure.

Each step is taken once for an item. What anybody does about the item stops the climb:
the days are counted anew from there, and it goes on after the last step taken. A step
without a recipient gives way to the next one's.
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
    from reminders.items.targets import Reckoning
    from reminders.sources.snapshot import IncidentSummary, Item
    from storage.rule import Rule

OWNER, LEAD, CHANNEL, PERSON = "owner", "lead", "channel", "person"
ORDER = (OWNER, LEAD, CHANNEL, PERSON)

SAID, PENDING, UNSAID, FAILED = "said", "pending", "unsaid", "failed"
"""What became of a step: ``FAILED`` will fail again, ``UNSAID`` may go another day."""

ROUND = time(10)
"""When the messages of a day go out, where the organisation is."""
LATEST = timedelta(hours=6)
"""How long after that they may still go out."""
TRIES = 3
"""Days a step that could not be said is tried again before it gives way."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    to: str
    days: int
    """Working days past the target, or past the last activity if that is later."""
    id: str | None = None
    """A person's, or a channel's; without, the incident's own."""
    name: str | None = None
    """What a person is called, for where a mention would notify them."""


class LadderOptions(RuleOptions):
    steps: tuple[LadderStep, ...] = ()
    teams: tuple[str, ...] = ()
    """Ids of teams whose follow-ups climb it, wherever they are from."""


@dataclass(frozen=True, slots=True)
class Ladder:
    id: str
    channel: str | None
    """None: the organisation's."""
    steps: tuple[LadderStep, ...]
    teams: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rule: Rule) -> Ladder:
        options = LadderOptions.of(rule)
        teams = frozenset(options.teams)
        return cls(rule.id, rule.channel, in_order(options.steps), teams)

    def concerns(self, item: Item, case: IncidentSummary) -> bool:
        return not self.channel or case.channel == self.channel or self._owns(item)

    def _owns(self, item: Item) -> bool:
        return item.team_id is not None and item.team_id in self.teams


def in_order(steps: Iterable[LadderStep]) -> tuple[LadderStep, ...]:
    """Sort steps as they are taken; one that this version does not know is left out."""
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
    def of(cls, reckoning: Reckoning) -> Rounds:
        return cls(reckoning.working, reckoning.zone)

    def first(self, moment: datetime) -> datetime:
        """Find the first round at ``moment`` or after."""
        day = moment.astimezone(self.zone).date()
        while (at := self._on(day)) < moment or not self.working.is_working(day):
            day += timedelta(days=1)
        return at

    def current(self, now: datetime) -> datetime | None:
        """Return today's round. None: it has not come, or is long past."""
        day = now.astimezone(self.zone).date()
        at = self._on(day)
        timely = at <= now < at + LATEST
        return at if timely and self.working.is_working(day) else None

    def after(self, moment: datetime, days: int) -> datetime:
        return self.working.add(moment, max(days, 0), self.zone)

    def past(self, target: datetime, now: datetime) -> int:
        """Return the number of working days since a target."""
        start, end = (at.astimezone(self.zone) for at in (target, now))
        return max(0, self.working.between(start, end))

    def _on(self, day: Any) -> datetime:
        return datetime.combine(day, ROUND, self.zone)


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that was taken for an item, or was to be."""

    to: str
    at: datetime
    whom: str | None
    """A Slack id; None: not known any more."""
    how: str
    slot_id: str = ""


@dataclass(frozen=True, slots=True)
class StepRecipient:
    """The recipient of a step for an item, or why there is none."""

    whom: str | None
    why: str = ""
    withheld: bool = False
    """It would reach somebody who may not know of it."""


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that is due for an item; ``passed`` are steps without a recipient."""

    item: Item
    case: IncidentSummary
    step: LadderStep
    at: datetime
    recipient: StepRecipient
    passed: Sequence[tuple[LadderStep, str]] = ()


def recipient_of(step: LadderStep, item: Item, case: IncidentSummary) -> StepRecipient:
    """Find the recipient; a private incident stays with its own people."""
    if step.to == OWNER:
        return _someone(item.owner, "nobody owns it", "its owner is not on Slack")
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

"""Makes a rule for everybody who owns follow-ups or leads for owners who are away.

Each person has one rule, which sends their digest. It changes with their preferences
and time zone, and is paused when they leave Slack.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from reminders.engine.kinds import Answer, Kind, Nothing
from reminders.people import away
from reminders.people.away import AWAY
from reminders.people.directory import PEOPLE
from reminders.people.personal import enrolled
from reminders.people.preferences import DEFAULT, PREFERENCES
from reminders.sources.snapshot import FOLLOW_UPS, DataSource

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from reminders.engine.kinds import Kind, RenderContext
    from reminders.sources.snapshot import Owner, Reader, Reading, Snapshot
    from storage.personal_rules import PersonalRule, PersonalRules
    from storage.rule import Rule

ENROLLED: DataSource[Mapping[str, PersonalRule]] = DataSource("enrolled", {})
"""The rules that people have of their own, by Slack id."""

LEFT = "they have left Slack"


def everybody(stored: PersonalRules) -> Reader[Mapping[str, PersonalRule]]:
    def read(_: Reading) -> Mapping[str, PersonalRule]:
        return stored.all()

    return read


class Enrolment(Kind):
    """Sends nothing itself. ``missed`` gets the Slack ids that Slack did not list."""

    name = "enrolment"
    poll_interval = timedelta(minutes=10)
    singleton = True

    def __init__(
        self, missed: Callable[[Collection[str]], None], *, digests: bool = True
    ) -> None:
        self._missed = missed
        self._digests = digests

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        read = (PEOPLE, PREFERENCES, AWAY, ENROLLED)
        return {FOLLOW_UPS, *(source.name for source in read)}

    def personal_rules(self, snapshot: Snapshot) -> Iterable[PersonalRule]:
        """Yield the rules that are to be made or changed."""
        people, known = snapshot.get(PEOPLE), snapshot.get(ENROLLED)
        concerned = frozenset(recipients(snapshot))
        self._missed(concerned - people.keys())
        for person in sorted((concerned | known.keys()) & people.keys()):
            wanted, has = self._wanted(snapshot, person), known.get(person)
            if wanted != has and (has or not wanted.paused_because):
                yield wanted

    def compose(self, context: RenderContext) -> Answer:  # noqa: ARG002
        return Nothing()

    def _wanted(self, snapshot: Snapshot, person: str) -> PersonalRule:
        found = snapshot.get(PEOPLE)[person]
        chosen = snapshot.get(PREFERENCES).get(person, DEFAULT)
        wanted = enrolled(person, chosen, found.timezone, digests=self._digests)
        return replace(wanted, paused_because=LEFT) if found.deleted else wanted


def recipients(snapshot: Snapshot) -> Iterable[str]:
    """Yield the Slack ids of all who own a follow-up, or lead for an absent owner."""
    absent = snapshot.get(AWAY)
    for item in snapshot.items[FOLLOW_UPS]:
        yield from _slack_id(item.owner)
        if item.owner is None or away.of(item.owner, absent):
            case = snapshot.cases.get(item.incident_id)
            yield from _slack_id(case.lead if case else None)


def _slack_id(owner: Owner | None) -> Iterable[str]:
    if owner and owner.slack_id:
        yield owner.slack_id

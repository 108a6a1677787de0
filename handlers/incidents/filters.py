"""Reads the words after ``incidents`` as filters and as a name.

Every word that belongs to no filter must begin a word of the incident. The heading of
the list repeats how the words were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from blocks.kit import text
from handlers.core.arguments.dates import JOINING, day, midnight
from handlers.core.arguments.incidents import searchable
from handlers.core.arguments.people import find_any_account, mentioned_id
from handlers.core.arguments.references import write_out
from handlers.core.arguments.tokens import split
from handlers.core.context import Context
from handlers.core.problems import Refusal
from incidentio import Incident, Severity, Team, User
from incidentio.lookup import Index, matches, normal
from reminders.calendar.durations import span

LIVE = ("triage", "live", "paused")
SCOPES = {
    "live": LIVE,
    "open": LIVE,
    "closed": ("learning", "closed", "declined", "canceled", "merged"),
    "all": (),
    "triage": ("triage",),
    "paused": ("paused",),
    "learning": ("learning",),
    "declined": ("declined",),
    "canceled": ("canceled",),
    "cancelled": ("canceled",),
    "merged": ("merged",),
}
"""Words for how far an incident has come, and the categories of its status."""

HEADINGS = {
    LIVE: "Live incidents",
    SCOPES["closed"]: "Closed incidents",
    (): "Incidents",
}
MINE = {"mine", "my", "me"}
SHORTEST = 3
"""The fewest letters of a word that is read as a severity."""

T = TypeVar("T", Severity, Team)
Test = Callable[[Incident], bool]


@dataclass
class IncidentFilter:
    """Which incidents are wanted. ``categories`` None: any, as for a name."""

    categories: tuple[str, ...] | None = None
    tests: list[Test] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """How each filter was read, in plain text."""
    mine: User | None = None
    words: list[str] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Return whether only incidents in progress are wanted."""
        wanted = self.scope
        return bool(wanted) and set(wanted) <= set(LIVE)

    @property
    def scope(self) -> tuple[str, ...]:
        if self.categories is not None:
            return self.categories
        return () if self.words else LIVE

    @property
    def heading(self) -> str:
        """Describe what is listed, in plain text."""
        head = HEADINGS.get(self.scope) or f"Incidents in {text.listed([*self.scope])}"
        called = f"“{text.plain(' '.join(self.words), 60)}”"
        said = [*self.said, *([f"with {called}"] if self.words else [])]
        return f"{head}: {', '.join(said)}" if self.said else " ".join([head, *said])

    def fits(self, incident: Incident) -> bool:
        """Return whether an incident is wanted, apart from ``mine``."""
        scope, category = self.scope, incident.incident_status.category
        return (
            (not scope or category in scope)
            and all(test(incident) for test in self.tests)
            and (not self.words or self._is_called(incident))
        )

    def _is_called(self, incident: Incident) -> bool:
        return bool(matches([incident], " ".join(self.words), name=searchable))


def read(ctx: Context, typed: str) -> IncidentFilter:
    """Return the filter that the words mean.

    Raises:
        Refusal: they say ``mine``, but the person has no account in incident.io.
    """
    found = IncidentFilter()
    words = split(typed)
    while words:
        taken = next((n for take in _TAKES if (n := take(ctx, found, words))), 0)
        if not taken:
            found.words.append(write_out(ctx, words[0]))
        del words[: taken or 1]
    return found


def _scope(_: Context, found: IncidentFilter, words: Sequence[str]) -> int:
    categories = SCOPES.get(normal(words[0]))
    if categories is None:
        return 0
    both = (*(found.categories or ()), *categories)
    found.categories = tuple(dict.fromkeys(both)) if categories else ()
    return 1


def _mine(ctx: Context, found: IncidentFilter, words: Sequence[str]) -> int:
    if normal(words[0]) not in MINE:
        return 0
    if ctx.directory.me is None:
        raise Refusal("You have no account in incident.io, so you have no incidents.")
    found.mine = ctx.directory.me
    found.said.append("yours")
    return 1


def _privacy(_: Context, found: IncidentFilter, words: Sequence[str]) -> int:
    word = normal(words[0])
    if word not in {"private", "public"}:
        return 0
    found.tests.append(lambda i: i.is_private is (word == "private"))
    found.said.append(word)
    return 1


def _lead(ctx: Context, found: IncidentFilter, words: Sequence[str]) -> int:
    """Read ``lead @kim``, ``led by @kim``, or the mention alone."""
    at = 0
    if normal(words[0]) in {"lead", "led"}:
        at = 2 if [*map(normal, words[1:2])] == ["by"] else 1
    slack_id = mentioned_id(ctx, words[at]) if at < len(words) else None
    if slack_id is None:
        return 0
    user = find_any_account(ctx, slack_id)
    found.tests.append(lambda i: bool(user and i.lead and i.lead.id == user.id))
    name = user.name if user else ctx.services.people.get(slack_id).name
    found.said.append(f"led by {text.plain(name, 60)}")
    return at + 1


def _team(ctx: Context, found: IncidentFilter, words: Sequence[str]) -> int:
    first = normal(words[0])
    named = words[0].partition(":")[2] if first.startswith("team:") else ""
    rest = [named, *words[1:]] if named else words[1:]
    if first != "team" and not named:
        return 0
    team, taken = _longest(ctx.catalog.teams(), rest)
    if team is None:
        return 0
    found.tests.append(lambda i: team.id in i.team_ids)
    found.said.append(f"of {text.plain(team.name, 60)}")
    return taken + (0 if named else 1)


def _since(ctx: Context, found: IncidentFilter, words: Sequence[str]) -> int:
    """Read ``since mon``, ``since 2h``, ``since 2026-03-01``."""
    if normal(words[0]) not in JOINING or len(words) < 2:
        return 0
    at = _moment(ctx, words[1])
    if at is None:
        return 0
    found.tests.append(lambda i: i.created_at is not None and i.created_at >= at)
    zone = ZoneInfo(ctx.person.timezone)
    found.said.append(f"declared since {at.astimezone(zone):%a %-d %b %H:%M}")
    return 2


def _moment(ctx: Context, word: str) -> datetime | None:
    """Return the moment in the past that a word means: a day begins at midnight."""
    if length := span(word):
        return ctx.now - length
    zone = ZoneInfo(ctx.person.timezone)
    today = ctx.now.astimezone(zone).date()
    meant = day(word, today)
    while meant is not None and meant > today:
        meant -= timedelta(days=7)
    return midnight(meant, zone) if meant else None


def _severity(ctx: Context, found: IncidentFilter, words: Sequence[str]) -> int:
    if len(words[0]) < SHORTEST:
        return 0
    severity, taken = _longest(ctx.catalog.severities(), words)
    if severity is None:
        return 0
    found.tests.append(
        lambda i: i.severity is not None and i.severity.id == severity.id
    )
    found.said.append(text.plain(severity.name, 60))
    return taken


def _longest(known: Iterable[T], words: Sequence[str]) -> tuple[T | None, int]:
    """Return the thing that the first words surely name, and the number of words."""
    found, taken = Index(known).longest_run(words)
    return (found[0], taken) if len(found) == 1 else (None, 0)


_TAKES = (_scope, _mine, _privacy, _lead, _team, _since, _severity)
"""Functions that read the first words into the filter; they return how many."""

"""Reads the values of ``remind``'s filters; each guess adds a notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from blocks.kit import text
from blocks.kit.fields import HasName
from blocks.reminders import form as view
from handlers.core.arguments.people import answers_to, mentioned_id, strip_mention
from handlers.core.arguments.tokens import nearest
from handlers.core.context import Context
from handlers.core.problems import UsageError
from handlers.reminders import times
from handlers.reminders.filters import LONGEST_LABEL, known_labels
from incidentio.cache.catalog import Catalog
from incidentio.lookup import matches, normal
from reminders.items.filters import NOBODY
from reminders.sources.snapshot import ACTIONS, FOLLOW_UPS

_AGE = re.compile(r"(?:than )?(\d{1,4}) ?(d|days?|w|weeks?)?")
_PARTS = re.compile(r'(?:[^,"“]|"[^"]*"|“[^”]*”|["“])+')
KINDS = {"actions": ACTIONS, "followups": FOLLOW_UPS, "follow-ups": FOLLOW_UPS}
MOST_NAMED = 10
MOST_PARTS = 20
"""The most things that one filter may name."""


@dataclass(slots=True)
class FilterReading:
    """The draft so far, and notices of how it was understood."""

    ctx: Context
    draft: view.ReminderDraft
    notices: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    kinds: tuple[str, ...] = ()


Take = Callable[[FilterReading, str], None]
Narrow = Callable[[view.ReminderDraft, list[str]], view.ReminderDraft]


def _parts(noun: str, value: str) -> list[str]:
    """Cut at commas, but not inside quotes."""
    bare = (part.strip().strip('"“”').strip() for part in _PARTS.findall(value))
    parts = [part for part in bare if part]
    if len(parts) > MOST_PARTS:
        raise UsageError(f"Name up to {MOST_PARTS} after `{noun}:`.")
    if parts:
        return parts
    raise UsageError(f"Write which {noun} after `{noun}:`, in quotes if need be.")


def _ids(
    reading: FilterReading, noun: str, known: Sequence[HasName], value: str
) -> list[str]:
    parts = _parts(noun, value)
    return list(
        dict.fromkeys(i for p in parts for i in _found(reading, noun, known, p))
    )


def _found(
    reading: FilterReading, noun: str, known: Sequence[HasName], words: str
) -> Iterable[str]:
    """Yield the ids of all that fit, as the form shows them; if none, the nearest."""
    if found := matches(known, words):
        whole = [item for item in found if normal(item.name) == normal(words)]
        return [item.id for item in whole or found]
    close = nearest(words, [item.name for item in known])
    if close is None:
        few = text.listed([text.inline(item.name, 60) for item in known[:MOST_NAMED]])
        there = f"There are {few}." if few else "incident.io names none to the bot."
        raise UsageError(f"There is no {noun} “{text.inline(words, 60)}”. {there}")
    reading.notices.append(
        f"No {noun} is called “{text.inline(words, 60)}”: "
        f"{text.bold(close)} is chosen below."
    )
    return [item.id for item in known if item.name == close]


def _limited(
    noun: str, known: Callable[[Catalog], Sequence[HasName]], to: Narrow
) -> Take:
    """Take things of one noun; ``to`` limits the draft to those with these ids."""

    def take(reading: FilterReading, value: str) -> None:
        ids = _ids(reading, noun, known(reading.ctx.catalog), value)
        reading.draft = to(reading.draft, ids)

    return take


def _label(reading: FilterReading, value: str) -> None:
    """Add labels; one that nothing has yet is added too, with a notice."""
    known = {normal(label): label for label in known_labels(reading.ctx)}
    labels = []
    for part in _parts("label", value):
        if len(part) > LONGEST_LABEL:
            most = f"A label here has at most {LONGEST_LABEL} characters"
            raise UsageError(f"{most}: “{text.inline(part, 60)}” is longer.")
        label = known.get(normal(part)) or nearest(part, list(known.values())) or part
        if normal(label) != normal(part):
            reading.notices.append(
                f"Nothing is labelled “{text.inline(part, 60)}”: {text.bold(label)} is "
                "chosen below."
            )
        elif normal(part) not in known:
            reading.notices.append(
                f"No outstanding follow-up is labelled “{text.inline(part, 60)}” yet."
            )
        labels.append(label)
    reading.draft = replace(reading.draft, labels=list(dict.fromkeys(labels)))


def _owner(reading: FilterReading, value: str) -> None:
    parts = _parts("owner", value)
    named = [p for p in parts if normal(p) not in (NOBODY, "none")]
    owners = [i for part in named for i in _person(reading, part)]
    unowned = reading.draft.unowned or len(named) < len(parts)
    reading.draft = replace(reading.draft, owners=owners, unowned=unowned)


def _person(reading: FilterReading, word: str) -> Iterable[str]:
    if slack_id := mentioned_id(reading.ctx, word):
        return [slack_id]
    accounts = reading.ctx.services.accounts
    users = reading.ctx.catalog.users()
    reached = {id_: u for u in users if (id_ := accounts.slack_id(u))}
    named = strip_mention(word)
    if known := [id_ for id_, user in reached.items() if answers_to(user, named)]:
        return known
    people = [_Person(id_, user.name) for id_, user in reached.items()]
    return _found(reading, "person", people, named)


@dataclass(frozen=True, slots=True)
class _Person:
    id: str
    name: str


def _older(reading: FilterReading, value: str) -> None:
    match = _AGE.fullmatch(value.strip().casefold())
    if match is None:
        raise UsageError("Write an age as `older:14d` or `older:2w`.")
    days = int(match[1]) * (7 if (match[2] or "d").startswith("w") else 1)
    reading.draft = replace(reading.draft, age=str(min(days, 3650)))


def _at(reading: FilterReading, value: str) -> None:
    reading.draft = replace(reading.draft, at=times.of_day(value))


def _name(reading: FilterReading, value: str) -> None:
    reading.draft = replace(reading.draft, name=value.strip('"“”') or None)


def _kind(reading: FilterReading, value: str) -> None:
    """Choose the named kind instead of the default."""
    reading.kinds = tuple(dict.fromkeys((*reading.kinds, KINDS[value])))
    reading.draft = replace(reading.draft, kinds=reading.kinds)


def _overdue(reading: FilterReading, _: str) -> None:
    reading.draft = replace(reading.draft, overdue=True)


def _unowned(reading: FilterReading, _: str) -> None:
    reading.draft = replace(reading.draft, unowned=True)


def _all(reading: FilterReading, _: str) -> None:
    reading.draft = replace(reading.draft, scope=view.ALL)


def _day(reading: FilterReading, value: str) -> None:
    reading.days.append(value)


TAKES: dict[str, Take] = {
    "severity": _limited(
        "severity",
        Catalog.severities,
        lambda was, ids: replace(was, severities=ids),
    ),
    "type": _limited("type", Catalog.types, lambda was, ids: replace(was, types=ids)),
    "priority": _limited(
        "priority",
        Catalog.priorities,
        lambda was, ids: replace(was, priorities=ids),
    ),
    "team": _limited("team", Catalog.teams, lambda was, ids: replace(was, teams=ids)),
    "label": _label,
    "owner": _owner,
    "older": _older,
    "at": _at,
    "name": _name,
    "overdue": _overdue,
    "unowned": _unowned,
    "all": _all,
    "day": _day,
    ACTIONS: _kind,
    FOLLOW_UPS: _kind,
}

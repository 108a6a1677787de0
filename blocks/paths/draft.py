"""The part of an escalation path that the form shows: name, plain levels, hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from blocks.kit.fields import Value, number
from blocks.kit.rotations import alike, clock
from incidentio import EscalationPath, PathNode, PathTarget, User
from incidentio.escalation_paths import PathLevel
from incidentio.merging.escalation_paths import fingerprint
from incidentio.on_call.coverage import WEEKDAYS

PEOPLE, SCHEDULES, URGENCY, MINUTES = "people", "schedules", "urgency", "minutes"
OF_A_LEVEL = (PEOPLE, SCHEDULES, URGENCY, MINUTES)
HOURS = ("zone", "days", "opens", "closes")
MOST_LEVELS = 12
"""The most levels in a form: it remembers 3,000 characters, and shows 100 blocks."""
ON_CALL = "currently_on_call"
NEW = "level-"
"""The prefix of ids of levels that this form made."""
LONGEST_MARK = 16
LONGEST_NUMBER = 8
NO_LEVEL = "it is no level"


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """One plain level. ``key`` names its fields, ``node`` is its id in the tree."""

    key: str
    node: str
    people: tuple[str, ...] = ()
    """Slack accounts."""
    schedules: tuple[str, ...] = ()
    urgency: str = "high"
    minutes: str | None = "5"


@dataclass(frozen=True, slots=True)
class PathDraft:
    name: str | None = None
    levels: tuple[LevelDraft, ...] = ()
    zone: str = "UTC"
    days: tuple[str, ...] = ()
    opens: time | None = None
    closes: time | None = None


def current(path: EscalationPath, users: Mapping[str, User]) -> PathDraft:
    """Return the draft that shows a path as it is; ``users`` are accounts by id."""
    plain = [node for node in path.path if not why_not(node, users)]
    levels = [
        _level(f"L{place}", node, users)
        for place, node in enumerate(plain[:MOST_LEVELS], 1)
    ]
    return _with_hours(PathDraft(name=path.name, levels=tuple(levels)), path)


def _level(key: str, node: PathNode, users: Mapping[str, User]) -> LevelDraft:
    assert node.level is not None
    found = node.level.targets
    people = [users[t.id].slack_user_id or "" for t in found if t.type == "user"]
    return LevelDraft(
        key,
        node.id,
        tuple(people),
        tuple(t.id for t in found if t.type == "schedule"),
        found[0].urgency or "high" if found else "high",
        minutes_of(node.level.time_to_ack_seconds or 0),
    )


def minutes_of(seconds: int) -> str:
    """Write seconds as minutes: ``5``, ``1.5``; ``seconds_of`` reads them exactly."""
    return f"{seconds / 60:.2f}".rstrip("0").rstrip(".")


def seconds_of(minutes: str | None) -> int:
    """Return the seconds of minutes as they were written; 0 if that is no number."""
    written = number((minutes or "")[: LONGEST_NUMBER + 1])
    return (
        round(float(written) * 60) if written and len(written) <= LONGEST_NUMBER else 0
    )


def mark(node_id: str) -> str:
    """Return the mark of a level in a form; the id of a new level contains it."""
    own = node_id.removeprefix(NEW)
    made_here = own != node_id and len(own) <= LONGEST_MARK
    return own if made_here else fingerprint(node_id, 10)


def new_level(levels: Sequence[LevelDraft], seed: str) -> LevelDraft:
    """Return a new level with an unused id, always the same for one ``seed``."""
    taken = [int(level.key[1:]) for level in levels]
    number = max(taken, default=0) + 1
    return LevelDraft(f"L{number}", NEW + fingerprint([seed, number], 10))


def why_not(node: PathNode, users: Mapping[str, User]) -> str | None:
    """Return why the form cannot show a step; None where it can."""
    level = node.level
    if level is None:
        return NO_LEVEL
    if "level" in node.unread or level.unread:
        return "it could not be read"
    return _conditional(level) or _odd_targets(level.targets, users)


def _conditional(level: PathLevel) -> str | None:
    seconds = level.time_to_ack_seconds
    if level.time_to_ack_weekday_interval_config_id:
        return "its time to acknowledge depends on working hours"
    if seconds is None:
        return "it has no time to acknowledge"
    if level.round_robin_config and level.round_robin_config.enabled:
        return "it goes round robin"
    return None


def _odd_targets(
    targets: Sequence[PathTarget], users: Mapping[str, User]
) -> str | None:
    if len({target.urgency for target in targets}) > 1:
        return "its targets differ in urgency"
    return next(filter(None, (_odd(target, users) for target in targets)), None)


def _odd(target: PathTarget, users: Mapping[str, User]) -> str | None:
    if target.type == "user":
        known = users.get(target.id)
        if known is not None and not known.is_active:
            return "somebody in it was deactivated"
        reached = known is not None and known.slack_user_id
        return None if reached else "somebody in it is not known in Slack"
    if target.type != "schedule":
        return "it has other targets"
    if target.schedule_mode not in (ON_CALL, "", None):
        return "it pages more of a schedule than who is on call"
    return None


def hours_hidden(path: EscalationPath) -> str | None:
    """Return why the form cannot show the working hours; None where it can."""
    if len(path.working_hours) > 1:
        return "there are several working hours"
    if path.working_hours and not alike(path.working_hours[0].weekday_intervals):
        return "the hours differ from day to day"
    return None


def _with_hours(draft: PathDraft, path: EscalationPath) -> PathDraft:
    if hours_hidden(path) or not path.working_hours:
        return draft
    config = path.working_hours[0]
    intervals = config.weekday_intervals
    draft = replace(draft, zone=config.timezone)
    if not intervals:
        return draft
    days = tuple(day for day in WEEKDAYS if day in {i.weekday for i in intervals})
    first = intervals[0]
    opens, closes = clock(first.start_time), clock(first.end_time)
    return replace(draft, days=days, opens=opens, closes=closes)


def read(values: Mapping[str, Value], base: PathDraft) -> PathDraft:
    """Return ``base`` with what was entered in the fields that the form showed."""
    drawn = tuple(_read_level(values, level) for level in base.levels)
    own: dict[str, Any] = {
        name: values[name]
        for name in ("name", *HOURS)
        if name in values and not (name == "zone" and values[name] is None)
    }
    return replace(base, levels=drawn, **own)


def _read_level(values: Mapping[str, Value], level: LevelDraft) -> LevelDraft:
    entered: dict[str, Any] = {
        name: values[f"{name}:{level.key}"]
        for name in OF_A_LEVEL
        if f"{name}:{level.key}" in values
    }
    if entered.get(URGENCY, "") is None:
        del entered[URGENCY]
    return replace(level, **entered)


def fields(draft: PathDraft) -> set[str]:
    """Return the names of the fields that a form of this draft has."""
    levels = {f"{name}:{level.key}" for level in draft.levels for name in OF_A_LEVEL}
    return {"name", *HOURS, *levels}


def marks(draft: PathDraft) -> tuple[str, ...]:
    """Return the marks of the levels, in their order."""
    return tuple(mark(level.node) for level in draft.levels)


def arranged(
    base: PathDraft, form: Mapping[str, str], first: Sequence[str]
) -> PathDraft:
    """Return a draft with the levels of a form, which holds marks by keys, in order.

    ``first`` are the marks of the levels when the form was opened. Those of them that
    ``base`` no longer has are left out: somebody else removed or changed them.
    """
    known = {mark(level.node): level for level in base.levels}
    levels = [
        replace(known.get(own, LevelDraft(key, NEW + own)), key=key)
        for key, own in form.items()
        if own in known or own not in first
    ]
    return replace(base, levels=tuple(levels))


def kept(base: PathDraft, form: Mapping[str, str]) -> PathDraft:
    """Return a draft with only the levels that a form has, in their present order."""
    keys = {own: key for key, own in form.items()}
    levels = [(keys.get(mark(level.node)), level) for level in base.levels]
    own = tuple(replace(level, key=key) for key, level in levels if key)
    return replace(base, levels=own)

"""A reminder as its form shows it, from and to what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, cast

from blocks.kit import dates
from blocks.kit.fields import Value
from blocks.reminders import form as view
from handlers.core.context import Context
from reminders.calendar.schedule import When
from reminders.items.filters import LABELS, NOBODY, OVERDUE, TEAMS, TYPES
from storage.tables import Subscription

ONLY_FOLLOW_UPS = (
    "Actions have no priority, team, label or target. Tick follow-ups too, or take "
    "those filters out."
)
OPTIONS = (TYPES, TEAMS, LABELS, OVERDUE)


def stored(reminder: Subscription) -> view.ReminderDraft:
    when = When.parse(reminder.when)
    more = reminder.options or {}
    return view.ReminderDraft(
        name=reminder.name,
        kinds=reminder.kinds,
        scope=reminder.incident_id or view.ALL,
        severities=reminder.severity_ids,
        types=more.get(TYPES, ()),
        priorities=reminder.priority_ids,
        teams=more.get(TEAMS, ()),
        labels=more.get(LABELS, ()),
        owners=[owner for owner in reminder.owner_ids if owner != NOBODY],
        unowned=NOBODY in reminder.owner_ids,
        age=str(reminder.min_age_days) if reminder.min_age_days else None,
        overdue=bool(more.get(OVERDUE)),
        rhythm=when.kind,
        at=when.at or time(9, 30),
        day=str(when.day or 7) if when.kind == "weekly" else "1",
        cron=when.crontab if when.kind == "cron" else None,
        timezone=when.timezone,
    )


def read(values: Mapping[str, Value]) -> view.ReminderDraft:
    """Take what stands in the form."""
    at = values.get("at")
    return view.ReminderDraft(
        name=_text(values, "name"),
        kinds=_many(values, "kinds"),
        scope=_text(values, "scope") or view.ALL,
        severities=_many(values, "severities"),
        types=_many(values, "types"),
        priorities=_many(values, "priorities"),
        teams=_many(values, "teams"),
        labels=_many(values, "labels"),
        owners=_many(values, "owners"),
        unowned=bool(values.get("unowned")),
        age=_text(values, "age"),
        overdue=bool(values.get("overdue")),
        rhythm=_text(values, "rhythm") or "weekdays",
        at=at if isinstance(at, time) else time(9, 30),
        day=_text(values, "day") or "1",
        cron=_text(values, "cron"),
        timezone=_text(values, dates.ZONES) or "UTC",
    )


def fit_follow_ups(draft: view.ReminderDraft) -> bool:
    """Whether no action can ever fit."""
    return bool(draft.priorities or draft.teams or draft.labels or draft.overdue)


def columns(draft: view.ReminderDraft) -> dict[str, Any]:
    """Write it as it is stored, but for its times."""
    owners = [*draft.owners, *([NOBODY] if draft.unowned else [])]
    more = {
        TYPES: list(draft.types),
        TEAMS: list(draft.teams),
        LABELS: list(draft.labels),
        OVERDUE: draft.overdue,
    }
    return {
        "name": draft.name,
        "kinds": list(draft.kinds),
        "incident_id": None if draft.scope == view.ALL else draft.scope,
        "severity_ids": list(draft.severities),
        "priority_ids": list(draft.priorities),
        "owner_ids": owners,
        "min_age_days": int(float(draft.age or 0)),
        "options": options(more, None),
    }


def options(
    chosen: Mapping[str, Any] | None, before: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Keep only what says something, and what no form knows."""
    kept = {n: value for n, value in (before or {}).items() if n not in OPTIONS}
    return {
        **kept,
        **{n: value for n, value in (chosen or {}).items() if value},
    } or None


def note(ctx: Context, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Tell the audit each difference."""
    old, new = _flat(before), _flat(after)
    for name in dict.fromkeys([*new, *old]):
        if (old.get(name) or None) != (new.get(name) or None):
            ctx.notes.change(
                name.replace("_", " "), _said(old.get(name)), _said(new.get(name))
            )


def _flat(stored: Mapping[str, Any]) -> dict[str, Any]:
    more = stored.get("options") or {}
    return {**{n: value for n, value in stored.items() if n != "options"}, **more}


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(value)
    return "yes" if value is True else value or None


def _text(values: Mapping[str, Value], name: str) -> str | None:
    return cast("str | None", values.get(name))


def _many(values: Mapping[str, Value], name: str) -> tuple[str, ...]:
    return cast("tuple[str, ...]", values.get(name) or ())

"""The rules that tell a channel of handovers and gaps: two for each schedule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import NAMESPACE_OID, uuid5

from blocks.kit import text
from blocks.kit.fields import DAYS
from blocks.kit.rotations import unread_zone, zone_of
from blocks.on_call.handover_form import HandoverDraft
from handlers.core.context import Context
from incidentio import Schedule
from incidentio.lookup import matches
from reminders.calendar.schedule import Recurrence, ScheduleError, describe
from reminders.on_call.gaps import GAPS
from reminders.on_call.handovers import HANDOVER, HandoverOptions, ahead_of, schedule_of
from storage.rule import PAUSED, Rule
from storage.rules import RuleChanges

__all__ = [
    "WantedHandovers",
    "about",
    "draft",
    "here",
    "names",
    "of",
    "schedule_of",
    "schedules",
    "set_rules",
    "state",
]


@dataclass(frozen=True, slots=True)
class WantedHandovers:
    """What a channel is to be told of the handovers of a schedule."""

    minutes: int
    gaps: bool
    day: int
    at: time

    @property
    def words(self) -> str:
        """Describe it in plain text: when, and whether gaps are included."""
        when = f"{self.minutes} min before it" if self.minutes else "as it happens"
        if not self.gaps:
            return when
        day = next(d.label for d in DAYS if d.value == str(self.day))
        weekly = f"{day}s at {self.at:%H:%M} in the schedule's zone"
        return f"{when}, and a warning of gaps on {weekly}"


def here(ctx: Context) -> list[Rule]:
    """Return this channel's rules, those of one schedule next to each other."""
    found = ctx.services.rules.list(ctx.channel)
    own = [rule for rule in found if rule.kind in (HANDOVER, GAPS)]
    order = list(dict.fromkeys(map(schedule_of, own)))
    return sorted(own, key=lambda r: (order.index(schedule_of(r)), r.kind == GAPS))


def schedules(rules: list[Rule]) -> list[str]:
    """Return the ids of the schedules that the rules are about, each once."""
    return list(dict.fromkeys(map(schedule_of, rules)))


def draft(rules: list[Rule], more: list[str]) -> HandoverDraft:
    """Return the draft of the rules that exist; both kinds by default."""
    chosen = list(dict.fromkeys([*schedules(rules), *more]))
    when = next(
        (Recurrence.parse(r.recurrence or "") for r in rules if r.kind == GAPS), None
    )
    ahead = next((ahead_of(r) for r in rules if r.kind == HANDOVER), timedelta())
    minutes = int(ahead.total_seconds() // 60)
    if when is None:
        return HandoverDraft(chosen, minutes, gaps=not rules)
    return HandoverDraft(chosen, minutes, day=str(when.day or 7), at=when.at or time(9))


def of(ctx: Context, rules: list[Rule], words: str) -> list[Rule]:
    """Return the rules of schedules with this id or name."""
    known = [s for s in ctx.catalog.schedules() if s.id in schedules(rules)]
    named = {s.id for s in matches(known, words)}
    return [r for r in rules if schedule_of(r) == words or schedule_of(r) in named]


def names(ctx: Context, rules: list[Rule]) -> list[str]:
    return [_name(ctx, schedule_id) for schedule_id in schedules(rules)]


def _name(ctx: Context, schedule_id: str) -> str:
    known = {s.id: s.name for s in ctx.catalog.schedules()}
    return known.get(schedule_id, "a schedule that was deleted")


def about(ctx: Context, rule: Rule) -> str:
    name = text.bold(_name(ctx, schedule_of(rule)))
    if rule.kind == GAPS:
        when = text.escape(describe(Recurrence.parse(rule.recurrence or "")))
        return f"Times with nobody on call for {name}, {when}"
    ahead = ahead_of(rule)
    when = f", {text.exact(ahead)} before" if ahead else ""
    return f"Handovers of {name}{when}"


def state(rule: Rule) -> str:
    return " (paused)" if rule.state == PAUSED else ""


def set_rules(ctx: Context, schedule: Schedule, wanted: WantedHandovers) -> None:
    """Set the wanted rules of a schedule; a paused one is resumed."""
    options = HandoverOptions(schedule_id=schedule.id, minutes=wanted.minutes)
    name = f"Handovers of {schedule.name}"
    _put(ctx, HANDOVER, name, options)
    if wanted.gaps:
        recurrence = str(_when(schedule, wanted))
        options = HandoverOptions(schedule_id=schedule.id)
        _put(ctx, GAPS, f"Gaps of {schedule.name}", options, recurrence)
    else:
        ctx.services.rules.delete(_id(ctx, GAPS, schedule.id))


def _put(
    ctx: Context,
    kind: str,
    name: str,
    options: HandoverOptions,
    recurrence: str | None = None,
) -> None:
    rules, id_ = ctx.services.rules, _id(ctx, kind, options.schedule_id)
    before = rules.get(id_)
    if before is None:
        rules.create(
            rule_id=id_,
            kind=kind,
            channel=ctx.channel,
            created_by=ctx.user,
            recurrence=recurrence,
            options=options,
            name=text.plain(name, 80),
        )
        return
    kept = HandoverOptions.of(before).changed(**dict(options))
    changes: RuleChanges = {"options": kept}
    if recurrence:
        changes["recurrence"] = recurrence
    rules.update(id_, **changes)
    if before.state == PAUSED:
        rules.resume(id_)


def _id(ctx: Context, kind: str, schedule_id: str) -> str:
    """Return the id of a rule: always the same, so that a form sets no rule twice."""
    return uuid5(NAMESPACE_OID, f"{kind}/{ctx.channel}/{schedule_id}").hex


def unread_zones(chosen: Iterable[Schedule]) -> list[str]:
    """Return warnings, in mrkdwn, for schedules of unknown zones: UTC is used."""
    unread = [one for one in chosen if zone_of(one.timezone) is None]
    whys = [text.inline(unread_zone(one.timezone)) for one in unread]
    named = zip(unread, whys, strict=True)
    return [f"{text.bold(one.name)}: {why}; times are UTC." for one, why in named]


def _when(schedule: Schedule, wanted: WantedHandovers) -> Recurrence:
    """Return the weekly time, in the schedule's zone or, if that is unknown, in UTC."""
    try:
        return Recurrence.weekly(wanted.day, wanted.at, schedule.timezone)
    except ScheduleError:
        return Recurrence.weekly(wanted.day, wanted.at, "UTC")

"""Finds the colleagues of a schedule who can be asked for cover, and who cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from blocks.kit import text
from blocks.kit.people import unmarked
from handlers.core.context import Context
from handlers.core.permissions import Level, Operation
from handlers.core.shifts import read_all
from incidentio import Schedule, User
from incidentio.errors import IncidentioError
from incidentio.on_call.coverage import Span
from incidentio.on_call.layers import in_force, overlapping
from reminders.people.personal import paused_until
from storage.covers import Colleague

log = logging.getLogger(__name__)

MOST_ASKED = 12
URGENT = "high_urgency"
OVERRIDING = Operation("override", Level.RESPOND)
"""What a colleague does who takes a shift."""

NO_SLACK = "not known in Slack"
NOT_ALLOWED = "may not change who is on call"
MUTED = "muted the bot"
TOO_MANY = "too many colleagues at once"
UNPAGED = "incident.io has no way to page them"


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is asked, by Slack id and by name; and, in mrkdwn, who is not and why."""

    asked: Mapping[str, Colleague]
    names: list[str]
    left_out: list[str]


def find(ctx: Context, schedule: Schedule, hours: Span) -> Reach:
    """Look at all colleagues of a schedule: who can be on call in these hours?"""
    colleagues = [user for user in members(schedule, hours) if not _is_me(ctx, user)]
    looked_at = colleagues[:MOST_ASKED]
    whys = read_all(_why_not(ctx, hours), looked_at)
    pairs = [*zip(looked_at, whys, strict=True)]
    left_out = [f"{unmarked(user)} ({why})" for user, why in pairs if why]
    left_out += [f"{unmarked(user)} ({TOO_MANY})" for user in colleagues[MOST_ASKED:]]
    able = [user for user, why in pairs if not why]
    busy = _busy(ctx, hours) if able else {}
    asked = {_slack_id(ctx, u): Colleague(u.id, busy.get(u.id, ())) for u in able}
    return Reach(asked, [user.name for user in able], left_out)


def _slack_id(ctx: Context, user: User) -> str:
    known = ctx.catalog.user(user.id) or user
    return ctx.services.accounts.standing(known).slack_id or ""


def members(schedule: Schedule, hours: Span) -> list[User]:
    """Return the users of the rotations that are in force then, each once."""
    rotations = in_force(schedule, hours.start)
    users = [user for rotation in rotations for user in rotation.users]
    return list({user.id: user for user in users}.values())


def _is_me(ctx: Context, user: User) -> bool:
    return ctx.account is not None and user.id == ctx.account.id


def _why_not(ctx: Context, hours: Span) -> Callable[[User], str]:
    """Return a function that says why a user cannot be asked; "" if they can."""
    paused, needed = _pauses(ctx, hours), ctx.services.policy.needed([OVERRIDING])

    def why_not(user: User) -> str:
        known = ctx.catalog.user(user.id) or user
        standing = ctx.services.accounts.standing(known)
        if standing.left or not standing.slack_id:
            return standing.left or NO_SLACK
        if not ctx.services.policy.allows(standing.slack_id, "", needed):
            return NOT_ALLOWED
        return _away(ctx, standing.slack_id, paused.get(user.id)) or _unpaged(ctx, user)

    return why_not


def _pauses(ctx: Context, hours: Span) -> dict[str, datetime]:
    """Return until when people pause their notifications, by their ids."""
    try:
        found = [*ctx.api.notification_pauses.list(start=hours.start, end=hours.end)]
    except IncidentioError as error:
        log.info("pauses are not looked at: %s", error)
        return {}
    return {pause.user_id: pause.ends_at for pause in found}


def _away(ctx: Context, slack_id: str, paused: datetime | None) -> str:
    """Say that somebody is away, or wants no messages; "" if not."""
    chosen = ctx.services.personal.get(slack_id)
    if chosen.muted:
        return MUTED
    zone = ctx.services.people.get(slack_id).timezone
    until = paused or paused_until(chosen, zone)
    return f"paused until {text.when(until)}" if until and until > ctx.now else ""


def _unpaged(ctx: Context, user: User) -> str:
    """Say that no page would reach a user; "" if one would, or that is not known."""
    try:
        methods = ctx.api.users.list_notification_methods(user.id)
        rules = ctx.api.users.list_notification_rules(user.id)
    except IncidentioError as error:
        log.info("how somebody is paged is not looked at: %s", error)
        return ""
    usable = [method for method in methods if method.is_usable]
    urgent = [rule for rule in rules if rule.rule_type == URGENT]
    reached = any(rule.uses(method) for rule in urgent for method in usable)
    return "" if reached else UNPAGED


def _busy(ctx: Context, hours: Span) -> dict[str, tuple[str, ...]]:
    """Return the schedules in which people are on call meanwhile, by their ids."""
    found: dict[str, dict[str, None]] = {}
    known = ctx.catalog.schedules()

    def read(schedule: Schedule) -> list[str]:
        try:
            entries = ctx.api.schedules.list_entries(schedule.id, *hours).final
        except IncidentioError as error:
            log.info("conflicts in %s are not looked at: %s", schedule.id, error)
            return []
        return [s.user.id for s in overlapping(entries, *hours) if s.user]

    for schedule, ids in zip(known, read_all(read, known), strict=True):
        for user_id in ids:
            found.setdefault(user_id, {})[schedule.id] = None
    return {user_id: tuple(schedules) for user_id, schedules in found.items()}

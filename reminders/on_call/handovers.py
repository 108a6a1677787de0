"""Tells a channel of each handover of a schedule, and of what is open then.

A handover is a moment at which another person takes over at least one layer. It gets
one message, however many layers change.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from blocks.on_call import handovers as view
from blocks.on_call.handovers import Brief
from reminders.engine.kinds import (
    Answer,
    Kind,
    Later,
    Nothing,
    Notice,
    RenderContext,
)
from reminders.on_call.rota import AGAIN, EARLY, POLL_INTERVAL, ROTA, UNREAD
from reminders.on_call.watch import WATCH
from storage.rule import RuleOptions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from incidentio.on_call.rota import Rota
    from reminders.sources.snapshot import Snapshot
    from storage.rule import Rule

HANDOVER = "handover"
GONE = "the schedule was deleted"


class HandoverOptions(RuleOptions):
    """The schedule whose handovers or gaps a channel is told of."""

    schedule_id: str = ""
    minutes: int = 0
    """How long before a handover the channel is told of it."""


def schedule_of(rule: Rule) -> str:
    """Return the id of the schedule that a rule is about."""
    return HandoverOptions.of(rule).schedule_id


def ahead_of(rule: Rule) -> timedelta:
    """Return how long before a handover the channel is told."""
    return timedelta(minutes=HandoverOptions.of(rule).minutes)


def rota_of(context: RenderContext) -> Rota | Nothing | Later:
    """Return the rota of the rule's schedule, or else the answer of ``compose``."""
    rotas, id_ = context.snapshot.get(ROTA), schedule_of(context.rule)
    if id_ in rotas.failed:
        return Later(context.now + AGAIN, UNREAD)
    return rotas.by_id.get(id_) or Nothing(GONE)


class Handovers(Kind):
    name = HANDOVER
    grace = timedelta(hours=1)
    poll_interval = POLL_INTERVAL

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {ROTA.name, WATCH.name}

    def notices(
        self, snapshot: Snapshot, rule: Rule, now: datetime
    ) -> Iterator[Notice]:
        """Yield handovers that are due now or soon; of missed ones, the latest."""
        rota = snapshot.get(ROTA).by_id.get(schedule_of(rule))
        if rota is None:
            return
        since = max(now - self.grace, rule.created_at)
        due = sorted(
            moment
            for moment in rota.changes
            if since <= moment - ahead_of(rule) <= now + EARLY
        )
        missed = [moment for moment in due if moment - ahead_of(rule) <= now]
        for moment in due[max(len(missed) - 1, 0) :]:
            yield Notice(
                key=f"handover/{rule.id}/{int(moment.timestamp())}",
                channel=rule.own_channel,
                at=moment - ahead_of(rule),
                params={"at": int(moment.timestamp())},
            )

    def compose(self, context: RenderContext) -> Answer:
        rota = rota_of(context)
        if isinstance(rota, Nothing | Later):
            return rota
        watch = context.snapshot.get(WATCH)
        params = context.slot.params
        at = datetime.fromtimestamp(params["at"], UTC) if params else None
        if at is not None and at not in rota.changes:
            return Nothing("there is no handover at that time any more")
        brief = Brief(rota, at, context.now, watch.incidents, watch.escalations)
        return view.message(brief)

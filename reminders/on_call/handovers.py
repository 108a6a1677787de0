"""A channel is told of every handover of a schedule, and what is open at it.

A handover is when somebody comes who is another than had the place last: at most one
message a moment, whatever the number of places.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from blocks.on_call import handovers as view
from blocks.on_call.handovers import Brief
from reminders.engine.kinds import Answer, Later, Message, Nothing, Notice, Sheet
from reminders.on_call.rota import ROTA
from reminders.on_call.watch import WATCH
from storage.rule import RuleOptions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from incidentio.on_call.rota import Rota
    from reminders.sources.snapshot import Snapshot
    from storage.rule import Rule

HANDOVER = "handover"
RHYTHM = timedelta(minutes=5)
EARLY = 2 * RHYTHM
AGAIN = timedelta(minutes=1)
UNREAD = "incident.io did not say who is on call"
GONE = "the schedule is gone"


class HandoverOptions(RuleOptions):
    """Whose handovers or gaps a channel is told of."""

    schedule_id: str = ""
    minutes: int = 0
    """How long before a handover the channel is told of it."""


def schedule_of(rule: Rule) -> str:
    """Return the id of the schedule that a rule is about."""
    return HandoverOptions.of(rule).schedule_id


def ahead_of(rule: Rule) -> timedelta:
    return timedelta(minutes=HandoverOptions.of(rule).minutes)


def rota_of(sheet: Sheet) -> Rota | Nothing | Later:
    """The schedule's rota; else what is to be done without."""
    rotas, id_ = sheet.snapshot.get(ROTA), schedule_of(sheet.rule)
    if id_ in rotas.failed:
        return Later(sheet.now + AGAIN, UNREAD)
    return rotas.by_id.get(id_) or Nothing(GONE)


class Handovers:
    name = HANDOVER
    grace = timedelta(hours=1)
    rhythm = RHYTHM
    stands = False

    def parts(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {ROTA.name, WATCH.name}

    def notices(
        self, snapshot: Snapshot, rule: Rule, now: datetime
    ) -> Iterator[Notice]:
        """Of those that were missed only the latest is made up for."""
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

    def compose(self, sheet: Sheet) -> Answer:
        rota = rota_of(sheet)
        if isinstance(rota, Nothing | Later):
            return rota
        watch = sheet.snapshot.get(WATCH).seen_from(sheet.slot.channel)
        params = sheet.slot.params
        at = datetime.fromtimestamp(params["at"], UTC) if params else None
        if at is not None and at not in rota.changes:
            return Nothing("nobody hands over then any more")
        brief = Brief(rota, at, sheet.now, watch.incidents, watch.escalations)
        return view.message(brief)

    def redraw(self, sheet: Sheet) -> Message | None:  # noqa: ARG002
        return None

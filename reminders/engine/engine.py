"""The engine plans what is due, claims it, reads once, sends once, and records."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

from blocks.kit.people import as_embedded, people_known_by
from reminders.calendar.schedule import following
from reminders.engine import delivery_policy
from reminders.engine.deliver import Deliverer
from reminders.engine.failure_notices import FailureNotices
from reminders.engine.kinds import Message, RenderContext
from reminders.engine.planner import Planner, sources
from reminders.engine.post import Poster
from reminders.engine.preview import Preview
from reminders.engine.shown_messages import ShownMessages
from reminders.engine.veil import Veil
from reminders.sources.audience import NOBODY, audience
from reminders.sources.snapshots import MOMENTS_AGO
from slack.people import is_person
from storage.errors import DatabaseError
from storage.last_actions import LastActions
from storage.rules import Rules
from storage.slots import Slots
from storage.snoozes import Snoozes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from blocks.kit.people import Standing
    from incidentio import Incidentio, User
    from reminders.engine.deliver import Observe
    from reminders.engine.kinds import Kind
    from reminders.engine.preview import PreviewedMessage, UnreadableRule
    from reminders.sources.audience import Audience
    from reminders.sources.recall import Recall
    from reminders.sources.snapshot import Item, Snapshot
    from reminders.sources.snapshots import Snapshots
    from slack.client import SlackClient
    from storage.database import Database
    from storage.slots import Waiting

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than one message takes; the slots of a dead worker wait this long."""

FRESH = timedelta(seconds=20)
"""How long a snapshot is used again, for slots that waited for their channel."""

TIDY, KEPT = timedelta(days=1), timedelta(days=90)


def unobserved(event: str, **labels: str) -> None:
    log.debug("%s %s", event, labels)


class Engine:
    """One worker. Any number of them may tick on one database."""

    def __init__(
        self,
        database: Database,
        snapshots: Snapshots,
        kinds: Iterable[Kind],
        slack: SlackClient,
        now: Callable[[], datetime],
        *,
        recall: Recall,
        worker: str,
        slash: str = "/io",
        lease: timedelta = LEASE,
        observe: Observe = unobserved,
        standing: Callable[[User], Standing] = as_embedded,
    ) -> None:
        """``standing`` returns how a person is reached, and whether they have left."""
        self._now = now
        self._standing = standing
        self._kinds = {kind.name: kind for kind in kinds}
        self._observe = observe
        self._rules = Rules(database, now, following)
        self._slots = Slots(database, worker, lease, self._kinds)
        self._snoozes = Snoozes(database)
        self._last_actions = LastActions(database)
        self._recall = recall
        self.snapshots = snapshots
        poster = Poster(slack)
        failure_notices = FailureNotices(self._rules, poster, now, slash)
        self._planner = Planner(
            self._rules,
            self._kinds,
            snapshots,
            failure_notices,
            now,
            observe=observe,
        )
        self._deliverer = Deliverer(
            self._slots,
            self._rules,
            poster,
            self._kinds,
            failure_notices=failure_notices,
            now=now,
            observe=observe,
        )
        self._latest: Snapshot | None = None
        self._tidied_at: datetime | None = None
        self._stopping = Event()

    def tick(self) -> None:
        """Plan what has become due, then send the slots that wait. It never sleeps."""
        try:
            with people_known_by(self._standing):
                self._planner.plan()
                self._sweep()
            self._deliverer.duplicates.take_back()
            self._tidy()
        except DatabaseError as error:
            self._observe("held_up")
            log.error("reminders wait for the database: %s", error)  # noqa: TRY400

    def stop(self) -> None:
        """End a running tick after the message that it is sending."""
        self._stopping.set()

    def show(self, slot_id: str, channel: str) -> Message | None:
        """Draw a sent message as it is now.

        None: its rule is gone, it is of another channel, or its kind does not redraw.
        """
        context = self._context(slot_id, channel, None)
        if context is None:
            return None
        kind, snapshot = self._kinds[context.rule.kind], context.snapshot
        shown = self._recall.of(kind.recalls(context.slot), snapshot)
        true = snapshot.corrected(one.item for one in shown.values() if one.item)
        with people_known_by(self._standing):
            return kind.redraw(replace(context, snapshot=true, shown_items=shown))

    def about(
        self, slot_id: str, channel: str, reader: Audience
    ) -> tuple[Snapshot, Sequence[Item]] | None:
        """Return all that a sent message is about now, as far as ``reader`` may see.

        None: its rule is gone, or it is of another channel.
        """
        context = self._context(slot_id, channel, reader)
        if context is None:
            return None
        return context.snapshot, self._kinds[context.rule.kind].about(context)

    def _context(
        self, slot_id: str, channel: str, reader: Audience | None
    ) -> RenderContext | None:
        slot = self._slots.get(slot_id)
        if slot is None or channel not in {slot.channel, slot.posted_in}:
            return None
        rule = self._rules.get(slot.rule_id)
        if rule is None:
            return None
        if is_person(slot.channel):
            reader = None
        snapshot = self.snapshots.read(
            self._kinds[rule.kind].sources(rule),
            reader or audience(slot.channel),
            frozenset([slot.channel]),
            within=MOMENTS_AGO,
        )
        return RenderContext(snapshot, rule, slot, self._now(), reader=reader)

    def veil(
        self,
        api: Incidentio,
        slack: SlackClient,
        redraw_cards: Callable[[], bool],
        hide: Callable[[Sequence[str]], None],
    ) -> Veil:
        """Return the part that hides incidents that became private after a message."""
        return Veil(
            self._slots,
            self.snapshots,
            api,
            slack,
            self._now,
            show=self.show,
            redraw_cards=redraw_cards,
            hide=hide,
        )

    def shown_messages(self, slack: SlackClient) -> ShownMessages:
        """Return the part that redraws messages when an item in them has changed."""
        return ShownMessages(self._slots, slack, self._now, show=self.show)

    def foresee(self, at: datetime) -> Iterator[PreviewedMessage | UnreadableRule]:
        """Yield what would be sent until ``at``, without sending it."""
        preview = Preview(self._rules, self._kinds, self.snapshots)
        with people_known_by(self._standing):
            return iter([*preview.by(at)])

    def _sweep(self) -> None:
        started = self._now()
        waiting = self._slots.waiting(started, FRESH)
        if waiting is None:
            return
        snapshot = self._read(waiting, started)
        while not self._stopping.is_set():
            claim = self._slots.claim(due_by=started)
            if claim is None:
                return
            self._deliverer.deliver(claim, snapshot)

    def _read(self, waiting: Waiting, now: datetime) -> Snapshot:
        """Return one snapshot for all waiting slots; the latest, if it still serves."""
        latest, wanted = self._latest, sources(self._kinds, waiting.rules)
        wanted |= delivery_policy.sources(waiting.channels)
        if latest is None or not _serves(latest, waiting, wanted, now):
            latest = self.snapshots.read(wanted, NOBODY, waiting.channels_soon)
            self._latest = latest
            self._observe("read")
        return latest

    def _tidy(self) -> None:
        now = self._now()
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            self._rules.prune(now - KEPT)
            self._snoozes.prune(now - KEPT)
            self._last_actions.prune(now - KEPT)
            self._tidied_at = now


def _serves(
    snapshot: Snapshot, waiting: Waiting, wanted: frozenset[str], now: datetime
) -> bool:
    return (
        snapshot.at >= waiting.newest
        and now - snapshot.at <= FRESH
        and wanted <= snapshot.known
        and waiting.channels <= snapshot.conversations
        and not snapshot.failures
    )

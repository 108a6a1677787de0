"""What ``/io remind`` sets: a channel is told what is outstanding, at its times."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from blocks.reminders import message
from reminders.kinds import GRACE, Answer, Nothing, Sheet
from reminders.own import ASLEEP
from reminders.schedule import When
from reminders.select import select
from reminders.targets import TARGETS
from storage.reminders import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Collection

    from blocks.reminders import Digest, Message
    from storage.tables import Subscription


class ChannelDigests:
    name = CHANNEL
    grace: timedelta = GRACE

    def parts(self, rule: Subscription) -> Collection[str]:
        return {*rule.kinds, ASLEEP.name, TARGETS.name}

    def compose(self, sheet: Sheet) -> Answer:
        digest = self._digest(sheet)
        return message(digest, sheet.slot.id) if digest.total else Nothing()

    def redraw(self, sheet: Sheet) -> Message | None:
        """Show what is outstanding now, if only that nothing is."""
        return message(self._digest(sheet), sheet.slot.id)

    def _digest(self, sheet: Sheet) -> Digest:
        snapshot, zone = sheet.snapshot, ZoneInfo(When.parse(sheet.rule.when).timezone)
        asleep, targets = snapshot.get(ASLEEP), snapshot.get(TARGETS)
        return select(snapshot, sheet.rule, asleep, sheet.now, targets, zone=zone)

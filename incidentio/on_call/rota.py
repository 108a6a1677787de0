"""The shifts of one schedule, and questions about them: pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from incidentio.on_call import coverage, layers
from incidentio.on_call.coverage import Span
from incidentio.on_call.shifts import OverrideTakeover, Shift, joined, takeovers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incidentio.on_call.layers import LayerKey
    from incidentio.schedules import Entries, Schedule


@dataclass(frozen=True)
class Rota:
    """The shifts of a schedule in a period, in order of their start."""

    id: str
    name: str
    url: str | None
    timezone: str
    layer_names: Mapping[LayerKey, str]
    """Their names; empty where the schedule has only one."""
    shifts: Sequence[Shift]
    takeovers: Sequence[OverrideTakeover]
    gaps: Sequence[Span]
    since: datetime
    until: datetime
    """The period that was read."""

    def layer_name(self, shift: Shift | OverrideTakeover) -> str:
        """Return the name of the layer of a shift; empty where there is only one."""
        return self.layer_names.get(shift.layer, "")

    def at(self, moment: datetime) -> list[Shift]:
        """Return the shifts that are under way at a moment."""
        return [shift for shift in self.shifts if shift.holds(moment)]

    def on_call(self, user_id: str, moment: datetime) -> bool:
        return any(shift.user.id == user_id for shift in self.at(moment))

    def starting(self, moment: datetime) -> list[Shift]:
        return [shift for shift in self.shifts if shift.start == moment]

    def ending(self, moment: datetime) -> list[Shift]:
        return [shift for shift in self.shifts if shift.end == moment]

    def before(self, shift: Shift) -> Shift | None:
        """Return the shift before this one in its layer."""
        own = [s for s in self._by_layer[shift.layer] if s.end <= shift.start]
        return max(own, key=lambda s: s.end, default=None)

    def after(self, shift: Shift) -> Shift | None:
        """Return the shift after this one in its layer."""
        own = (s for s in self._by_layer[shift.layer] if s.start >= shift.end)
        return next(own, None)

    def gaps_between(self, start: datetime, end: datetime) -> list[Span]:
        """Return when nobody is on call who should be, cut at both ends."""
        cut = (Span(max(gap.start, start), min(gap.end, end)) for gap in self.gaps)
        return [span for span in cut if span.start < span.end]

    @cached_property
    def changes(self) -> frozenset[datetime]:
        """The moments at which a layer passes from one person to another.

        A person who goes for the night and comes again is no change.
        """
        found = set()
        for own in self._by_layer.values():
            first = {own[0].start} if own[0].start > self.since else set()
            found |= first | {
                new.start for old, new in pairwise(own) if old.user.id != new.user.id
            }
        return frozenset(found)

    @cached_property
    def _by_layer(self) -> Mapping[LayerKey, list[Shift]]:
        found: dict[LayerKey, list[Shift]] = defaultdict(list)
        for shift in self.shifts:
            found[shift.layer].append(shift)
        return found


def of(
    schedule: Schedule,
    entries: Entries,
    since: datetime,
    now: datetime,
    until: datetime,
) -> Rota:
    """Return the rota of a schedule, from its entries between ``since`` and ``until``.

    It has the gaps from ``now`` on.
    """
    shifts = joined(entries.final, until)
    covered = [Span(shift.start, shift.end) for shift in shifts]
    return Rota(
        id=schedule.id,
        name=schedule.name,
        url=schedule.permalink,
        timezone=schedule.timezone,
        layer_names={
            (layer.rotation_id, layer.layer_id): layer.name
            for at in (until, now)
            for layer in layers.layers_at(schedule, at)
        },
        shifts=shifts,
        takeovers=takeovers(entries),
        gaps=coverage.gaps(schedule, covered, now, until),
        since=since,
        until=until,
    )

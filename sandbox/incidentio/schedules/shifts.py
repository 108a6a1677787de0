"""A schedule's entries and shifts, as the API shows them."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from sandbox.incidentio.http.views import Shown, user_by_id, without_nulls
from sandbox.incidentio.incidents.view import DASHBOARD
from sandbox.incidentio.schedules import rota
from sandbox.incidentio.schedules.rota import Shift
from sandbox.incidentio.state.times import format_time, zone_of

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

_AHEAD = timedelta(days=15)


class ScheduleEntries(NamedTuple):
    scheduled: list[Shift]
    overrides: list[Shift]
    final: list[Shift]

    def between(self, start: datetime, end: datetime) -> ScheduleEntries:
        lists = ([s for s in shifts if s.overlaps(start, end)] for shifts in self)
        return ScheduleEntries(*lists)


def schedule_entries(
    store: Store, schedule: Record, start: datetime, end: datetime
) -> ScheduleEntries:
    """Return the entries that overlap a window."""
    zone = zone_of(schedule["timezone"])
    plan = rota.scheduled(schedule["config"]["rotations"], zone, start, end)
    stored = store.overrides.after(group=schedule["id"], newest=False)
    overrides = sorted(
        (
            Shift(o.rotation_id, o.layer_id, o.user_id, o.start_at, o.end_at, o.id)
            for o in stored
            if o.start_at < end and o.end_at > start
        ),
        key=lambda shift: shift.start,
    )
    whole = ScheduleEntries(plan, overrides, rota.merged(plan, overrides))
    return whole.between(start, end)


def _show_entry(store: Store, shift: Shift) -> Shown:
    start, end = format_time(shift.start), format_time(shift.end)
    parts = "/".join((*shift.layer_key, shift.user_id, start, end))
    return without_nulls(
        {
            "entry_id": shift.override_id,
            "fingerprint": blake2b(parts.encode(), digest_size=13).hexdigest().upper(),
            "rotation_id": shift.rotation_id,
            "layer_id": shift.layer_id,
            "start_at": start,
            "end_at": end,
            "user": user_by_id(store, shift.user_id),
        }
    )


def show_entries(store: Store, whole: ScheduleEntries) -> dict[str, list[Shown]]:
    return {
        name: [_show_entry(store, shift) for shift in listed]
        for name, listed in whole._asdict().items()
    }


def show_schedule(store: Store, row: Record, *, with_next: bool = True) -> Shown:
    now = store.now()
    final = schedule_entries(store, row, now, now + _AHEAD).final
    current = [shift for shift in final if shift.start <= now]
    ahead = [shift for shift in final if shift.start > now]
    following = _after_changeover(ahead) if with_next else []
    return {
        **row,
        "permalink": f"{DASHBOARD}/on-call/schedules/{row['id']}",
        "current_shifts": [_show_entry(store, shift) for shift in current],
        "next_shifts": [_show_entry(store, shift) for shift in following],
    }


def _after_changeover(ahead: list[Shift]) -> list[Shift]:
    """Return the shifts that start at the next change."""
    change = min((shift.start for shift in ahead), default=None)
    return [shift for shift in ahead if shift.start == change]

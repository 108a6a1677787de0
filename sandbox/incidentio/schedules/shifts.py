"""A stored schedule's shifts, as the API shows them."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sandbox.incidentio.http.views import Shown, person, present
from sandbox.incidentio.incidents.view import DASHBOARD
from sandbox.incidentio.schedules import rota
from sandbox.incidentio.schedules.rota import Shift
from sandbox.incidentio.state.times import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

_AHEAD = timedelta(days=15)


class Rota(NamedTuple):
    scheduled: list[Shift]
    overrides: list[Shift]
    final: list[Shift]

    def between(self, start: datetime, end: datetime) -> Rota:
        lists = ([s for s in shifts if s.overlaps(start, end)] for shifts in self)
        return Rota(*lists)


def read(store: Store, schedule: Record, start: datetime, end: datetime) -> Rota:
    """Everything that overlaps the window."""
    zone = ZoneInfo(schedule["timezone"])
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
    whole = Rota(plan, overrides, rota.merged(plan, overrides))
    return whole.between(start, end)


def entry(store: Store, shift: Shift) -> Shown:
    start, end = stamp(shift.start), stamp(shift.end)
    parts = "/".join((*shift.seat, shift.user_id, start, end))
    return present(
        {
            "entry_id": shift.override_id,
            "fingerprint": blake2b(parts.encode(), digest_size=13).hexdigest().upper(),
            "rotation_id": shift.rotation_id,
            "layer_id": shift.layer_id,
            "start_at": start,
            "end_at": end,
            "user": person(store, shift.user_id),
        }
    )


def entries(store: Store, whole: Rota) -> dict[str, list[Shown]]:
    return {
        name: [entry(store, shift) for shift in listed]
        for name, listed in whole._asdict().items()
    }


def schedule(store: Store, row: Record, *, with_next: bool = True) -> Shown:
    now = store.now()
    final = read(store, row, now, now + _AHEAD).final
    current = [shift for shift in final if shift.start <= now]
    ahead = [shift for shift in final if shift.start > now]
    following = _after_changeover(ahead) if with_next else []
    return {
        **row,
        "permalink": f"{DASHBOARD}/on-call/schedules/{row['id']}",
        "current_shifts": [entry(store, shift) for shift in current],
        "next_shifts": [entry(store, shift) for shift in following],
    }


def _after_changeover(ahead: list[Shift]) -> list[Shift]:
    """Those on call once somebody new is, however long nobody was before."""
    change = min((shift.start for shift in ahead), default=None)
    return [shift for shift in ahead if shift.start == change]

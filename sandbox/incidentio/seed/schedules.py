"""Three schedules: two rotations and a second layer, plain weeks, office hours.

The third has what the others lack: a rotation that will change, holidays, and
annotations.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox.incidentio.http.views import show_user
from sandbox.incidentio.seed.configuration import DATED
from sandbox.incidentio.seed.people import playing
from sandbox.incidentio.state.ids import fixed_id
from sandbox.incidentio.state.records import Override
from sandbox.incidentio.state.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_OFFICE_HOURS = [
    {"weekday": day, "start_time": "09:00", "end_time": "17:00"} for day in _WEEKDAYS
]
_TEAM_OF = {"Platform": "Platform", "Payments": "Payments"}


def schedules(store: Store) -> Iterator[Record]:
    yield _schedule(
        store,
        1,
        "Platform",
        "Europe/London",
        [
            _rotation(
                store,
                "Platform/Primary",
                "Europe/London",
                "ana ben chi dov",
                every="weekly",
                layers=2,
            ),
            _rotation(
                store,
                "Platform/Secondary",
                "Europe/London",
                "eve fay gus",
                every="daily",
            ),
        ],
    )
    yield _schedule(
        store,
        2,
        "Payments",
        "America/New_York",
        [
            _rotation(
                store,
                "Payments/On call",
                "America/New_York",
                "hana ivo jo",
                every="weekly",
            )
        ],
    )
    desk = _rotation(
        store,
        "Support/Desk",
        "Europe/Paris",
        "eve fay ben",
        every="daily",
        hours=_OFFICE_HOURS,
    )
    yield {
        **_schedule(
            store, 3, "Support in office hours", "Europe/Paris", [desk, _later(desk)]
        ),
        "annotations": {"incident.io/terraform/version": "5.4.0"},
        "holidays_public_config": {"country_codes": ["FR"]},
    }


def _later(rotation: Record) -> Record:
    """Return a later version of a rotation: the same users in reverse order."""
    start = datetime.fromisoformat(rotation["handover_start_at"])
    return {
        **deepcopy(rotation),
        "users": deepcopy(rotation["users"][::-1]),
        "effective_from": format_time(start + timedelta(days=7 * 52 * 4)),
    }


def _schedule(
    store: Store, place: int, name: str, timezone: str, rotations: list[Record]
) -> Record:
    teams = [team["id"] for team in store.teams if team["name"] == _TEAM_OF.get(name)]
    return {
        "id": fixed_id("schedule", name, place),
        "name": name,
        "timezone": timezone,
        "annotations": {},
        "team_ids": teams,
        "config": {"rotations": rotations},
        **DATED,
    }


def _rotation(
    store: Store,
    path: str,
    timezone: str,
    handles: str,
    *,
    every: str,
    layers: int = 1,
    hours: list[dict[str, Any]] | None = None,
) -> Record:
    start = datetime(2024, 1, 15, 9, tzinfo=ZoneInfo(timezone))
    places = range(1, layers + 1)
    return {
        "id": fixed_id("rotation", path, 0),
        "name": path.rpartition("/")[2],
        "layers": [
            {"id": fixed_id(f"layer/{path}", str(n), n), "name": f"Layer {n}"}
            for n in places
        ],
        "users": [show_user(playing(store, handle)) for handle in handles.split()],
        "handover_start_at": format_time(start),
        "handovers": [{"interval": 1, "interval_type": every}],
        "working_intervals": deepcopy(hours or []),
        "scheduling_mode": "sequential",
    }


def overrides(store: Store) -> Iterator[Override]:
    schedule = next(row for row in store.schedules if row["name"] == "Payments")
    rotation = schedule["config"]["rotations"][0]
    tomorrow = (store.now() + timedelta(days=1)).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    yield Override(
        id=fixed_id("override", "dentist", 0),
        schedule_id=schedule["id"],
        rotation_id=rotation["id"],
        layer_id=rotation["layers"][0]["id"],
        user_id=playing(store, "gus")["id"],
        start_at=tomorrow,
        end_at=tomorrow + timedelta(hours=3),
        created_at=store.now(),
        updated_at=store.now(),
    )

"""One override: somebody has a dentist's appointment tomorrow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.incidentio.state.ids import fixed_id
from sandbox.incidentio.state.records import Override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.incidentio.state.store import Store


def overrides(store: Store) -> Iterator[Override]:
    schedule = next(row for row in store.schedules if row["name"] == "Payments")
    rotation = schedule["config"]["rotations"][0]
    stand_in = store.user(field="slack_user_id", value="U0GUS")
    assert stand_in is not None
    tomorrow = (store.now() + timedelta(days=1)).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    yield Override(
        id=fixed_id("override", "dentist", 0),
        schedule_id=schedule["id"],
        rotation_id=rotation["id"],
        layer_id=rotation["layers"][0]["id"],
        user_id=stand_in["id"],
        start_at=tomorrow,
        end_at=tomorrow + timedelta(hours=3),
        created_at=store.now(),
        updated_at=store.now(),
    )

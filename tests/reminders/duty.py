"""Schedules in the stand-in, and who was told what of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.clock import MONDAY
from tests.reminders.conftest import INCIDENTIO_IDS


def at(hour, day=0, minute=0):
    """A time on the Monday of the tests, or so many days later."""
    start = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC)
    return start + timedelta(days=day, hours=hour, minutes=minute)


def stamp(moment):
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def rotation(people, *, every="daily", start=None, hours=(), name="Main", layers=1):
    return {
        "name": name,
        "users": [{"id": INCIDENTIO_IDS[handle]} for handle in people.split()],
        "layers": [{"name": f"Layer {n + 1}"} for n in range(layers)],
        "handover_start_at": stamp(start or at(17, -14)),
        "handovers": [{"interval": 1, "interval_type": every}],
        "working_intervals": [
            {"weekday": day, "start_time": opens, "end_time": closes}
            for day, opens, closes in hours
        ],
    }


class Duty:
    """By default @ben and @eve take turns, each day from 17:00 on; @ben begins."""

    def __init__(self, api, slack):
        self._api, self._slack = api, slack

    def schedule(self, name="Payments", people="ben eve", *, zone="UTC", **more):
        rotations = more.pop("rotations", None) or [rotation(people, **more)]
        body = {"name": name, "timezone": zone, "config": {"rotations": rotations}}
        return self._api.schedules.create(body)

    def override(self, schedule, handle, start, end):
        first = schedule.rotations[0]
        return self._api.overrides.create(
            schedule_id=schedule.id,
            rotation_id=first.id,
            layer_id=first.layers[0].id,
            user_id=INCIDENTIO_IDS[handle],
            start_at=start,
            end_at=end,
        )

    def told(self, handle):
        return [message.text for message in self._slack.person(handle).dm]

    def buttons(self, handle):
        return self._slack.person(handle).dm[-1].buttons

"""Schedules read from requests; unknown properties are kept."""

from __future__ import annotations

import re
from collections import defaultdict
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from sandbox.incidentio.http.user_references import read_user_reference
from sandbox.incidentio.http.views import user_by_id
from sandbox.incidentio.schedules.rota import STEPS, WEEKDAYS

if TYPE_CHECKING:
    from sandbox.incidentio.http.payload import Payload
    from sandbox.incidentio.state.store import Store
    from sandbox.incidentio.state.table import Record

READ_ONLY = ("id", "permalink", "current_shifts", "next_shifts", "updated_at")
_MODES = ("fair", "sequential")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def read(store: Store, sent: Payload) -> Record:
    """Return the whole schedule of the payload. Raises: Refused."""
    draft = sent.child("schedule", required=True)
    sent.check()
    assert draft is not None
    draft.text("name", required=True)
    stored = {schedule["timezone"] for schedule in store.schedules}
    zone = draft.text("timezone", required="" not in stored)
    if zone and zone not in available_timezones() | stored:
        draft.add_problem("timezone", f"{zone} is not a time zone.")
    _read_holidays(draft)
    for team in draft.labels("team_ids"):
        if team not in store.teams:
            draft.add_problem("team_ids", f"Team with ID {team} could not be found.")
    draft.texts("annotations")
    config = _config(store, draft)
    row = {k: deepcopy(v) for k, v in draft.data.items() if k not in READ_ONLY}
    row.setdefault("annotations", {})
    row.setdefault("team_ids", [])
    row["config"] = config
    sent.check()
    return row


def _read_holidays(draft: Payload) -> None:
    holidays = draft.child("holidays_public_config")
    for code in holidays.labels("country_codes") if holidays else ():
        if not re.fullmatch("[A-Z]{2}", code):
            draft.add_problem(
                "holidays_public_config", f"{code} is not a country code."
            )


def _config(store: Store, draft: Payload) -> Record:
    config = draft.child("config")
    if config is None:
        return {"rotations": []}
    rotations = config.children("rotations")
    read = [_rotation(store, rotation) for rotation in rotations]
    _check_versions(rotations, read)
    return {**deepcopy(config.data), "rotations": read}


def _check_versions(sent: list[Payload], read: list[Record]) -> None:
    """Check that the versions of a rotation take effect at different times."""
    starts: dict[str, list[str]] = defaultdict(list)
    for payload, rotation in zip(sent, read, strict=True):
        start = rotation.get("effective_from") or ""
        if start in starts[rotation["id"]]:
            message = "Two versions of the rotation take effect at the same time."
            payload.add_problem("effective_from", message)
        starts[rotation["id"]].append(start)


def _rotation(store: Store, sent: Payload) -> Record:
    row = deepcopy(sent.data)
    sent.text("name", required=True)
    sent.time("effective_from")
    sent.choice("scheduling_mode", _MODES)
    sent.time("handover_start_at", required=True)
    row["id"] = sent.text("id") or store.new_id()
    row["handovers"] = [_handover(handover) for handover in _some(sent, "handovers")]
    row["layers"] = [_layer(store, layer) for layer in _some(sent, "layers")]
    row["users"] = [_user(store, user) for user in sent.children("users")]
    for name in ("working_intervals", "working_interval"):
        for interval in sent.children(name):
            _check_interval(interval)
    row.setdefault("working_intervals", [])
    return row


def _some(sent: Payload, field: str) -> list[Payload]:
    found = sent.children(field, required=True)
    if sent.sent(field) and not found:
        sent.add_problem(field, f"{field} must not be empty.")
    return found


def _handover(sent: Payload) -> Record:
    sent.choice("interval_type", STEPS, required=True)
    interval: Any = sent.data.get("interval")
    if not isinstance(interval, int) or interval < 1:
        sent.add_problem("interval", "interval must be a number of at least 1.")
    return deepcopy(sent.data)


def _layer(store: Store, sent: Payload) -> Record:
    return {**deepcopy(sent.data), "id": sent.text("id") or store.new_id()}


def _user(store: Store, sent: Payload) -> Record:
    found = read_user_reference(store, sent)
    return user_by_id(store, found) or {}


def _check_interval(sent: Payload) -> None:
    sent.choice("weekday", WEEKDAYS, required=True)
    for field in ("start_time", "end_time"):
        time = sent.text(field, required=True)
        if time is not None and not _CLOCK.fullmatch(time):
            sent.add_problem(field, f"{field} must be a time like 09:00.")

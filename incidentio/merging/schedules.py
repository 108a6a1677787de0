"""Makes the body that replaces a schedule: what is not changed is sent as it was read.

A rotation may have several versions, each in force from its ``effective_from`` until
the next one's. A change touches one version; all others are sent as they came.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from incidentio.on_call.layers import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio.transport.operation import Json

READ_ONLY = {
    "id",
    "permalink",
    "created_at",
    "updated_at",
    "current_shifts",
    "next_shifts",
    "management_meta",
}
SINCE = "effective_from"


def body(raw: Mapping[str, Any]) -> Json:
    """Return the body that replaces a schedule by itself; ``raw`` is its JSON."""
    kept = {name: deepcopy(raw[name]) for name in raw if name not in READ_ONLY}
    for rotation in rotations(kept):
        if isinstance(rotation.get("users"), list):
            rotation["users"] = [_reference(user) for user in rotation["users"]]
    return kept


def rotations(schedule: Mapping[str, Any]) -> list[Json]:
    """Return all versions of all rotations; items that are no objects are left out."""
    config = schedule.get("config")
    found = config.get("rotations") if isinstance(config, dict) else None
    return [r for r in found or [] if isinstance(r, dict)]


def _reference(user: Any) -> Any:
    return {"id": user["id"]} if isinstance(user, dict) and "id" in user else user


def in_force(schedule: Mapping[str, Any], at: datetime) -> dict[str, Json]:
    """Return the version of each rotation in force then, by the rotation's id."""
    versions: dict[str, Json] = {}
    for rotation in rotations(schedule):
        known, since = versions.get(rotation.get("id", "")), effective(rotation)
        if since <= at and (known is None or since >= effective(known)):
            versions[rotation.get("id", "")] = rotation
    return versions


def effective(rotation: Mapping[str, Any]) -> datetime:
    """Return from when a version is in force; the first has been so always."""
    return moment(rotation.get(SINCE)) or ALWAYS


def moment(written: Any) -> datetime | None:
    """Return a moment in JSON. None: it is none."""
    try:
        read = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def following(schedule: Mapping[str, Any], id_: str, at: datetime) -> datetime | None:
    """Return when the next version of a rotation comes into force. None: never."""
    starts = [effective(r) for r in rotations(schedule) if r.get("id") == id_]
    return min((start for start in starts if start > at), default=None)


def edit(version: Json, changes: Mapping[str, Any]) -> None:
    """Change a version in place, the hours under their old name included."""
    version.update(deepcopy(dict(changes)))
    if "working_intervals" in changes:
        version.pop("working_interval", None)


def schedule_change(
    schedule: Json, version: Json, changes: Mapping[str, Any], from_: str
) -> bool:
    """Add a version that changes this one from a later time on.

    False: another version begins at that time, and says something else.
    """
    later = deepcopy(version)
    edit(later, {**changes, SINCE: from_})
    at = moment(from_)
    for other in rotations(schedule):
        if other.get("id") == version.get("id") and effective(other) == at:
            return _same(other, later)
    index = next(i for i, r in enumerate(_list(schedule)) if r is version)
    _list(schedule).insert(index + 1, later)
    return True


def _same(one: Json, other: Json) -> bool:
    return {**one, SINCE: None} == {**other, SINCE: None}


def add(schedule: Json, rotation: Json) -> None:
    """Add a rotation."""
    _list(schedule).append(deepcopy(rotation))


def remove(schedule: Json, id_: str) -> None:
    """Remove a rotation, with all its versions."""
    kept = [
        r for r in _list(schedule) if not (isinstance(r, dict) and r.get("id") == id_)
    ]
    _list(schedule)[:] = kept


def _list(schedule: Json) -> list[Any]:
    config: Json = schedule.setdefault("config", {})
    found: list[Any] = config.setdefault("rotations", [])
    return found

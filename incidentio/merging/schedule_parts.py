"""The parts of a schedule that people tell apart, to say which of them changed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from incidentio.merging.schedules import SINCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidentio.transport.operation import Json

MOST = 40
REST = "rest"
"""The name of all parts after the first ``MOST``."""
ROTATION = "rotation/"


def parts(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return each part by a name: ``timezone``, ``rotation/<id>/<effective_from>``."""
    found: dict[str, Any] = {k: v for k, v in body.items() if k != "config"}
    config = body.get("config") or {}
    for name, value in config.items():
        if name == "rotations" and isinstance(value, list):
            found |= {_name(n, version): version for n, version in enumerate(value)}
        else:
            found[f"config/{name}"] = value
    return found


def _name(position: int, version: Any) -> str:
    if not isinstance(version, dict):
        return f"config/rotations/{position}"
    since = version.get(SINCE) or ""
    return f"{ROTATION}{version.get('id') or position}/{since}"


def remembered(body: Mapping[str, Any]) -> dict[str, str]:
    """Return a fingerprint of each part, for a form that remembers what it showed."""
    found = list(parts(body).items())
    kept = {fingerprint(name, 6): fingerprint(value) for name, value in found[:MOST]}
    if found[MOST:]:
        kept[REST] = fingerprint(found[MOST:])
    return kept


def changed(was: Mapping[str, str], body: Mapping[str, Any]) -> list[str] | None:
    """Return the names of parts that are new or differ. None: one is gone."""
    now = remembered(body)
    names = {fingerprint(name, 6): name for name in parts(body)}
    found = [names.get(key, REST) for key in now if was.get(key) != now[key]]
    return found if found or not was.keys() - now.keys() else None


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of parts that differ, in the order of ``after``."""
    old, new = parts(before), parts(after)
    gone = [name for name in old if name not in new]
    return [*(n for n in new if n not in old or old[n] != new[n]), *gone]


def fingerprint(value: Any, length: int = 8) -> str:
    """Return ``length`` hexadecimal digits of the hash of a value."""
    written = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode(errors="surrogatepass")).hexdigest()[:length]


def is_rotation(name: str) -> bool:
    return name.startswith(ROTATION)


def version_of(body: Mapping[str, Any], name: str) -> Json | None:
    """Return the version of a rotation that a part is. None: it is none, or gone."""
    found = parts(body).get(name)
    return found if is_rotation(name) and isinstance(found, dict) else None

"""Reads the manifest of a Slack app: the same JSON that Slack is given."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.slack.state import Shortcut


class NoManifest(Exception):
    """A file has no manifest; the message says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The properties of an installed app that its manifest declares."""

    name: str
    commands: Sequence[str]
    escapes: bool
    """Whether mentions in the words of commands are encoded."""
    shortcuts: Sequence[Shortcut]
    scopes: Collection[str]
    events: Collection[str]


def read(path: Path) -> Manifest:
    """Read a manifest. Raises ``NoManifest``."""
    try:
        found = json.loads(path.read_text())
    except OSError as error:
        raise NoManifest(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise NoManifest(
            f"{path} is not JSON. Slack shows a manifest as JSON, too."
        ) from error
    try:
        return _manifest(found)
    except (AttributeError, KeyError, TypeError) as error:
        raise NoManifest(f"{path} is no manifest of a Slack app.") from error


def _manifest(found: Any) -> Manifest:
    features, settings = found.get("features") or {}, found.get("settings") or {}
    commands = features.get("slash_commands") or []
    scopes = (found.get("oauth_config") or {}).get("scopes") or {}
    subscribed = settings.get("event_subscriptions") or {}
    about = features.get("bot_user") or {}
    return Manifest(
        name=str(about.get("display_name") or found["display_information"]["name"]),
        commands=[str(one["command"]) for one in commands],
        escapes=any(one.get("should_escape") for one in commands),
        shortcuts=[_shortcut(one) for one in features.get("shortcuts") or []],
        scopes=frozenset(scopes.get("bot") or ()),
        events=frozenset(subscribed.get("bot_events") or ()),
    )


def _shortcut(one: Any) -> Shortcut:
    return Shortcut(one["callback_id"], one["name"], one.get("type") == "message")

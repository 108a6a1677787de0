"""The Slack app manifest for this configuration.

Limits: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import handlers
from admin.scopes import EVENTS, OPTIONAL, SCOPES
from blocks.kit import text
from handlers.core.command import Command, Group
from handlers.core.pipeline.unfurling import DOMAIN
from runtime.settings import Settings

NAME = "incident.io bot"
DESCRIPTION = "Run your incidents, on-call and follow-ups on incident.io from Slack"
LONG_DESCRIPTION = (
    "Declare incidents, change their severity and status, see and override who is on "
    "call, work through actions and follow-ups, and be reminded of what is left, all "
    "on incident.io and without leaving Slack. Run by your own team: it talks to Slack "
    "and incident.io and to nobody else."
)
SHORTCUT_NAME, SHORTCUT_ABOUT, MOST_SHORTCUTS = 24, 150, 10
USAGE_HINT = 1000


def run(settings: Settings) -> None:
    """Print the manifest as JSON."""
    made = manifest(settings, handlers.GROUPS)
    sys.stdout.write(json.dumps(made, indent=2, ensure_ascii=False) + "\n")


def manifest(settings: Settings, groups: Sequence[Group]) -> dict[str, Any]:
    """Describe the app: over HTTP if ``PUBLIC_URL`` is set, else in Socket Mode."""
    url = events_url(settings)
    return {
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#25282c",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": shortcuts(groups),
            "slash_commands": [slash_command(settings.slash_command, groups, url)],
            "unfurl_domains": [DOMAIN],
        },
        "oauth_config": {
            "scopes": {"bot": sorted(SCOPES), "bot_optional": sorted(OPTIONAL)}
        },
        "settings": {
            "event_subscriptions": {
                **_to("request_url", url),
                "bot_events": sorted(EVENTS),
            },
            "interactivity": {
                "is_enabled": True,
                **_to("request_url", url),
                **_to("message_menu_options_url", url),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def events_url(settings: Settings) -> str | None:
    """Return the address that Slack delivers to; None in Socket Mode."""
    if settings.public_url is None:
        return None
    return settings.public_url.rstrip("/") + "/slack/events"


def slash_command(
    name: str, groups: Iterable[Group], url: str | None
) -> dict[str, Any]:
    """Describe the slash command, with the first words of all commands as its hint."""
    words = " | ".join(_first_words(groups))
    return {
        "command": name,
        "description": DESCRIPTION,
        "usage_hint": text.clip(f"[{words}]", USAGE_HINT),
        # Mentions arrive as ids, not as names that several people may have.
        "should_escape": True,
        **_to("url", url),
    }


def shortcuts(groups: Iterable[Group]) -> list[dict[str, str]]:
    """Describe the shortcuts. Raises: ValueError if Slack would refuse them."""
    declared = chain.from_iterable(group.shortcuts.items() for group in groups)
    drawn = [_shortcut(callback_id, command) for callback_id, command in declared]
    if len(drawn) > MOST_SHORTCUTS:
        raise ValueError(f"Slack allows {MOST_SHORTCUTS} shortcuts, not {len(drawn)}")
    return drawn


def _shortcut(callback_id: str, command: Command) -> dict[str, str]:
    label = command.flags.label
    if not 0 < len(label) <= SHORTCUT_NAME:
        raise ValueError(f"{callback_id}: a label has 1 to {SHORTCUT_NAME} characters")
    return {
        "name": label,
        "type": "message" if "message" in command.parameters else "global",
        "callback_id": callback_id,
        "description": text.clip(command.help, SHORTCUT_ABOUT),
    }


def _first_words(groups: Iterable[Group]) -> Iterable[str]:
    names = chain.from_iterable(group.commands for group in groups)
    words = (name.partition(" ")[0] for name in names if name)
    return [*dict.fromkeys(words), "help"]


def _to(name: str, url: str | None) -> dict[str, str]:
    return {} if url is None else {name: url}

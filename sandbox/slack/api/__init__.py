"""The Web API: a module a family of methods, registered by name."""

from __future__ import annotations

from sandbox.slack.api import chat, connections, conversations, people, views
from sandbox.slack.api.registry import METHODS

__all__ = [
    "METHODS",
    "chat",
    "connections",
    "conversations",
    "people",
    "views",
]

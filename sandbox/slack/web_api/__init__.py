"""The Web API: a module a family of methods, registered by name."""

from __future__ import annotations

from sandbox.slack.web_api import apps, chat, conversations, users, views
from sandbox.slack.web_api.methods import METHODS

__all__ = ["METHODS", "apps", "chat", "conversations", "users", "views"]

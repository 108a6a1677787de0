"""The Web API: a module for each family of methods."""

from __future__ import annotations

from sandbox.slack.web_api import apps, chat, conversations, pins, users, views
from sandbox.slack.web_api.methods import METHODS

__all__ = ["METHODS", "apps", "chat", "conversations", "pins", "users", "views"]

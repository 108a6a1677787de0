"""A Slack workspace on this machine: stateful, strict, and driven as by people.

``SlackSandbox`` is the workspace; ``slack.person("ana")`` is somebody using it.
"""

from __future__ import annotations

from sandbox.slack.delivery import Delivery
from sandbox.slack.modal_view import Field, ModalView
from sandbox.slack.model import Channel, Message
from sandbox.slack.person import Person
from sandbox.slack.sandbox import SlackSandbox
from sandbox.slack.shortcuts import Shortcut
from sandbox.slack.workspace import Call

__all__ = [
    "Call",
    "Channel",
    "Delivery",
    "Field",
    "Message",
    "ModalView",
    "Person",
    "Shortcut",
    "SlackSandbox",
]

"""A Slack workspace on this machine: stateful, strict, and driven as by people.

``SlackSandbox`` is the workspace; ``slack.person("ana")`` is somebody using it.
"""

from __future__ import annotations

from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.stand_in import SlackSandbox
from sandbox.slack.state import Shortcut
from sandbox.slack.users.person import Person
from sandbox.slack.users.screen import Field, ModalView
from sandbox.slack.workspace.records import Channel, Message
from sandbox.slack.workspace.store import Call

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

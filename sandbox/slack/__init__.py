"""A Slack workspace on this machine: it keeps state, and refuses what Slack refuses.

``SlackSandbox`` is the workspace; ``slack.person("ana")`` is somebody using it.
"""

from __future__ import annotations

from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.stand_in import SlackSandbox
from sandbox.slack.state import Shortcut
from sandbox.slack.users.person import Person
from sandbox.slack.users.screen import ModalInput, ModalView
from sandbox.slack.workspace.records import Channel, Message
from sandbox.slack.workspace.store import Call

__all__ = [
    "Call",
    "Channel",
    "Delivery",
    "Message",
    "ModalInput",
    "ModalView",
    "Person",
    "Shortcut",
    "SlackSandbox",
]

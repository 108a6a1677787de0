"""What one person has before their eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.modal_view import ModalView
from sandbox.slack.model import Channel, Message, User
from sandbox.slack.screen import Screen

if TYPE_CHECKING:
    from sandbox.slack.interactions import Interactions
    from sandbox.slack.sandbox import SlackSandbox
    from sandbox.slack.workspace import Workspace

DM = "dm"
"""What the conversation with the app is called where a channel is asked for."""


class Reader:
    def __init__(self, slack: SlackSandbox, user: User) -> None:
        self._slack = slack
        self.user = user

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def _workspace(self) -> Workspace:
        return self._slack.workspace

    @property
    def _do(self) -> Interactions:
        return self._slack.interactions

    @property
    def _screen(self) -> Screen:
        return Screen(self._workspace, self.id)

    def sees(self, channel: str | None = None) -> list[Message]:
        """Messages in one channel (``dm``: with the app) or in all, oldest first."""
        return self._screen.messages(channel and self._place(channel).id)

    @property
    def last(self) -> Message:
        return self.sees()[-1]

    @property
    def dm(self) -> list[Message]:
        """The conversation with the app."""
        return self.sees(DM)

    @property
    def modal(self) -> ModalView | None:
        view = self._screen.modal()
        return ModalView(view) if view else None

    @property
    def home(self) -> ModalView | None:
        view = self._screen.home()
        return ModalView(view) if view else None

    @property
    def toasts(self) -> list[str]:
        """Failures that Slack told this person of."""
        return list(self._workspace.toasts[self.id])

    def _place(self, channel: str) -> Channel:
        if channel == DM:
            return self._workspace.dm(self.id)
        place = self._workspace.channel(channel)
        if not place.visible_to(self.id):
            raise LookupError(f"{self.user.handle} does not see {channel!r}")
        return place

"""A ``trigger_id`` opens one form, once, within three seconds."""

from __future__ import annotations

import logging
from threading import Lock, Timer
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from blocks.kit.form import banner, working
from slack.client import SlackClient, SlackUnreachable

log = logging.getLogger(__name__)

PATIENCE = 0.7
"""Seconds from delivery until the loading view opens."""
LONG_PATIENCE = 1.8
"""The same for a command whose words most likely suffice without a form."""
LEAST = 0.05
GONE = "not_found"
"""Slack's word for a view that is not open any more."""


class FormLost(SlackClientError):
    """Slack may have opened the loading view, but did not say which view it is."""


class ModalTrigger:
    """Opens a form; where that takes long, opens a loading view first.

    ``start`` begins to wait for the form; after ``stop`` no loading view opens.
    """

    def __init__(
        self, slack: SlackClient, trigger_id: str, slash: str, patience: float
    ) -> None:
        self._slack = slack
        self._id = trigger_id
        self._slash = slash
        self._lock = Lock()
        self._view: dict[str, Any] | None = None
        self._waits = False
        self._stopped = False
        self._lost = False
        self._timer = Timer(max(patience, LEAST), self._wait)
        self._timer.daemon = True

    def start(self) -> None:
        """Begin to wait for the form."""
        self._timer.start()

    def stop(self) -> None:
        """Open no loading view from now on."""
        self._timer.cancel()
        with self._lock:
            self._stopped = True

    def show(self, view: dict[str, Any]) -> None:
        """Open the form, or replace the loading view by it.

        A repeated delivery finds its form open already: that is not an error.
        """
        with self._lock:
            if self._lost:
                raise FormLost("the loading view cannot be found")
            if self._view is not None:
                self._replace(view)
                return
            try:
                opened = self._slack.views_open(trigger_id=self._id, view=view)
            except SlackApiError as error:
                if error.response.get("error") != "exchanged_trigger_id":
                    raise
                log.info("a repeated delivery found its form open already")
                return
            self._view, self._waits = opened["view"], False

    def finish(self, words: str) -> None:
        """Say ``words`` in the loading view, if it is still open."""
        with self._lock:
            if not self._waits:
                return
            try:
                self._put({**working(self._slash, words), "blocks": [banner(words)]})
            except SlackClientError as error:
                log.info("the loading view is gone: %s", error)

    def _replace(self, view: dict[str, Any]) -> None:
        """Replace the loading view; if the person has closed it, leave it at that."""
        try:
            self._put(view)
        except SlackApiError as error:
            if error.response.get("error") != GONE:
                raise
            log.info("the person closed the loading view")

    def _put(self, view: dict[str, Any]) -> None:
        assert self._view is not None
        opened = self._slack.views_update(
            view_id=self._view["id"], hash=self._view["hash"], view=view
        )
        self._view, self._waits = opened["view"], False

    def _wait(self) -> None:
        with self._lock:
            if self._stopped or self._view is not None:
                return
            waiting = working(self._slash, "One moment: waiting for incident.io.")
            try:
                opened = self._slack.views_open(trigger_id=self._id, view=waiting)
            except SlackClientError as error:
                log.warning("the loading view did not open: %s", error)
                self._lost = isinstance(error, SlackUnreachable) and error.sent
                return
            self._view, self._waits = opened["view"], True

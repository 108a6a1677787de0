"""Passes Slack's verified requests to Bolt, and refuses those that it cannot read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import flask
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response

log = logging.getLogger(__name__)

UNREADABLE = (ValueError, RecursionError, TypeError, AttributeError, LookupError)
"""The errors that Bolt raises for bodies of other shapes than Slack's."""


class SlackEvents:
    """Answers requests with Bolt; ``is_well_formed`` says which bodies it can take."""

    def __init__(
        self, bolt: App, is_well_formed: Callable[[Mapping[str, Any]], bool]
    ) -> None:
        self._bolt = bolt
        self._is_well_formed = is_well_formed

    def __call__(self, request: flask.Request) -> flask.Response:
        read = self._read(request)
        if read is None:
            log.warning("not understood, though signed: %d bytes", len(request.data))
            return flask.Response("Bad Request\n", 400, content_type="text/plain")
        return to_flask_response(self._bolt.dispatch(read))

    def _read(self, request: flask.Request) -> BoltRequest | None:
        try:
            read = to_bolt_request(request)
        except UNREADABLE:
            return None
        return read if self._is_well_formed(read.body) else None

"""Passes Slack's verified requests to Bolt, and refuses those that it cannot read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from werkzeug.wrappers import Request, Response

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

    def __call__(self, request: Request) -> Response:
        read = self._read(request)
        if read is None:
            log.warning("not understood, though signed: %d bytes", len(request.data))
            return Response("Bad Request\n", 400, content_type="text/plain")
        return _response(self._bolt.dispatch(read))

    def _read(self, request: Request) -> BoltRequest | None:
        body = request.get_data(as_text=True)
        try:
            read = BoltRequest(
                body=body, headers={"content-type": request.content_type or ""}
            )
        except UNREADABLE:
            return None
        return read if self._is_well_formed(read.body) else None


def _response(answer: BoltResponse) -> Response:
    headers = [(k, v) for k, values in answer.headers.items() for v in values]
    return Response(answer.body, answer.status, headers)

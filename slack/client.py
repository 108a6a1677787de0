"""Slack's Web API over pooled connections.

``slack_sdk.WebClient`` opens a connection and reads the CA bundle anew for each call,
22 ms of CPU apiece. ``SlackClient`` replaces only how it sends.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from http_base.client import HttpAnswer, HttpClient, OnExchange, always
from http_base.failures import NoAnswer
from http_base.failures import Withheld as NotSent
from http_base.retry_after import wait_in
from slack.newer_blocks import BlockSupport

CONNECT_TIMEOUT = 3.05
DEADLINE = 25.0
"""Seconds for all of a call."""
TOO_MANY_REQUESTS = 429

log = logging.getLogger(__name__)
_sdk_log = logging.getLogger("slack_sdk.web")
"""At DEBUG it writes what is sent: ``telemetry.logs`` keeps it above that."""

_may_send: ContextVar[Callable[[], bool]] = ContextVar("may_send", default=always)


class SlackUnreachable(SlackClientError):
    """Slack gave no answer. ``sent`` says whether it may have got the request."""

    def __init__(self, method: str, *, sent: bool) -> None:
        super().__init__(f"Slack did not answer {method}")
        self.sent = sent


class Withheld(SlackUnreachable):
    """A request was not sent: its sender was no longer allowed to."""

    def __init__(self, method: str) -> None:
        super().__init__(method, sent=False)


@contextmanager
def only_while(allowed: Callable[[], bool]) -> Iterator[None]:
    """Let each request in this block raise ``Withheld`` unless it is ``allowed``."""
    token = _may_send.set(allowed)
    try:
        yield
    finally:
        _may_send.reset(token)


class SlackClient(WebClient):
    """A ``WebClient`` whose calls share connections; safe to share between threads.

    Newer blocks are sent as plain ones where the workspace does not take them.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str,
        pool_size: int = 32,
        timeout: int = 10,
        on_exchange: OnExchange | None = None,
        blocks: BlockSupport | None = None,
    ) -> None:
        super().__init__(
            token=token,
            base_url=base_url.rstrip("/") + "/",
            timeout=timeout,
            logger=_sdk_log,
        )
        # Retrying is decided where it is known whether repeating is safe.
        self.retry_handlers = []
        self.blocks = blocks or BlockSupport()
        self._http = HttpClient(
            "Slack",
            self.base_url,
            pool_size=pool_size,
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=timeout,
            on_exchange=on_exchange,
        )

    def close(self) -> None:
        self._http.close()

    def post(self, url: str, message: dict[str, Any]) -> None:
        """Post a message to a ``response_url``.

        Raises:
            ResponseRefused: Slack does not take the message.
            SlackUnreachable: Slack gave no answer.
        """

        def post(body: dict[str, Any]) -> None:
            answer = self._send("response_url", url, json=body)
            if answer.status >= 400:
                raise ResponseRefused(answer)

        self.blocks.send(message, post)

    def api_call(
        self, api_method: str, *, json: dict[str, Any] | None = None, **request: Any
    ) -> SlackResponse:
        call = super().api_call
        if json is None:
            return call(api_method, **request)
        return self.blocks.send(
            json, lambda body: call(api_method, json=body, **request)
        )

    def _perform_urllib_http_request_internal(
        self, url: str, req: Request
    ) -> dict[str, Any]:
        method = url.rsplit("/", 1)[-1].partition("?")[0]
        answer = self._send(
            method, url, data=req.data, headers=dict(req.header_items())
        )
        return {
            "status": answer.status,
            "headers": answer.headers,
            "body": _json(method, answer),
        }

    def _send(self, method: str, url: str, **request: Any) -> HttpAnswer:
        until, may_send = time.monotonic() + DEADLINE, _may_send.get()
        try:
            return self._http.request(
                "POST", url, until=until, may_send=may_send, **request
            )
        except NotSent as error:
            raise Withheld(method) from error
        except NoAnswer as error:
            raise SlackUnreachable(method, sent=error.sent) from error


class ResponseRefused(SlackClientError):
    """A ``response_url`` is used up or expired, or the message is not valid."""

    def __init__(self, answer: HttpAnswer) -> None:
        self.body = answer.body.decode(errors="replace")[:200]
        super().__init__(f"response_url answered {answer.status}: {self.body}")
        self.status = answer.status
        self.headers = answer.headers


def retry_after(error: SlackApiError | ResponseRefused) -> timedelta | None:
    """Return the wait that Slack asks for. None: it names none."""
    refusal = error if isinstance(error, ResponseRefused) else error.response
    return wait_in(refusal.headers, datetime.now(UTC))


def _json(method: str, answer: HttpAnswer) -> str:
    """Return the text of an answer.

    Raises:
        SlackUnreachable: it is no JSON object, so it did not come from Slack.
    """
    try:
        if isinstance(json.loads(answer.body), dict):
            return answer.body.decode()
    except ValueError:
        log.warning("%s: HTTP %s, not JSON", method, answer.status)
    if answer.status == TOO_MANY_REQUESTS:
        return '{"ok": false, "error": "ratelimited"}'
    raise SlackUnreachable(method, sent=True)

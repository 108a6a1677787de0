"""Slack's Web API over pooled connections.

``slack_sdk.WebClient`` opens a connection and reads the CA bundle anew for each call,
22 ms of CPU apiece. This one keeps everything else of it and replaces only the sending.
"""

from __future__ import annotations

import logging
import os
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLCertVerificationError
from typing import Any
from urllib.request import Request

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from urllib3.exceptions import (
    ConnectTimeoutError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

CONNECT_TIMEOUT = 3.05
BEFORE_IT_WAS_SENT = (NewConnectionError, ConnectTimeoutError, SSLCertVerificationError)
NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)

log = logging.getLogger(__name__)


class SlackUnreachable(SlackClientError):
    """Slack gave no answer. ``sent`` says whether it may have got the request."""

    def __init__(self, method: str, *, sent: bool) -> None:
        super().__init__(f"Slack did not answer {method}")
        self.sent = sent


class SlackClient(WebClient):
    """A ``WebClient`` on one ``requests.Session``; safe to share between threads."""

    def __init__(
        self, token: str, *, base_url: str, pool_size: int = 32, timeout: int = 10
    ) -> None:
        super().__init__(
            token=token,
            base_url=base_url.rstrip("/") + "/",
            timeout=timeout,
            logger=log,
        )
        # Retrying is decided where it is known whether repeating is safe.
        self.retry_handlers = []
        self._session = open_session(self.base_url, pool_size)

    def close(self) -> None:
        self._session.close()

    def post(self, url: str, message: dict[str, Any]) -> None:
        """Post a message to a ``response_url``; raise ``ResponseRefused`` on a no."""
        answer = self._send("response_url", url, json=message)
        if answer.status_code >= requests.codes.bad_request:
            raise ResponseRefused(answer.status_code, answer.text[:200])

    def upload(self, url: str, content: bytes) -> None:
        """Send a file to where Slack told to; raise ``UploadRefused`` on a no."""
        plainly = {"Content-Type": "application/octet-stream"}
        answer = self._send("upload", url, data=content, headers=plainly)
        if answer.status_code != requests.codes.ok:
            raise UploadRefused(answer.status_code)

    def _perform_urllib_http_request_internal(
        self, url: str, req: Request
    ) -> dict[str, Any]:
        method = url.rsplit("/", 1)[-1].partition("?")[0]
        answer = self._send(
            method, url, data=req.data, headers=dict(req.header_items())
        )
        return {
            "status": answer.status_code,
            "headers": answer.headers,
            "body": _json(method, answer),
        }

    def _send(self, method: str, url: str, **request: Any) -> requests.Response:
        timeout = (CONNECT_TIMEOUT, self.timeout)
        try:
            return self._session.post(
                url, timeout=timeout, allow_redirects=False, **request
            )
        except requests.RequestException as exc:
            raise SlackUnreachable(method, sent=not _never_sent(exc)) from exc


class ResponseRefused(SlackClientError):
    """A ``response_url`` is used up, expired, or did not like the message."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"response_url answered {status}: {body}")
        self.status = status


class UploadRefused(SlackClientError):
    """Slack did not take a file."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the upload was answered {status}")


def open_session(base_url: str, pool_size: int) -> requests.Session:
    """Set everything here, once: threads share the session and never change it.

    The environment is read now, not for each request; no ``.netrc`` replaces the token.
    """
    session = requests.Session()
    session.trust_env = False
    session.proxies = dict(get_environ_proxies(base_url))
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=pool_size)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _json(method: str, answer: requests.Response) -> str:
    """Give the answer's text; what is no JSON object did not come from Slack."""
    answer.encoding = "utf-8"
    try:
        if isinstance(answer.json(), dict):
            return answer.text
    except ValueError:
        log.warning("%s: HTTP %s, not JSON", method, answer.status_code)
    if answer.status_code == requests.codes.too_many_requests:
        return '{"ok": false, "error": "ratelimited"}'
    raise SlackUnreachable(method, sent=True)


def _never_sent(error: requests.RequestException) -> bool:
    """Whether it failed before the request went out, so that Slack cannot have heard.

    TLS and proxies fail at any time, also while the answer is read: what made them fail
    decides.
    """
    failure = error.args[0] if error.args else None
    cause: object = getattr(failure, "reason", failure)
    if isinstance(cause, ProxyError):
        cause = cause.original_error
    if isinstance(cause, SSLError):
        cause = cause.args[0]
    early = isinstance(error, NO_ADDRESS) or isinstance(cause, BEFORE_IT_WAS_SENT)
    return early or _no_tunnel(cause)


def _no_tunnel(cause: object) -> bool:
    return isinstance(cause, OSError) and "Tunnel connection failed" in str(cause)

"""Asks both services whether they take the tokens, before a process starts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from slack_sdk.errors import SlackApiError, SlackClientError

from incidentio import Incidentio
from incidentio.errors import IncidentioError, Unauthorized
from runtime.settings import Settings, SettingsError
from slack.client import SlackClient

PATIENCE = 5
"""Seconds for an answer."""

REMEDIES = {
    "account_inactive": "The app was removed from the workspace; install it again",
    "invalid_auth": "It is not a token that Slack knows; copy it again",
    "missing_scope": "It lacks the scope connections:write; make a new one with it",
    "not_allowed_token_type": "It is a token of another kind; mind xoxb- and xapp-",
    "token_expired": "It has expired; token rotation must be off for this app",
    "token_revoked": "It was revoked; install the app again and copy the new one",
}
"""Slack's error to what one does about the token."""

UNAUTHORIZED = (
    "incident.io refuses INCIDENTIO_API_KEY (401). It was mistyped or deleted; make a "
    "new one under Settings, API keys."
)


def slack_client(settings: Settings, token: str) -> SlackClient:
    """Return a client that waits at most ``PATIENCE`` for an answer."""
    return SlackClient(token, base_url=settings.slack_api_url, timeout=PATIENCE)


def incidentio_client(settings: Settings, key: str) -> Incidentio:
    """Return a client that waits at most ``PATIENCE`` for an answer."""
    return Incidentio(
        key,
        settings.incidentio_api_url,
        connect_timeout=3,
        read_timeout=PATIENCE,
        deadline=8,
    )


def refusal(name: str, code: str) -> str:
    """Say that Slack refuses the token of a setting, and what to do."""
    remedy = REMEDIES.get(code, "Check SLACK_API_URL and the token")
    return f"Slack refuses {name} ({code}). {remedy}."


def check(settings: Settings, *, over_socket: bool = False) -> str | None:
    """Check the tokens; with ``over_socket`` return the address of a first socket.

    It is None where Slack does not answer: that refuses no token.

    Raises:
        SettingsError: a token is refused; it has the doctor's sentence for each.
    """
    with ThreadPoolExecutor(3) as pool:
        bot = pool.submit(_bot_token, settings)
        key = pool.submit(_api_key, settings)
        app = pool.submit(_app_token, settings) if over_socket else None
    address, app_fault = app.result() if app else (None, None)
    faults = [fault for fault in (bot.result(), app_fault, key.result()) if fault]
    if faults:
        raise SettingsError(faults)
    return address


def _bot_token(settings: Settings) -> str | None:
    token = settings.slack_bot_token.get_secret_value()
    with closing(slack_client(settings, token)) as slack:
        try:
            slack.auth_test()
        except SlackClientError as error:
            return _fault("SLACK_BOT_TOKEN", error)
    return None


def _app_token(settings: Settings) -> tuple[str | None, str | None]:
    """Return the address of a socket, and the fault of the token; each may be None."""
    token = settings.slack_app_token.get_secret_value()
    with closing(slack_client(settings, token)) as slack:
        try:
            return str(slack.apps_connections_open(app_token=token)["url"]), None
        except SlackClientError as error:
            return None, _fault("SLACK_APP_TOKEN", error)


def _fault(name: str, error: SlackClientError) -> str | None:
    code = error.response.get("error") if isinstance(error, SlackApiError) else None
    return refusal(name, code) if code in REMEDIES else None


def _api_key(settings: Settings) -> str | None:
    key = settings.incidentio_api_key.get_secret_value()
    with closing(incidentio_client(settings, key)) as api:
        try:
            api.identity.show()
        except Unauthorized:
            return UNAUTHORIZED
        except IncidentioError:
            return None
    return None

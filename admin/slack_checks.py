"""Checks Slack's tokens, scopes and signing secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from admin.finding import Finding
from admin.scopes import OPTIONAL, SCOPES
from runtime.settings import Settings
from runtime.tokens import refusal, slack_client

BOT, APP, SIGNING = "Slack bot token", "Slack app token", "Slack signing secret"


def bot_token(settings: Settings) -> Iterator[Finding]:
    """Check the bot token, and its scopes against the manifest's."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        yield Finding(
            BOT,
            "fault",
            "SLACK_BOT_TOKEN is not set. Install the app, then copy the bot token from "
            "OAuth & Permissions.",
        )
        return
    with closing(slack_client(settings, token)) as slack:
        try:
            answer = slack.auth_test()
        except SlackClientError as error:
            yield Finding(BOT, "fault", _why("SLACK_BOT_TOKEN", error))
            return
    yield Finding(BOT, "ok", f"Works as @{answer['user']} in {answer['team']}.")
    yield _scopes(answer)


def app_token(settings: Settings) -> Iterator[Finding]:
    """Check the app token by asking for the address of a socket."""
    token = settings.slack_app_token.get_secret_value()
    if not token:
        yield _no_app_token(settings)
        return
    with closing(slack_client(settings, token)) as slack:
        try:
            slack.apps_connections_open(app_token=token)
        except SlackClientError as error:
            yield Finding(APP, "fault", _why("SLACK_APP_TOKEN", error))
            return
    yield Finding(APP, "ok", "Opens connections for Socket Mode.")


def signing_secret(settings: Settings) -> Iterator[Finding]:
    """Check the form of the signing secret; only deliveries show if it is right."""
    secret = settings.slack_signing_secret.get_secret_value()
    if re.fullmatch(r"[0-9a-f]{32}", secret):
        yield Finding(SIGNING, "ok", "Has the right form: 32 hexadecimal digits.")
    elif secret:
        yield Finding(
            SIGNING,
            "warning",
            "SLACK_SIGNING_SECRET does not look like one (32 digits and letters a to "
            "f). If Slack's deliveries are refused, copy it again from Basic "
            "Information.",
        )
    elif settings.public_url:
        yield Finding(
            SIGNING,
            "fault",
            "SLACK_SIGNING_SECRET is not set, and web cannot start without it. Copy "
            "it from Basic Information, App Credentials.",
        )
    else:
        yield Finding(SIGNING, "ok", "Not set; Socket Mode needs none.")


def _scopes(answer: SlackResponse) -> Finding:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    said = headers.get("x-oauth-scopes")
    if said is None:
        return Finding("Slack scopes", "warning", "Slack did not say which there are.")
    missing = sorted(SCOPES.keys() - set(re.split(r",\s*", said)))
    if not missing:
        return Finding("Slack scopes", "ok", f"All {len(SCOPES)} are there.")
    lacking = "; ".join(f"{scope} (to {SCOPES[scope]})" for scope in missing)
    return Finding(
        "Slack scopes",
        "warning" if OPTIONAL.issuperset(missing) else "fault",
        f"Missing: {lacking}. Paste what python app.py manifest prints under App "
        "Manifest, then install the app again.",
    )


def _no_app_token(settings: Settings) -> Finding:
    if settings.public_url:
        return Finding(APP, "ok", "Not set; HTTP mode (PUBLIC_URL) needs none.")
    return Finding(
        APP,
        "fault",
        "SLACK_APP_TOKEN is not set, and Socket Mode cannot start without it. Make "
        "one with connections:write under Basic Information, App-Level Tokens; or "
        "set PUBLIC_URL to use HTTP.",
    )


def _why(name: str, error: SlackClientError) -> str:
    if not isinstance(error, SlackApiError):
        return f"Slack could not be asked ({error}). Check the network and the proxy."
    code = str(error.response.get("error") or "an answer that is no JSON")
    return refusal(name, code)

"""Slack's error codes in words: clauses without a full stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError

LACKING = "missing_scope"

CLAUSES = {
    "channel_not_found": "the channel is gone, or the bot is not in it",
    "not_in_channel": "the bot is not in the channel",
    "is_archived": "the channel is archived",
    "restricted_action": "the bot may not post in the channel",
    "account_inactive": "the bot's Slack account was switched off",
    "user_disabled": "that Slack account was switched off",
    "user_not_found": "Slack does not know that person",
    "invalid_auth": "Slack does not accept the bot's token",
    "not_authed": "Slack does not accept the bot's token",
    "token_revoked": "Slack does not accept the bot's token",
    "token_expired": "Slack does not accept the bot's token",
    "missing_scope": "the bot's Slack app lacks a permission",
    "access_denied": "the bot's Slack app lacks a permission",
    "team_access_not_granted": "the bot's Slack app lacks a permission",
    "ratelimited": "Slack is limiting the bot",
    "rate_limited": "Slack is limiting the bot",
    "message_limit_exceeded": "Slack is limiting the bot",
}


def clause(code: str) -> str:
    """Return the reason for an error code, as a clause; unknown codes are shown."""
    return CLAUSES.get(code, f"Slack refused it ({code})")


def explain(error: SlackApiError) -> str:
    """Return why Slack refused a call, as a clause; it names lacking scopes."""
    code = str(error.response.get("error") or "no reason")
    scopes = lacking(error)
    if code != LACKING or not scopes:
        return clause(code)
    if len(scopes) == 1:
        return f"the bot's Slack app lacks the scope {scopes[0]}"
    return f"the bot's Slack app lacks one of the scopes {', '.join(scopes)}"


def lacking(error: SlackApiError) -> list[str]:
    """Return the scopes that a call needed and that the bot lacks, sorted."""
    needed, provided = (
        {scope.strip() for scope in str(error.response.get(key) or "").split(",")}
        for key in ("needed", "provided")
    )
    return sorted(filter(None, needed - provided))

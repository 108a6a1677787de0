"""Say in words what went wrong: what did not happen, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

from blocks import text
from handlers.problems import Busy, FieldErrors, Refusal
from incidentio.errors import (
    APIError,
    Forbidden,
    IncidentioError,
    Invalid,
    NotFound,
    RateLimited,
    Unauthorized,
    Unreachable,
)
from storage.errors import DatabaseError

OURS = "fault"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What to tell the person (mrkdwn) and how to account for it.

    ``outcome`` is ``refused`` (nothing was changed), ``unknown`` (perhaps it was) or
    ``fault`` (ours). ``fields`` holds messages for the fields of a form.
    """

    words: str
    outcome: str
    fields: dict[str, str]
    request_id: str | None = None


def explain(error: Exception, *, fails: str, ref: str) -> Explanation:
    """Explain any failure. ``fails`` says what did not happen, without a full stop."""
    if isinstance(error, FieldErrors):
        return Explanation(f"{fails}: {error}", "refused", error.errors)
    if isinstance(error, Refusal):
        return Explanation(str(error), "refused", {})
    outcome = _outcome(error)
    happened = f"It is not known whether it went through. {_CHECK}"
    first = happened if outcome == "unknown" else f"{fails}."
    words = f"{first} {_why(error)} (ref `{ref}`)"
    fields = _fields(error) if isinstance(error, Invalid) else {}
    return Explanation(words, outcome, fields, getattr(error, "request_id", None))


_CHECK = "Look before you try again."


def _outcome(error: Exception) -> str:
    if isinstance(error, IncidentioError):
        return "unknown" if error.outcome_unknown else "refused"
    if isinstance(error, DatabaseError | SlackClientError | Busy):
        return "refused"
    return OURS


def _why(error: Exception) -> str:
    if isinstance(error, IncidentioError):
        return _incidentio(error)
    if isinstance(error, SlackClientError):
        return slack_words(error)
    if isinstance(error, DatabaseError):
        return f"The bot's database does not work: {error}"
    if isinstance(error, Busy):
        return "Too much is waiting for incident.io just now. Try again in a minute."
    return (
        "The bot made a mistake; that is not your fault. Tell its operator the "
        "reference: the log has the rest."
    )


def _incidentio(error: IncidentioError) -> str:
    """Say why, by the first kind in ``INCIDENTIO`` that fits."""
    for kind, words in INCIDENTIO.items():
        if isinstance(error, kind):
            return words(error)
    if isinstance(error, APIError) and error.problems:
        return f"incident.io says {_quoted(error)}."
    return "incident.io gave an answer the bot cannot use. Try again in a minute."


def _in(error: RateLimited) -> str:
    wait = error.retry_after
    if wait is None:
        return "in a minute"
    return f"in {max(int(wait.total_seconds()), 1)} s"


def _said(error: APIError) -> str:
    return f" (incident.io says {_quoted(error)})" if error.problems else ""


def _quoted(error: APIError) -> str:
    said = "; ".join(p.message.rstrip(".") for p in error.problems)
    return f"“{text.inline(said, 600)}”"


def _fields(error: Invalid) -> dict[str, str]:
    return {p.field: p.message for p in error.problems if p.field}


INCIDENTIO: dict[type[IncidentioError], Callable[[Any], str]] = {
    Unreachable: lambda _: "incident.io does not answer. Try again in a minute.",
    RateLimited: lambda e: f"incident.io is limiting requests. Try again {_in(e)}.",
    Unauthorized: lambda _: (
        "incident.io does not accept the bot's API key. Its operator must set a valid "
        "`INCIDENTIO_API_KEY`."
    ),
    Forbidden: lambda e: (
        f"The bot's API key may not do this{_said(e)}. An administrator of incident.io "
        "can add the role to the key."
    ),
    NotFound: lambda e: f"It does not exist, or no longer{_said(e)}.",
}

SLACK = {
    "channel_not_found": "Slack does not show the bot that channel; invite it there.",
    "not_in_channel": "The bot is not in that channel; invite it there.",
    "is_archived": "That channel is archived.",
    "user_not_found": "Slack does not know that person.",
    "expired_trigger_id": "Slack gives three seconds to open a form. Try again.",
    "trigger_expired": "Slack gives three seconds to open a form. Try again.",
    "ratelimited": "Slack is limiting the bot. Try again in a minute.",
}


def slack_words(error: SlackClientError) -> str:
    if isinstance(error, SlackApiError):
        code = str(error.response.get("error") or "")
        return SLACK.get(
            code, f"Slack refused it ({text.inline(code) or 'no reason'})."
        )
    return "Slack does not answer. Try again in a minute."

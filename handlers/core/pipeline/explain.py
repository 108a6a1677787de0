"""Explains an error to a person: what did not happen, why, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeGuard

from slack_sdk.errors import (
    SlackApiError,
    SlackClientError,
    SlackObjectFormationError,
)

from blocks.kit import text
from handlers.core.effect import CHECK, Effect
from handlers.core.problems import Busy, Denied, FieldErrors, Refusal
from incidentio.errors import (
    APIError,
    Forbidden,
    IncidentioError,
    Invalid,
    NotFound,
    RateLimited,
    Unauthorized,
    Unreachable,
    Withheld,
)
from slack.channels import is_direct
from slack.words import LACKING
from slack.words import explain as reason
from storage.errors import DatabaseError, Locked

OURS = "fault"
SERVER_ERROR = 500
USELESS = "incident.io gave an answer the bot cannot use."


class Cause(NamedTuple):
    """Why something failed, in mrkdwn, and when to try again, if that helps.

    ``said`` quotes the other side; it comes after what to do.
    """

    words: str
    again: str = ""
    said: str = ""

    def told(self, advice: str = "") -> str:
        """Return the reason in one piece, with an advice."""
        return " ".join(filter(None, [self.words, advice, self.said]))


SOON = "Try again in a minute."


@dataclass(frozen=True, slots=True)
class Explanation:
    """Words for the person in mrkdwn, and the outcome for the journal and metrics.

    ``outcome`` is ``refused`` (nothing was changed), ``unknown`` (perhaps something
    was) or ``fault`` (a mistake of the bot). ``fields`` has messages in plain text by
    the names of a form's fields.
    """

    words: str
    outcome: str
    fields: dict[str, str]
    request_id: str | None = None


def explain(
    error: Exception,
    *,
    effect: Effect,
    ref: str,
    made: bool = False,
    in_doubt: bool = False,
    where: str = "",
) -> Explanation:
    """Explain why ``effect`` was not reached, for any error.

    ``made``: something was changed before the error. ``in_doubt``: an earlier attempt
    may have reached the effect; the error of this attempt says nothing about that one.
    ``where``: the id of the conversation in which the person asked.
    """
    if isinstance(error, Refusal):
        if in_doubt:
            words = f"{effect.in_doubt} {_reason(error, in_doubt=True)}"
            return Explanation(words, "unknown", {})
        return _refused(error, effect, made=made)
    outcome = "unknown" if made or in_doubt else _outcome(error)
    if made:
        first = later_failed(effect)
    else:
        first = effect.whether if outcome == "unknown" else f"{effect.not_done}."
    cause = why(error, where)
    advice = CHECK if outcome == "unknown" else cause.again
    words = " ".join(filter(None, [first, cause.told(advice), f"(ref `{ref}`)"]))
    fields = _fields(error) if isinstance(error, Invalid) and not in_doubt else {}
    return Explanation(words, outcome, fields, getattr(error, "request_id", None))


def _refused(error: Refusal, effect: Effect, *, made: bool) -> Explanation:
    if made:
        words = _reason(error)
        if isinstance(error, FieldErrors):
            words = f"{later_failed(effect)} {words}"
        return Explanation(words, "unknown", {})
    if isinstance(error, FieldErrors):
        words = f"{effect.not_done}: {_reason(error)}"
        return Explanation(words, "refused", error.errors)
    if isinstance(error, Denied):
        return Explanation(f"{effect.not_done}. {error}", "refused", {})
    return Explanation(str(error), "refused", {})


def later_failed(effect: Effect) -> str:
    return f"{effect.done}, but a later step failed."


def _reason(error: Refusal, *, in_doubt: bool = False) -> str:
    """Return the reason in mrkdwn."""
    words = error.in_doubt if in_doubt else str(error)
    return text.escape(words) if isinstance(error, FieldErrors) else words


def _outcome(error: Exception) -> str:
    if isinstance(error, IncidentioError):
        return "unknown" if error.outcome_unknown else "refused"
    if isinstance(error, SlackObjectFormationError):
        return OURS
    if isinstance(error, SlackApiError):
        return OURS if error.response.get("error") in OUR_MISTAKES else "refused"
    if isinstance(error, DatabaseError):
        return "unknown" if error.may_be_stored else "refused"
    if isinstance(error, SlackClientError | Busy):
        return "refused"
    return OURS


OUR_MISTAKES = {
    "invalid_arguments",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_form_data",
    "invalid_json",
    "msg_too_long",
    "no_text",
}
"""Slack errors that only a fix of the bot can remove."""


def why(error: Exception, where: str = "") -> Cause:
    """Return why something failed; ``where`` as in ``explain``."""
    if isinstance(error, IncidentioError):
        return _incidentio(error)
    if _outcome(error) == OURS:
        return Cause(MISTAKE)
    if isinstance(error, SlackClientError):
        return _slack(error, where)
    if isinstance(error, DatabaseError):
        again = "Try again in a moment." if isinstance(error, Locked) else ""
        return Cause(f"The bot's database does not work. {error.words}", again)
    return Cause("Too much is waiting for incident.io just now.", SOON)


MISTAKE = (
    "The bot made a mistake. Tell its operator the reference: the log has the rest."
)


def _incidentio(error: IncidentioError) -> Cause:
    """Explain an error by the first class in ``INCIDENTIO`` that fits, if one does."""
    said = f"incident.io says {_quoted(error)}." if _has_words(error) else ""
    for kind, words in INCIDENTIO.items():
        if isinstance(error, kind):
            return Cause(words, _again(error), said if kind in QUOTED else "")
    if isinstance(error, Invalid) and not said:
        return Cause("incident.io refused it and did not say why.")
    if isinstance(error, APIError) and error.status < SERVER_ERROR:
        return Cause(
            "" if said else f"incident.io refused it ({error.status}).", "", said
        )
    return Cause("" if said else USELESS, SOON, said)


def _again(error: IncidentioError) -> str:
    """Return when to try again what failed in a way that passes, else ""."""
    if isinstance(error, RateLimited):
        return f"Try again {_wait(error)}."
    return SOON if isinstance(error, Unreachable) else ""


def _has_words(error: IncidentioError) -> TypeGuard[APIError]:
    return isinstance(error, APIError) and bool(error.problems)


def _wait(error: RateLimited) -> str:
    wait = error.retry_after
    if wait is None:
        return "in a minute"
    seconds = max(int(wait.total_seconds()), 1)
    return f"in {seconds} s" if seconds < 90 else f"in {text.duration(wait)}"


def _quoted(error: APIError) -> str:
    said = "; ".join(p.message.rstrip(".") for p in error.problems)
    return f"“{text.inline(said, 600)}”"


def _fields(error: Invalid) -> dict[str, str]:
    return {p.field: p.message for p in error.problems if p.field}


INCIDENTIO: dict[type[IncidentioError], str] = {
    Withheld: "The bot was stopped for too long.",
    Unreachable: "incident.io does not answer.",
    RateLimited: "incident.io is limiting requests.",
    Unauthorized: (
        "incident.io does not accept the bot's API key. Its operator must set a valid "
        "`INCIDENTIO_API_KEY`."
    ),
    Forbidden: (
        "The bot's API key may not do this. An administrator of incident.io can add "
        "the role to the key."
    ),
    NotFound: "That does not exist, or no longer does.",
}
QUOTED = (Forbidden, NotFound)
"""Where incident.io's own words say more: the role, or what is not there."""

SLACK = {
    "channel_not_found": "Slack does not show the bot that channel; invite it there.",
    "not_in_channel": "The bot is not in that channel; invite it there.",
    "is_archived": "That channel is archived.",
    "user_not_found": "Slack does not know that person.",
    "expired_trigger_id": "Slack gives three seconds to open a form.",
    "trigger_expired": "Slack gives three seconds to open a form.",
    "ratelimited": "Slack is limiting the bot.",
}
AGAIN = {
    "expired_trigger_id": "Try again.",
    "trigger_expired": "Try again.",
    "ratelimited": SOON,
}


UNSEEN = {"channel_not_found", "not_in_channel"}
BETWEEN_PEOPLE = (
    "The bot cannot take part in a direct message between people. Use a channel, or "
    "write to the bot itself."
)
ADD_SCOPE = (
    "Whoever manages the app in Slack can add it under *OAuth & Permissions* at "
    "<https://api.slack.com/apps>, and install the app again."
)


def slack_words(error: SlackClientError, where: str = "") -> str:
    """Say why Slack refused a call; ``where`` is a conversation."""
    return _slack(error, where).words


def _slack(error: SlackClientError, where: str) -> Cause:
    if not isinstance(error, SlackApiError):
        return Cause("Slack does not answer.", SOON)
    code = str(error.response.get("error") or "")
    if code in UNSEEN and is_direct(where):
        return Cause(BETWEEN_PEOPLE)
    clause = f"{text.inline(text.capital(reason(error)))}."
    known = SLACK.get(code, clause)
    words = f"{known} {ADD_SCOPE}" if code == LACKING else known
    return Cause(words, AGAIN.get(code, ""))

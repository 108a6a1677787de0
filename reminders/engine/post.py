"""Posts messages, and finds out whether a message was already posted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from slack_sdk.errors import SlackApiError, SlackClientError

from slack.client import SlackUnreachable, Withheld, only_while, retry_after
from slack.people import is_person
from slack.words import explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slack_sdk.web import SlackResponse

    from slack.client import SlackClient
    from storage.lease import Lease

log = logging.getLogger(__name__)

EVENT = "incidentio_bot_reminder"
"""The type of the message metadata that holds the id of the message's slot."""

SKEW = timedelta(hours=6)
"""How far the clock by which a message was sent may be ahead of Slack's."""

SHOWN_AFTER = timedelta(minutes=3)
"""After this time a sent message is found; before it, not finding it proves nothing."""

PAGE = 100
MOST_PAGES = 100

REMEDIES = {
    "channel_not_found": "Invite the bot to it",
    "not_in_channel": "Invite the bot to it",
    "is_archived": "Unarchive it",
    "restricted_action": "Ask an admin of Slack to allow it",
    "account_inactive": "Ask an admin of Slack to restore it",
    "user_disabled": "Ask an admin of Slack to restore it",
}
"""Errors that a retry does not change, with what a person can do about them."""

UNSURE = {
    "duplicate_message_not_found",
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
}
"""Failures inside Slack, after which the message may be there all the same."""

PASSING = {
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "access_denied",
    "team_access_not_granted",
}
"""Nothing was posted; these end with time, or when an admin repairs the app."""


@dataclass(eq=False)
class DeliveryError(Exception):
    """A message was not delivered; the fields say what follows from that."""

    reason: str
    maybe_sent: bool = False
    permanent: bool = False
    wait: timedelta | None = None
    """How long to wait before the next try; None: it is not known."""
    busy_channel: bool = False
    """Whether Slack takes no messages for the channel until then."""
    remedy: str | None = None
    """What the creator of the rule can do, as an imperative without a period."""


class Posted(NamedTuple):
    channel: str
    ts: str


class Poster:
    """Posts for an engine; ``event`` is the type in the metadata of its messages."""

    def __init__(self, slack: SlackClient, event: str = EVENT) -> None:
        self._slack = slack
        self._event = event

    def post(
        self,
        channel: str,
        slot_id: str,
        text: str,
        blocks: Sequence[dict[str, Any]],
        lease: Lease,
    ) -> Posted:
        """Post a message to a channel or a person, with its slot's id in the metadata.

        Nothing is sent once the lease is nearly over.

        Raises:
            DeliveryError: the message was not posted, or perhaps not.
        """
        marked = {"event_type": self._event, "event_payload": {"slot": slot_id}}
        try:
            with only_while(lease.lasts):
                answer = self._slack.chat_postMessage(
                    channel=channel,
                    text=text,
                    blocks=blocks,
                    metadata=marked,
                    # Slack does not promise to know it again; nothing relies on that.
                    client_msg_id=str(uuid5(NAMESPACE_OID, slot_id)),
                    unfurl_links=False,
                    unfurl_media=False,
                )
        except SlackClientError as error:
            raise delivery_error(error) from error
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def find(
        self,
        channel: str,
        slot_id: str,
        since: datetime,
        *,
        besides: Posted | None = None,
    ) -> Posted | None:
        """Return the message of a slot that was posted at ``since`` or later, if any.

        ``besides`` is a message to ignore.

        Raises:
            DeliveryError: the history could not be read; the message may be there.
        """
        try:
            conversation = self._conversation(channel)
        except SlackClientError as error:
            raise _doubt(error) from error
        found = self._search(conversation, slot_id, since, besides and besides.ts)
        return Posted(conversation, found) if found else None

    def delete(self, posted: Posted) -> None:
        """Delete a message, if it is still there.

        Raises:
            DeliveryError: Slack did not delete it.
        """
        try:
            self._slack.chat_delete(channel=posted.channel, ts=posted.ts)
        except SlackClientError as error:
            if _code(error) != "message_not_found":
                raise delivery_error(error) from error

    def _conversation(self, channel: str) -> str:
        """Return the id of the conversation: a person's own id has no history."""
        if not is_person(channel):
            return channel
        opened = self._slack.conversations_open(users=channel)
        return str(opened["channel"]["id"])

    def _search(
        self, channel: str, slot_id: str, since: datetime, besides: str | None
    ) -> str | None:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            try:
                answer = self._history(
                    channel=channel,
                    oldest=f"{(since - SKEW).timestamp():.6f}",
                    include_all_metadata=True,
                    limit=PAGE,
                    cursor=cursor,
                )
            except SlackClientError as error:
                raise _doubt(error) from error
            for message in answer.get("messages") or ():
                if self._slot_of(message) == slot_id and message["ts"] != besides:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        raise _doubt(SlackClientError("the history has no end"))

    def _history(self, *, channel: str, **asked: Any) -> SlackResponse:
        """Read a history; join the channel for it where that is necessary."""
        try:
            return self._slack.conversations_history(channel=channel, **asked)
        except SlackApiError as error:
            if _code(error) != "not_in_channel" or not self._joined(channel):
                raise
        return self._slack.conversations_history(channel=channel, **asked)

    def _joined(self, channel: str) -> bool:
        try:
            self._slack.conversations_join(channel=channel)
        except SlackClientError as error:
            log.warning("did not join %s: %s", channel, error)
            return False
        return True

    def _slot_of(self, message: dict[str, Any]) -> str | None:
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") != self._event:
            return None
        slot = (metadata.get("event_payload") or {}).get("slot")
        return None if slot is None else str(slot)

    def tell(self, person: str, words: str) -> None:
        """Send a direct message.

        Raises:
            SlackClientError: Slack did not take it.
        """
        self._slack.chat_postMessage(channel=person, text=words)


def _doubt(error: SlackClientError) -> DeliveryError:
    """Return the error for a search that failed: the message may be there."""
    failed = delivery_error(error)
    failed.maybe_sent, failed.busy_channel = True, False
    if _code(error) == "missing_scope":
        failed.permanent, failed.remedy = True, "Have the app installed again"
    return failed


def delivery_error(error: SlackClientError) -> DeliveryError:
    """Return what an error of Slack means for the delivery of a message."""
    if isinstance(error, Withheld):
        return DeliveryError("the bot was frozen for too long")
    if isinstance(error, SlackUnreachable):
        return DeliveryError("Slack did not answer", maybe_sent=error.sent)
    if not isinstance(error, SlackApiError):
        return DeliveryError(f"Slack: {error}", maybe_sent=True)
    code, status = _code(error), getattr(error.response, "status_code", 200)
    if status == 429 or code in PASSING:
        wait = retry_after(error)
        return DeliveryError(explain(error), wait=wait, busy_channel=wait is not None)
    if status >= 500 or code in UNSURE:
        return DeliveryError(f"Slack failed ({status})", maybe_sent=True)
    return DeliveryError(explain(error), permanent=True, remedy=REMEDIES.get(code))


def _code(error: SlackClientError) -> str:
    if not isinstance(error, SlackApiError):
        return ""
    return str(error.response.get("error") or "an unknown error")

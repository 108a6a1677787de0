"""Names of the kinds of rules, and their forms and descriptions in a channel."""

from __future__ import annotations

import logging
from collections.abc import Callable

from slack_sdk.errors import SlackApiError, SlackClientError

from blocks.kit import text
from handlers.core.command import Modal
from handlers.core.context import Context
from handlers.core.problems import Refusal
from reminders.digests.summary import SUMMARY
from reminders.ladder.sources import LADDER
from reminders.live.cadence import CADENCE
from reminders.live.nudges import NUDGE
from reminders.on_call.cover import CoverMessages
from reminders.on_call.gaps import GAPS
from reminders.on_call.handovers import HANDOVER
from reminders.on_call.shift_ends import ShiftEnds
from reminders.on_call.shifts import Shifts
from slack.channels import is_direct
from storage.personal_rules import OWNER
from storage.plans import UNPLANNED
from storage.rule import Rule
from storage.rules import CHANNEL
from storage.slot import CLAIMED, DUE, EMPTY, FAILED, SENT, SKIPPED, UNKNOWN

log = logging.getLogger(__name__)

KIND_NAMES = {
    CHANNEL: "reminder",
    SUMMARY: "weekly summary",
    OWNER: "daily digest",
    LADDER: "escalation ladder",
    CADENCE: "request for an update",
    NUDGE: "nudge",
    HANDOVER: "handover brief",
    GAPS: "warning of gaps",
    Shifts.name: "notice of a shift",
    ShiftEnds.name: "end of a shift",
    CoverMessages.name: "request for cover",
}
"""What a rule of each kind is called in the middle of a sentence."""

RESULTS = {
    DUE: "waits",
    CLAIMED: "is being sent",
    SENT: "sent",
    EMPTY: "there was nothing to say",
    SKIPPED: "not sent",
    FAILED: "not sent",
    UNKNOWN: "perhaps sent",
    UNPLANNED: "it is not known what is due",
}

CANNOT_LOOK = (
    " I am not in this channel, so after a failure I cannot check if a message"
    " arrived. Invite me, for example with `/invite`."
)

EDITORS: dict[str, Callable[[Context, Rule], Modal]] = {}
"""Functions that open the form of a rule, by kind; others get the reminder's form."""

DESCRIPTIONS: dict[str, Callable[[Context, Rule], str]] = {}
"""Functions that describe a rule, by kind; others are described as a reminder."""


def kind_name(kind: str) -> str:
    """Return what a rule of this kind is called, in the middle of a sentence."""
    return KIND_NAMES.get(kind, "message")


def is_listed(rule: Rule) -> bool:
    """Return whether people set and change rules of this kind in a channel."""
    return rule.kind == CHANNEL or rule.kind in EDITORS


def describe_result(state: str, why: str | None) -> str:
    """Describe what became of a message: ``not sent: the channel is archived``."""
    words = RESULTS.get(state, state)
    return f"{words}: {text.inline(why, 300)}" if why else words


def join_channel(ctx: Context, channel: str) -> str:
    """Join a public channel; return a warning if the bot could not, else "".

    Outside of a channel the bot may post, but cannot look whether its message arrived.
    """
    slack, member = ctx.services.slack, True
    try:
        known = slack.conversations_info(channel=channel)["channel"]
        member = bool(known.get("is_member") or known.get("is_im"))
        if not member:
            slack.conversations_join(channel=channel)
    except SlackClientError as error:
        log.warning("did not join %s: %s", channel, error)
        return "" if member else CANNOT_LOOK
    return ""


def check_channel(ctx: Context) -> None:
    """Refuse a reminder in a channel that the bot cannot post in."""
    try:
        ctx.services.slack.conversations_info(channel=ctx.channel)
    except SlackApiError as error:
        if error.response.get("error") != "channel_not_found" or is_direct(ctx.channel):
            raise
        raise Refusal(
            "The bot is not in this channel, so it could not post here. "
            "Invite it, for example with `/invite`, and set the reminder then. Group "
            "messages cannot have it: use a channel instead."
        ) from error

"""Tells the person who made a rule that it does not work."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError

from blocks.kit import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from reminders.engine.post import DeliveryError, Poster
    from storage.rule import Rule
    from storage.rules import Rules
    from storage.slot import Slot

log = logging.getLogger(__name__)

PATIENCE = timedelta(days=1)
"""How long a reminder may fail before its creator is told."""


class FailureNotices:
    def __init__(
        self,
        rules: Rules,
        poster: Poster,
        now: Callable[[], datetime],
        slash: str,
    ) -> None:
        self._rules = rules
        self._poster = poster
        self._now = now
        self._slash = slash

    def give_up(self, rule: Rule, reason: str, remedy: str) -> None:
        """Pause a rule that only a person can repair, and tell its creator how."""
        self._rules.pause(rule.id, reason)
        self._tell(
            rule,
            f"was not sent and is paused: {reason}. {remedy}, then press Resume in"
            f" `{self._slash} reminders`.",
        )

    def failed(self, rule: Rule, reason: str) -> None:
        """Tell the creator once when a rule has failed for a day; it is tried again."""
        if self._rules.claim_failure_notice(rule.id, self._now() - PATIENCE):
            log.error("reminder %s fails for a day: %s", rule.id, reason)
            self._tell(
                rule,
                f"has failed for a day: {text.inline(reason.rstrip('.'))}. The bot"
                " keeps trying;"
                f" `{self._slash} reminders` shows the latest result.",
            )

    def doubt(self, rule: Rule, slot: Slot, error: DeliveryError) -> None:
        """Tell the creator at once that it is unknown whether a message was sent."""
        remedy = f" {error.remedy}, and I can check next time." if error.remedy else ""
        self._tell(
            rule,
            f"due {text.when(slot.slot_at)} may have been sent, and I cannot check:"
            f" {error.reason}. Look there: it is not sent again.{remedy}",
        )

    def _tell(self, rule: Rule, words: str) -> None:
        if not rule.created_by:
            return
        name = f"“{text.inline(rule.name)}” " if rule.name else ""
        where = f"in {text.channel(rule.channel)} " if rule.channel else ""
        said = f"Your reminder {name}{where}{words} (ref {rule.id[:8]})"
        try:
            self._poster.tell(rule.created_by, said)
        except SlackClientError as error:
            log.warning("the creator of reminder %s was not told: %s", rule.id, error)

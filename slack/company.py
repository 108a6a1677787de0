"""The company that the app is installed in, and the people who belong to it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from slack.people import People

PATIENCE = 1.0
"""Seconds that a delivery waits while another one asks Slack."""
RETRY_AFTER = 5.0
"""Seconds before Slack is asked again after it did not answer."""

log = logging.getLogger(__name__)


class CompanyUnknown(SlackClientError):
    """Slack has not said yet which workspace the app is installed in."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The app's workspace and bot user, from ``auth.test``."""

    team: str
    enterprise: str | None
    bot_user: str


class Company:
    """Tells the people of our company from those of others.

    Ours are those of the workspace that the app is installed in, and of the other
    workspaces of its enterprise. ``auth.test`` is read once and kept.
    """

    def __init__(
        self,
        slack: WebClient,
        people: People,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slack = slack
        self._people = people
        self._clock = clock
        self._lock = Lock()
        self._installation: Installation | None = None
        self._not_before = -RETRY_AFTER

    def refresh(self) -> None:
        """Read ``auth.test`` unless it is known; log why it cannot be read."""
        try:
            self.installation()
        except SlackClientError as error:
            log.warning("Slack does not say whose app this is: %s", error)

    def installation(self) -> Installation:
        """Return where the app is installed; ask Slack if that is not known yet.

        Raises:
            SlackClientError: Slack does not say.
        """
        if self._installation is None:
            self._read()
        if self._installation is None:
            raise CompanyUnknown("Slack has not answered auth.test")
        return self._installation

    def includes(self, user: str, team: str | None) -> bool:
        """Return whether somebody is of our company.

        ``team`` is the id of their workspace or enterprise in the delivery; "": Slack
        does not know it; None: the delivery does not say. Slack is asked about the
        person where it is None, or may be another workspace of our enterprise.

        Raises:
            SlackClientError: it is not known whose app this is.
        """
        here = self.installation()
        if team and team in (here.team, here.enterprise):
            return True
        if team is None:
            return self._people.get(user).team == here.team or self._sister(user, here)
        return team.startswith("T") and self._sister(user, here)

    def _sister(self, user: str, here: Installation) -> bool:
        """Return whether somebody is of another workspace of our enterprise."""
        if here.enterprise is None:
            return False
        return self._people.get(user).enterprise == here.enterprise

    def _read(self) -> None:
        if not self._lock.acquire(timeout=PATIENCE):
            return
        try:
            if self._installation is None and self._clock() >= self._not_before:
                self._not_before = self._clock() + RETRY_AFTER
                self._installation = self._ask()
        finally:
            self._lock.release()

    def _ask(self) -> Installation:
        said = self._slack.auth_test()
        return Installation(
            team=str(said["team_id"]),
            enterprise=said.get("enterprise_id") or None,
            bot_user=str(said["user_id"]),
        )

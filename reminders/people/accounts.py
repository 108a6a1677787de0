"""Finds which account in incident.io belongs to which person in Slack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from blocks.kit.people import Standing
from incidentio.errors import IncidentioError
from reminders.sources.item_factory import Links

if TYPE_CHECKING:
    from incidentio import User
    from incidentio.cache.catalog import Catalog
    from slack.directory import SlackDirectory
    from slack.people import People, Person

MOST_ASKED = 12
"""The most people about whom Slack is asked one by one."""
DEACTIVATED, LEFT_SLACK = "deactivated", "deactivated in Slack"


class Accounts:
    """Finds accounts by the link that incident.io has, or else by email address.

    ``by_address``: an equal address also gives the rights of the account. It is off by
    default, for in some workspaces people can change their own address.
    """

    def __init__(
        self,
        catalog: Catalog,
        people: People,
        directory: SlackDirectory,
        *,
        by_address: bool = False,
    ) -> None:
        self._catalog = catalog
        self._people = people
        self.directory = directory
        self.by_address = by_address
        self._listed: Mapping[str, Person] = {}
        self._slack_ids: Mapping[str, str] = {}

    def of(self, slack_id: str) -> User | None:
        """Return a person's active account, by link or else by address, if any.

        Raises:
            IncidentioError: the accounts could not be read.
        """
        return self.linked(slack_id) or self.unlinked(slack_id)

    def trusted(self, slack_id: str) -> User | None:
        """Return the account whose rights a person in Slack has, if any."""
        return self.of(slack_id) if self.by_address else self.linked(slack_id)

    def linked(self, slack_id: str) -> User | None:
        """Return the active account that incident.io links to a person, if any.

        Of several it is the one with the person's address in Slack, else the newest.
        """
        found = self._catalog.with_slack_id(slack_id)
        if len(found) < 2:
            return next(iter(found), None)
        email = (self._people.get(slack_id).email or "").casefold()
        return next((u for u in found if (u.email or "").casefold() == email), found[0])

    def unlinked(self, slack_id: str) -> User | None:
        """Return the active account with the same address, if any.

        The returned account has the person's Slack id.
        """
        email = self._people.get(slack_id).email
        found = self._catalog.with_address(email) if email else ()
        user = next(iter(found), None)
        return user and user.model_copy(update={"slack_user_id": slack_id})

    def known_id(self, slack_id: str) -> str | None:
        """Return the id of the trusted account, if it is in memory: no request."""
        if not self._catalog.known("users"):
            return None
        asked = self._people.peek(slack_id) is not None
        user = (self.trusted if asked else self._catalog.user_by_slack)(slack_id)
        return user.id if user else None

    def links(self) -> Links:
        """Return the Slack ids of accounts that are found only by address."""
        try:
            users = self._catalog.users()
        except IncidentioError:
            return Links()
        found = ((u.id, self.slack_id(u)) for u in users if not u.slack_user_id)
        slack_ids = {id_: slack_id for id_, slack_id in found if slack_id}
        return Links(slack_ids, self.by_address)

    def standing(self, user: User) -> Standing:
        """Return how to reach a user in Slack, and whether they have left."""
        try:
            known = self._catalog.user(user.id) or user
            others = self._same(known)
        except IncidentioError:
            known, others = user, ()
        slack_id = self.slack_id(known) or user.slack_user_id
        if not known.is_active and not others:
            return Standing(slack_id, DEACTIVATED)
        left = slack_id is not None and self._has_left(slack_id)
        return Standing(slack_id, LEFT_SLACK if left else "")

    def look_up(self, users: Iterable[User | None]) -> None:
        """Ask Slack about users, so that ``standing`` knows whether they have left."""
        ids = dict.fromkeys(self.slack_id(user) for user in users if user)
        for slack_id in list(filter(None, ids))[:MOST_ASKED]:
            self._people.get(slack_id)

    def slack_id(self, user: User) -> str | None:
        """Return a user's Slack id, by address where no account is linked, if any."""
        if user.slack_user_id or not user.email:
            return user.slack_user_id
        listed = self.directory.peek()
        if listed is not self._listed:
            everybody = (p for p in listed.values() if p.email and not p.deleted)
            self._slack_ids = {str(p.email).casefold(): p.id for p in everybody}
            self._listed = listed
        return self._slack_ids.get(user.email.casefold())

    def _same(self, user: User) -> Sequence[User]:
        """Return all active accounts of the same person."""
        linked = user.slack_user_id and self._catalog.with_slack_id(user.slack_user_id)
        return linked or (self._catalog.with_address(user.email) if user.email else ())

    def _has_left(self, slack_id: str) -> bool:
        person = self._people.peek(slack_id) or self.directory.peek().get(slack_id)
        return person is not None and person.deleted

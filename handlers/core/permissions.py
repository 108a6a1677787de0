"""Permissions: three levels, from incident.io's roles or from the settings.

They are checked whenever something is run: when a form is opened or submitted, and for
every button, menu and list of options.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from slack_sdk.errors import SlackClientError

from blocks.kit import text
from handlers.core.problems import Denied
from incidentio import User
from incidentio.cache.catalog import Catalog
from reminders.people.accounts import Accounts
from slack.people import People
from slack.user_groups import UserGroups


class Level(IntEnum):
    """A level of permission, which includes the lower ones."""

    NONE = 0
    READ = 1
    RESPOND = 2
    ADMINISTER = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that people do, by its name in the settings, and its usual level."""

    name: str
    level: Level


def levels(named: Mapping[str, str]) -> dict[str, Level]:
    """Read levels from the words of the settings."""
    return {name: Level[word.upper()] for name, word in named.items()}


UNLINKED = (
    "incident.io has an account with your address, but does not link it to this Slack "
    "account. Connect the two in incident.io, or ask the bot's operator to set "
    "`PERMISSIONS_BY_EMAIL`."
)
FOR_GUESTS = "Guests in Slack may not do this."
NO_ACCOUNT = "none"
"""The role of people who have no account in incident.io."""
GUEST = "guest"
"""The role of guests in Slack, whatever theirs in incident.io."""

ROLES: Mapping[str, Level] = {
    NO_ACCOUNT: Level.READ,
    GUEST: Level.NONE,
    "viewer": Level.READ,
    "responder": Level.RESPOND,
    "administrator": Level.ADMINISTER,
    "owner": Level.ADMINISTER,
}
"""The usual levels by the slug of incident.io's own roles, of ``NO_ACCOUNT`` and of
``GUEST``. Any other role is treated as ``viewer``.
"""

GIVING = ("viewer", "responder", "administrator", "owner")
"""The roles of incident.io that people can be given, the lowest first."""

CUSTOM = "custom:"
"""In the settings, the prefix of a custom role whose slug is like one of ``ROLES``."""
EVERYONE = "everyone"
MOST_HELPERS = 3
MOST_ASKED = 10
"""The most people who are checked to name, in a refusal, those who can do it."""


@dataclass(frozen=True, slots=True)
class PermissionSettings:
    """The settings of permissions.

    ``roles``: levels by the slug of a role, also of custom roles. ``granted``: by
    level, the ids of users (``U…``), user groups (``S…``) and channels (``C…``) that
    have it, or ``everyone``. ``from_incidentio``: whether roles in incident.io count at
    all. ``operations``: levels by the name of an operation, in place of the declared
    ones. Levels are in words.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    granted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    from_incidentio: bool = True
    operations: Mapping[str, str] = field(default_factory=dict)


class PermissionPolicy:
    """Decides who may do what, by the settings and by roles in incident.io."""

    def __init__(
        self,
        rules: PermissionSettings,
        catalog: Catalog,
        accounts: Accounts,
        groups: UserGroups,
        people: People,
    ) -> None:
        self._from_incidentio = rules.from_incidentio
        self._roles = {**ROLES, **levels(rules.roles)}
        self._operations = levels(rules.operations)
        self._grants = [
            (level, who)
            for word, ids in rules.granted.items()
            for level, who in itertools.product([Level[word.upper()]], ids)
        ]
        self._catalog = catalog
        self._accounts = accounts
        self._groups = groups
        self._people = people

    def needed(self, operations: Iterable[Operation]) -> Level:
        """Return the level that is enough for all of the operations."""
        levels = (self._operations.get(one.name, one.level) for one in operations)
        return max(levels, default=Level.NONE)

    def check(
        self,
        user: str,
        channel: str,
        operations: Iterable[Operation],
        among: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Check that a person's level in a channel is enough for the operations.

        ``among`` takes a Slack id and returns whether a refusal may name that person as
        somebody who can help.

        Raises:
            Denied: the level is too low.
        """
        needed = self.needed(operations)
        if not self.allows(user, channel, needed):
            raise Denied(self.refusal(user, channel, needed, among))

    def level(self, user: str, channel: str) -> Level:
        """Return the highest level that a person has in a channel."""
        known = sorted(Level, reverse=True)
        return next(one for one in known if self.allows(user, channel, one))

    def allows(self, user: str, channel: str, needed: Level) -> bool:
        """Return whether a person has a level in a channel."""
        return needed == Level.NONE or self._allows(user, channel, needed)

    def _allows(self, user: str, channel: str, needed: Level) -> bool:
        """Check user groups last, as that asks Slack.

        A guest gets nothing that is granted to a channel or to everyone.
        """
        granted = self._granted(needed)
        if user in granted or self._by_role(user) >= needed:
            return True
        if {channel, EVERYONE} & {*granted} and not self._is_guest(user):
            return True
        groups = [who for who in granted if who.startswith("S")]
        return any(user in self._groups.members(group) for group in groups)

    def _is_guest(self, user: str) -> bool:
        return self._people.find(user).guest

    def _by_role(self, user: str) -> Level:
        if not self._from_incidentio:
            return Level.NONE
        if self._is_guest(user):
            return self._roles[GUEST]
        account = self._accounts.trusted(user)
        return max(self._roles.get(slug, Level.READ) for slug in roles_of(account))

    def refusal(
        self, user: str, channel: str, needed: Level, among: Callable[[str], bool]
    ) -> str:
        """Say what a person lacks, and whom to ask; ``among`` as in ``check``."""
        return f"{self._lacks(user, needed)} {self.ask(user, channel, needed, among)}"

    def _lacks(self, user: str, needed: Level) -> str:
        if not self._from_incidentio:
            return f"You need {self.need(needed)} to do this."
        if self._is_guest(user):
            return FOR_GUESTS
        if self._accounts.trusted(user):
            return f"You need {self.need(needed)} to do this."
        if self._accounts.unlinked(user):
            return UNLINKED
        return f"You need {self.need(needed)}, and have no account there."

    def need(self, level: Level) -> str:
        """Name what gives a level: a role of incident.io, or else the level."""
        known = (r for r in GIVING if self._roles[r] >= level)
        role = next(known, None) if self._from_incidentio else None
        if role is None:
            return f"the permission to *{level.word}*"
        return f"the {role.capitalize()} role in incident.io"

    def ask(
        self, user: str, channel: str, needed: Level, among: Callable[[str], bool]
    ) -> str:
        """Say whom to ask: people who have a level in a channel."""
        known = dict.fromkeys(who for who in self._candidates(needed) if who != user)
        asked = itertools.islice(filter(among, known), MOST_ASKED)
        able = (who for who in asked if self._can(who, channel, needed))
        named = [text.mention(who) for who in itertools.islice(able, MOST_HELPERS)]
        groups = [who for who in self._granted(needed) if who.startswith("S")]
        filled = (g for g in groups if any(map(among, self._groups.members(g))))
        named += [f"<!subteam^{id_}>" for id_ in itertools.islice(filled, MOST_HELPERS)]
        if not named:
            return "Ask the bot's operator."
        return f"Ask {text.listed(named, 'or')}."

    def _candidates(self, needed: Level) -> Iterator[str]:
        """Yield the Slack ids of people whom the settings or their roles let."""
        yield from (who for who in self._granted(needed) if who[:1] in "UW")
        if self._from_incidentio:
            able = (u for u in self._catalog.users() if self._able(u, needed))
            yield from (user.slack_user_id for user in able if user.slack_user_id)

    def _can(self, user: str, channel: str, needed: Level) -> bool:
        """Return whether somebody is active and may; False if Slack does not say."""
        try:
            there = not self._people.find(user).deleted
            return there and self._allows(user, channel, needed)
        except SlackClientError:
            return False

    def _able(self, user: User, needed: Level) -> bool:
        return any(self._roles.get(s, Level.READ) >= needed for s in roles_of(user))

    def _granted(self, needed: Level) -> list[str]:
        return [who for level, who in self._grants if level >= needed]


def roles_of(user: User | None) -> list[str]:
    """Return the slugs of somebody's roles in incident.io, at least one."""
    if user is None:
        return [NO_ACCOUNT]
    base = user.base_role.slug if user.base_role else user.role
    return [base, *(role.slug for role in user.custom_roles)]

"""The state of the workspace, behind one lock, on which one can wait for a change."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from math import inf
from threading import Condition
from typing import Any

from sandbox.company import CHANNELS, INCIDENTIO_APP, PEOPLE, Employee
from sandbox.slack.errors import Refused
from sandbox.slack.workspace.records import (
    BOT_NAME,
    BOT_USER,
    TEAM,
    Channel,
    Json,
    Message,
    User,
    View,
)

SETTING_UP = 30
"""Seconds in which an app says of what is there already what it has to say."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API by the app."""

    method: str
    args: Json
    error: str | None
    at: datetime


def member(employee: Employee) -> User:
    """Return an employee's user in Slack."""
    return User(
        employee.slack_id,
        employee.handle,
        employee.name,
        employee.email,
        employee.timezone,
        employee.active,
    )


def visitors() -> list[User]:
    """Return people who are not of the company: a guest, and another company's."""
    guest = User("U0GIA", "gia", "Gia Rossi", "gia@agency.example", "Europe/Rome")
    other = User("U0OLE", "ole", "Ole Hansen", "ole@globex.example", "Europe/Oslo")
    guest.guest, other.team = "one channel", "T0GLOBEX"
    return [guest, other]


def users_of(people: Iterable[Employee]) -> dict[str, User]:
    """Return the users of a workspace of these people: them, and the apps."""
    bot = User(BOT_USER, BOT_NAME, BOT_NAME, "", "UTC", is_bot=True)
    vendor = User(INCIDENTIO_APP, "incidentio", "incident.io", "", "UTC", is_bot=True)
    members = {employee.slack_id: member(employee) for employee in people}
    return members | {BOT_USER: bot, INCIDENTIO_APP: vendor}


@dataclass
class Workspace:
    now: Callable[[], datetime]
    people: InitVar[Sequence[Employee]] = PEOPLE
    changed: Condition = field(default_factory=Condition)
    version: int = 0
    begun: str = field(default_factory=lambda: secrets.token_hex(4))
    """What tells this workspace from those of other starts."""
    users: dict[str, User] = field(init=False)
    channels: dict[str, Channel] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[str, View] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    toasts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unsupported_blocks: set[str] = field(default_factory=set)
    """Types of blocks that Slack has not released to this workspace yet."""
    unknown_methods: set[str] = field(default_factory=set)
    """Methods that the app called and the stand-in does not have."""
    _first_act: float = inf
    _last_ts: int = 0

    def __post_init__(self, people: Sequence[Employee]) -> None:
        self._set_up = self.now().timestamp() + SETTING_UP
        self.users = users_of(people)
        for known in CHANNELS:
            members = set(known.members) or self._everybody()
            members |= {BOT_USER} if known.has_bot else set()
            self.channels[known.slack_id] = Channel(
                known.slack_id, known.name, private=known.private, members=members
            )

    def _everybody(self) -> set[str]:
        people = self.users.values()
        return {user.id for user in people if user.active and not user.is_bot}

    def touch(self) -> None:
        """Count a visible change, and wake those who wait for one."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()

    def wait(self, seen: int, timeout: float) -> int:
        """Return the version once it differs from ``seen``, or after ``timeout``."""
        with self.changed:
            self.changed.wait_for(lambda: self.version != seen, timeout)
            return self.version

    def next_ts(self) -> str:
        with self.changed:
            micros = int(self.now().timestamp() * 1_000_000)
            self._last_ts = max(micros, self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def act(self) -> None:
        """Note that somebody does something."""
        with self.changed:
            self._first_act = min(self._first_act, float(self.next_ts()))

    def news_from(self, channel: str) -> float:
        """Return the ts from which what apps say in a channel is news.

        Before, somebody has done nothing yet, or the first day is still being set up.
        """
        direct = self.channels[channel].im_with
        return max(self._first_act, 0 if direct else self._set_up)

    def new_id(self, prefix: str) -> str:
        return prefix + secrets.token_hex(5).upper()

    def record_violation(self, what: str) -> None:
        with self.changed:
            self.violations.append(what)

    def toast(self, user: str, text: str) -> None:
        with self.changed:
            self.toasts[user].append(text)
        self.touch()

    def user(self, id_or_handle: str) -> User:
        wanted = id_or_handle.lstrip("@")
        for user in self.users.values():
            if wanted in (user.id, user.handle):
                return user
        raise LookupError(f"nobody is called {id_or_handle!r}")

    def channel(self, id_or_name: str) -> Channel:
        wanted = id_or_name.lstrip("#")
        for channel in list(self.channels.values()):
            if wanted in (channel.id, channel.name):
                return channel
        raise LookupError(f"no channel is called {id_or_name!r}")

    def sees(self, user: str, channel: Channel) -> bool:
        """Return whether somebody sees a channel; guests and others only their own."""
        member = self.users[user]
        limited = bool(member.guest) or member.team != TEAM
        return user in channel.members or (channel.visible_to(user) and not limited)

    def dm(self, user: str) -> Channel:
        """Return the app's conversation with a user, opened when it is new."""
        with self.changed:
            id_ = "D" + user.removeprefix("U")
            members = {user, BOT_USER}
            fresh = Channel(id_, "", private=True, members=members, im_with=user)
            return self.channels.setdefault(id_, fresh)

    def write(self, channel: Channel, user: str, **content: Any) -> Message:
        """Add a message of a user to a channel, and return it."""
        content.setdefault("is_bot", user == BOT_USER)
        message = Message(self.next_ts(), channel.id, user, **content)
        with self.changed:
            channel.messages.append(message)
        self.touch()
        return message

    def edit(self, message: Message, **content: Any) -> None:
        with self.changed:
            for name, value in content.items():
                setattr(message, name, value)
            message.edited = True
        self.touch()

    def delete(self, message: Message) -> None:
        with self.changed:
            kept = self.channels[message.channel].messages
            if message in kept:
                kept.remove(message)
        self.touch()

    def view(self, view_id: str) -> View:
        """Return an open modal or a home. Raises: Refused when it is not open."""
        with self.changed:
            stacked = [view for stack in self.stacks.values() for view in stack]
            for view in (*stacked, *self.homes.values()):
                if view.id == view_id:
                    return view
        raise Refused("not_found")

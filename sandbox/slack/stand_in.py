"""The stand-in of Slack: its state, its server, and the people in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from flask import Flask

from sandbox.company import incident_channel
from sandbox.slack.delivery.courier import Delivery
from sandbox.slack.faults import Drop, Fault
from sandbox.slack.manifest import Manifest
from sandbox.slack.server import create_server
from sandbox.slack.state import SlackState
from sandbox.slack.users.interactions import Interactions
from sandbox.slack.users.person import Person
from sandbox.slack.workspace.records import BOT_USER, Channel, Message
from sandbox.slack.workspace.store import Call


class SlackSandbox(SlackState):
    """A workspace with people in it, and the one app that is installed there.

    ``url`` is where ``wsgi`` is served.
    """

    @cached_property
    def wsgi(self) -> Flask:
        return create_server(self)

    def install(self, app: Manifest) -> None:
        """Let another app be the one that is installed."""
        self.app_name = app.name
        self.command = app.commands[0] if app.commands else ""
        self.commands = set(app.commands)
        self.shortcuts = tuple(app.shortcuts)
        self.escapes = app.escapes
        self.installed_scopes, self.installed_events = app.scopes, app.events
        self.reset()

    @property
    def interactions(self) -> Interactions:
        return Interactions(self)

    # -- people and channels

    def person(self, handle: str) -> Person:
        return Person(self, handle)

    def deactivate(self, handle: str) -> None:
        """Let somebody leave: their account stays, and takes no messages any more."""
        self.workspace.user(handle).active = False

    def channel(self, id_or_name: str) -> Channel:
        return self.workspace.channel(id_or_name)

    def add_channel(
        self,
        id_: str,
        name: str,
        *,
        private: bool = False,
        members: Iterable[str] = (),
        has_bot: bool = True,
    ) -> Channel:
        """Add a channel; ``members`` are Slack ids or handles, none means everybody."""
        named = {self.workspace.user(member).id for member in members}
        inside = named or set(self.workspace.channel("general").members)
        inside = inside | {BOT_USER} if has_bot else inside - {BOT_USER}
        channel = Channel(id_, name, private=private, members=inside)
        with self.workspace.changed:
            self.workspace.channels[id_] = channel
        self.workspace.touch()
        return channel

    def open_incident_channel(
        self,
        number: int,
        name: str,
        private: bool = False,
        member_slack_ids: Iterable[str] = (),
    ) -> Channel:
        """Add the channel that incident.io creates for an incident, with the app."""
        title = f"inc-{number}-{slug(name)}"
        return self.add_channel(
            incident_channel(number),
            title[:80].rstrip("-"),
            private=private,
            members=member_slack_ids,
        )

    def messages(self, channel: str) -> list[Message]:
        """Return all messages of a channel, everybody's ephemeral ones included."""
        return list(self.workspace.channel(channel).messages)

    # -- what was done to it

    @property
    def calls(self) -> list[Call]:
        return self.workspace.calls

    @property
    def violations(self) -> list[str]:
        """Mistakes of the app that Slack hides or shows as failures."""
        return self.workspace.violations

    # -- what it does to the app

    def tick(self) -> list[Delivery]:
        """Send the retries of events that are due, and return them."""
        return self.events.tick()

    def redeliver(
        self, delivery: Delivery, times: int = 1, *, at_once: int | None = None
    ) -> list[Delivery]:
        """Deliver copies of a delivery, one after another or ``at_once``."""
        copies = [delivery.again() for _ in range(at_once or times)]
        deliver = self.interactions.deliver
        if not at_once:
            return [deliver(copy) for copy in copies]
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(deliver, copies))

    def fail(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        delay: float = 0,
        drop: Drop = False,
        times: int | None = None,
        after: bool = False,
    ) -> None:
        """Make calls of a method fail (``chat.update``, ``chat.*``, ``response_url``).

        ``drop``: hang up before the call is carried out, or "after" it. ``after``: let
        the call be carried out before it fails.
        """
        fault = Fault(method, error, status, retry_after, delay, drop, times, after)
        self.faults.add(fault)

    def clear_faults(self) -> None:
        self.faults.clear()


def slug(name: str) -> str:
    """Return a channel's name for a title: lower case, ASCII, hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "incident"

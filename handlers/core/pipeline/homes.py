"""Publishes people's Home tabs, and keeps those that were opened lately up to date.

Each process does so: it knows at once what it changed itself and what it was told by
webhooks; it finds the rest by drawing tabs again every few minutes. The database
decides which process publishes a tab, and what is published already is not published
again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Lock
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.blocks import DividerBlock

from blocks.kit import messages, text
from handlers.core.command import HomePart, Reply
from handlers.core.context import Context, Services
from handlers.core.pipeline.execution import execute
from reminders.engine.veil import references
from slack.client import only_while, retry_after
from storage.errors import DatabaseError
from storage.home_tabs import HomeTab
from storage.lease import Lease

log = logging.getLogger(__name__)

RECENTLY = timedelta(minutes=30)
"""How long after it was opened a tab is kept up to date."""
AGAIN = timedelta(minutes=2)
"""How often a tab is drawn again although no change is known of.

What a process remembers of incident.io is not older than this, so no process puts back
what another has replaced.
"""
AT_ONCE = 8
"""Tabs that one tick draws: Slack takes about a hundred a minute."""
MOST = 200
"""The most tabs that are drawn after a change; the others wait for ``AGAIN``."""
SAID = timedelta(minutes=1)
"""How long the outcome of a press stays."""
TRIES, PAUSE = 4, 0.5
"""How often, and after how many seconds, a tab is tried that is being published."""
TIDY, KEPT = timedelta(days=1), timedelta(days=180)
STRANGER = Reply("Only people of the bot's own workspace can use it.")

DIVIDER = DividerBlock().to_dict()

Blocks = list[dict[str, Any]]


class Homes:
    """Draws and publishes Home tabs, from the parts that handlers declare."""

    def __init__(self, services: Services, parts: Sequence[HomePart]) -> None:
        self._services = services
        self._parts = parts
        self._tabs = services.home_tabs
        self._changed = Event()
        self._waiting: dict[str, int] = {}
        """Whose tabs are to be drawn again, and how often that failed."""
        self._said: dict[str, tuple[Reply, datetime]] = {}
        self._lock = Lock()
        self._not_before: datetime | None = None
        self._tidied_at: datetime | None = None

    def open(self, person: str) -> None:
        """Publish the tab that a person has just opened, or else as soon as it goes."""
        try:
            self._tabs.record_opened(person, self._services.now())
        except DatabaseError as error:
            log.warning("a Home tab was not drawn: %s", error)
        else:
            if not self.publish(person):
                self._first(person, 1)

    def touch(self) -> None:
        """Let the next tick draw the tabs again: something may have changed."""
        self._changed.set()

    def hide(self, references: Sequence[str]) -> None:
        """Let the tabs be drawn again that name incidents that are private now."""
        self._services.catalog.forget("live_incidents")
        for reference in references:
            self._wait_for(self._tabs.naming(reference))

    def _wait_for(self, people: Iterable[str]) -> None:
        with self._lock:
            self._waiting |= dict.fromkeys(people, 0)

    def _first(self, person: str, failed: int) -> None:
        """Let the next tick begin with a tab that could not be published."""
        with self._lock:
            self._waiting.pop(person, None)
            self._waiting = {person: failed, **self._waiting}

    def tick(self) -> None:
        """Draw some of the tabs that were opened lately and may have changed."""
        try:
            self._tick(self._services.now())
        except DatabaseError as error:
            log.warning("Home tabs wait: %s", error)

    def publish(self, person: str, said: Reply | None = None) -> bool:
        """Draw a person's tab and publish it; False if it was not published.

        ``said`` is the outcome of what they pressed there, to be shown above.
        """
        if said is not None:
            with self._lock:
                self._said[person] = said, self._services.now() + SAID
        try:
            return self._publish(person)
        except (DatabaseError, SlackClientError) as error:
            log.warning("a Home tab was not published: %s", error)
            return False

    def _publish(self, person: str) -> bool:
        for attempt in range(TRIES):
            if attempt:
                self._services.sleep(PAUSE)
            tab = self._tabs.get(person)
            if tab is None:
                return False
            lease = self._tabs.claim(tab)
            if lease is not None and self._published(tab, lease):
                return True
        return False

    def _tick(self, now: datetime) -> None:
        since = now - RECENTLY
        if self._changed.is_set():
            self._changed.clear()
            tabs = self._tabs.opened_since(since, MOST)
            self._wait_for(tab.person for tab in tabs)
        old = self._tabs.opened_since(since, AT_ONCE, drawn_by=now - AGAIN)
        due = [*self._waiting, *(tab.person for tab in old)]
        for person in list(dict.fromkeys(due))[:AT_ONCE]:
            if self._not_before and now < self._not_before:
                break
            self._draw_again(person)
        self._tidy(now)

    def _draw_again(self, person: str) -> None:
        """Publish a tab; if that fails, let a later tick try, a few times at most."""
        with self._lock:
            failed = self._waiting.pop(person, 0)
        if not self.publish(person) and failed < TRIES:
            self._first(person, failed + 1)

    def _tidy(self, now: datetime) -> None:
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            self._tabs.prune(now - KEPT)
            self._tidied_at = now
        with self._lock:
            self._said = {p: one for p, one in self._said.items() if one[1] > now}

    def _published(self, tab: HomeTab, lease: Lease) -> bool:
        """Publish a claimed tab unless it shows all that there is already.

        False: another process published it meanwhile. After an error it is not known
        what is published: the next try publishes without Slack's hash.
        """
        began = self._services.now()
        blocks = self._draw(tab.person)
        shown, view_hash, named = (
            _fingerprint(blocks),
            tab.view_hash,
            references(blocks),
        )
        record = partial(self._tabs.record_drawn, tab, lease, began)
        try:
            if shown != tab.fingerprint:
                with only_while(lease.lasts):
                    view_hash = self._put(tab, blocks)
        except SlackClientError as error:
            either = {*named, *(tab.named or ())}
            record(fingerprint="", view_hash=None, named=sorted(either))
            if not self._is_overtaken(error):
                raise
            return False
        return record(fingerprint=shown, view_hash=view_hash, named=named)

    def _put(self, tab: HomeTab, blocks: Blocks) -> str | None:
        given = {"hash": tab.view_hash} if tab.view_hash else {}
        view = {"type": "home", "callback_id": "home", "blocks": blocks}
        answer = self._services.slack.views_publish(
            user_id=tab.person, view=view, **given
        )
        return (answer.get("view") or {}).get("hash")

    def _is_overtaken(self, error: SlackClientError) -> bool:
        """Return whether the tab was published by somebody else; note how to wait."""
        if not isinstance(error, SlackApiError):
            return False
        if wait := retry_after(error):
            self._not_before = self._services.now() + wait
        return bool(error.response.get("error") == "hash_conflict")

    def _draw(self, person: str) -> Blocks:
        ctx = Context(self._services, person, "", "", secrets.token_hex(4))
        try:
            if not self._services.company.includes(person, None):
                return _blocks(STRANGER)
        except SlackClientError as error:
            log.warning("it cannot be told who is ours: %s", error)
        above = [messages.section(said.text)] if (said := self._saying(person)) else []
        drawn = [block.to_dict() for block in above]
        for block in self._all_parts(ctx):
            if block.get("type") != "context" or block not in drawn:
                drawn.append(block)
        return drawn[: text.BLOCKS_IN_VIEW]

    def _saying(self, person: str) -> Reply | None:
        with self._lock:
            said, until = self._said.get(person, (None, self._services.now()))
        return said if until > self._services.now() else None

    def _all_parts(self, ctx: Context) -> Blocks:
        """Return the blocks of all parts that the person may see.

        Where they may see none, or nothing can be read, it is said why, once.
        """
        done = [execute(ctx, partial(p.run, ctx), p.flags) for p in self._parts]
        allowed = [one for one in done if not one.denied]
        if all(one.explained for one in allowed):
            allowed = done[:1]
        replies = [one.outcome for one in allowed if isinstance(one.outcome, Reply)]
        parts = [blocks for reply in replies if (blocks := _blocks(reply))]
        return [block for part in parts for block in (*part, DIVIDER)][:-1]


def _blocks(reply: Reply) -> Blocks:
    drawn = reply.blocks or ([messages.section(reply.text)] if reply.text else [])
    return [b if isinstance(b, dict) else b.to_dict() for b in drawn]


def _fingerprint(blocks: Blocks) -> str:
    return hashlib.sha256(json.dumps(blocks, sort_keys=True).encode()).hexdigest()

"""``audit``: what was done through the bot, by whom, and what was refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace

from blocks import audit as view
from blocks.audit import AuditLine
from blocks.kit import messages, text
from handlers.core.arguments.resolve import FIRST, Page, Raw
from handlers.core.command import Effect, Group, Reply
from handlers.core.context import Context
from handlers.core.notes import NOT_YET
from handlers.core.permissions import Level
from incidentio import Incident, Incidentio
from incidentio.errors import IncidentioError
from incidentio.lookup import normal
from slack.people import NAMELESS
from storage.entry import Entry

group = Group("audit", "Audit", level=Level.ADMINISTER)

ON_A_PAGE = 25
MOST_READ = 2000
"""The most entries that are searched for words, the newest first."""

_MENTION = re.compile(r"<@(\w+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#(\w+)(?:\|[^<>]*)?>")


@group.command(
    "audit",
    level=Level.ADMINISTER,
    effect=Effect("The audit", "shown"),
    aliases=["audit log"],
    says=["who changed", "who did", "who deleted", "changes log"],
)
def audit(ctx: Context, words: Raw | None = None, page: Page = FIRST) -> Reply:
    """Show what was done and refused, and by whom; all, or what matches words."""
    asked = [_bare(word) for word in (words or "").split()]
    search = Search(ctx, asked)
    found = search.page(page)
    shown = [_named(ctx, entry) for entry in found[:ON_A_PAGE]]
    more = len(found) > ON_A_PAGE
    about = f" with “{text.inline(words, 100)}”" if words else ""
    heading = f"*Audit*{about}, the newest first"
    if search.spent:
        heading += f". Only the newest {MOST_READ:,} were searched"
    at = f"audit {words}" if words else "audit"
    turner = messages.pager(at, page, more=more)
    alone = page == FIRST and len(found) == 1
    blocks = view.listing(shown, heading, ctx.slash, alone=alone)
    return Reply(view.summary(heading, shown), [*blocks, *turner])


def _named(ctx: Context, entry: AuditLine) -> AuditLine:
    """Put names in place of the mentions in an outcome; nothing where Slack has none.

    A cell of a table shows no mention but its first.
    """

    def name(mention: re.Match[str]) -> str:
        known = ctx.services.people.get(mention[1]).name
        return "" if known == NAMELESS else text.inline(known, 80)

    said = _MENTION.sub(name, entry.outcome or "")
    return replace(entry, outcome=" ".join(said.split()))


def _bare(word: str) -> str:
    """Return the id of a mentioned channel; any other word as it is."""
    found = _CHANNEL.fullmatch(word)
    return found[1] if found else word


@dataclass
class Search:
    """One search of the journal, which reads each incident once, and only if needed."""

    ctx: Context
    words: Sequence[str]
    spent: bool = False
    """Whether it stopped before the end of the journal."""
    _asked: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    def page(self, number: int) -> list[AuditLine]:
        """Return the entries of a page, and one more if there is another page."""
        skipped = (number - 1) * ON_A_PAGE
        if not self.words:
            search = self.ctx.services.audit.search
            return self._lines(search(limit=ON_A_PAGE + 1, offset=skipped))
        found: list[AuditLine] = []
        for fits in self._fitting():
            found.append(fits)
            if len(found) > skipped + ON_A_PAGE:
                break
        return found[skipped:]

    def _fitting(self) -> Iterator[AuditLine]:
        """Yield the entries with all the words; a veiled one as far as it is shown."""
        also = {word: self._meant(word) for word in self.words}
        for offset in range(0, MOST_READ, ON_A_PAGE):
            entries = self.ctx.services.audit.search(
                [_MENTION.sub(r"\1", word) for word in self.words],
                {_MENTION.sub(r"\1", word): ids for word, ids in also.items()},
                limit=ON_A_PAGE,
                offset=offset,
            )
            for entry, drawn in zip(entries, self._lines(entries), strict=True):
                if all(self._holds(entry, drawn, w, also[w]) for w in self.words):
                    yield drawn
            if len(entries) < ON_A_PAGE:
                return
        self.spent = True

    def _lines(self, entries: Sequence[Entry]) -> list[AuditLine]:
        new = incident_ids(entries) - self._asked
        self._asked |= new
        incidents = readable(self.ctx.api, new)
        self._seen |= {i.id for i in self.ctx.directory.visible(incidents)}
        return [line(entry, self._seen) for entry in entries]

    def _meant(self, word: str) -> list[str]:
        """Return the Slack ids of people, and the states, that a word may mean."""
        states = [s for s, said in view.SPOKEN.items() if normal(word) in said.split()]
        if _MENTION.fullmatch(word) or word in states:
            return states
        people = self.ctx.catalog.users()
        named_so = [u for u in people if normal(word) in normal(u.name)]
        ids = map(self.ctx.services.accounts.slack_id, named_so)
        return [*states, *filter(None, ids)]

    def _holds(
        self, entry: Entry, drawn: AuditLine, word: str, also: Sequence[str]
    ) -> bool:
        if mention := _MENTION.fullmatch(word):
            return entry.actor == mention[1]
        if word.lower() in view.SPOKEN:
            return (
                entry.state == word.lower() or word.lower() in entry.operation.split()
            )
        if entry.actor in also or entry.state in also:
            return True
        if drawn.ref and entry.id.startswith(word.lower()):
            return True
        said = " ".join(_columns(entry, drawn))
        return normal(word) in normal(said)


def _columns(entry: Entry, drawn: AuditLine) -> Iterable[str]:
    """Return the texts of an entry to search, without those that are veiled."""
    yield from (entry.actor, entry.account or "", entry.operation)
    yield from (drawn.target or "", drawn.outcome or "")
    yield from (drawn.channel or "", drawn.request_id or "")
    for name, values in drawn.changes.items():
        yield from (name, *map(str, values))


PARALLEL_READS = 8
"""Incidents that are read at the same time."""


def incident_ids(entries: Iterable[Entry]) -> set[str]:
    """Return the ids of the incidents that entries are about."""
    return {e.incident_id for e in entries if e.incident_id}


def readable(api: Incidentio, ids: Iterable[str]) -> list[Incident]:
    """Read incidents anew, each once; leave out those that cannot be read."""

    def show(id_: str) -> Incident | None:
        try:
            return api.incidents.show(id_)
        except IncidentioError:
            return None

    wanted = set(ids) - {NOT_YET}
    if not wanted:
        return []
    with ThreadPoolExecutor(min(PARALLEL_READS, len(wanted))) as pool:
        reading = [pool.submit(copy_context().run, show, id_) for id_ in sorted(wanted)]
        return [found for one in reading if (found := one.result())]


def line(entry: Entry, seen: Iterable[str]) -> AuditLine:
    """Return an entry as a line; ``seen`` are the incidents that the reader may see."""
    who = (entry.accepted_at, entry.actor, entry.operation, entry.state)
    if entry.incident_id and entry.incident_id not in seen:
        return AuditLine(*who, veiled=True)
    return AuditLine(
        *who,
        target=entry.target,
        changes=entry.changes or {},
        outcome=entry.outcome,
        channel=entry.channel,
        ref=entry.ref,
        request_id=entry.request_id,
    )

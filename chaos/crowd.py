"""People who fill in forms, and submit them again when they are told of a failure."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Any

from sandbox.company import Employee
from sandbox.slack.users.person import Person
from sandbox.slack.workspace.records import BOT_USER

if TYPE_CHECKING:
    from sandbox.incidentio.state.store import Store
    from sandbox.world import World

PARALLEL_PEOPLE = 24
LOOK = 0.2
"""Seconds from one look at the screen to the next."""
OPENS_WITHIN = 6.0
"""Seconds for a form to open, before a person asks again."""
PATIENCE = 330.0
"""Seconds that a person waits for an outcome."""
MOST_PRESSES = 30
LONGEST_PAUSE = 8.0
"""Seconds that a person waits at most before pressing again."""

DENIED = re.compile(r"\bThe [\w -]+ (?:was|were|did) not \w+")
UNTOLD = re.compile(r"<#\w+(?:\|[^>]*)?> was not told")
"""Says that the channel was not told."""
FORM = re.compile(r"The form \w+ not")
"""Says that nothing was written."""
DOUBTED = re.compile(r"not known|may have been|might have been|unknown")


@dataclass(frozen=True, slots=True)
class WriteKind:
    """A kind of write: how it is asked for, and what it makes."""

    line: str
    """The command line; ``{title}`` stands for the title."""
    fields: Callable[[str], dict[str, Any]]
    titles: Callable[[Store], Iterable[str]]
    """Returns the titles of all things of this kind in incident.io."""
    done: tuple[str, ...] = ("{title}",)
    """The words of the answer that says that it was done, any of them."""


def _names(rows: Iterable[Any]) -> list[str]:
    return [str(row["name"]) for row in rows]


KINDS = {
    "declare": WriteKind(
        "/io declare {title}",
        lambda _: {"severity": "Low"},
        lambda org: [r.name for r in org.incidents],
    ),
    "followup": WriteKind(
        "/io followup new INC-29 {title}",
        lambda _: {},
        lambda org: [r.title for r in org.follow_ups],
    ),
    "action": WriteKind(
        "/io action new INC-29 {title}",
        lambda _: {},
        lambda org: [str(r.description) for r in org.actions],
    ),
    "role": WriteKind(
        "/io role create",
        lambda title: {
            "name": title,
            "description": "Of chaos.",
            "shortform": "c" + re.sub(r"\D", "", title),
        },
        lambda org: _names(org.roles),
    ),
    "field": WriteKind(
        "/io field create",
        lambda title: {"name": title, "description": "Of chaos."},
        lambda org: _names(org.custom_fields),
    ),
}


DAILY_KINDS = KINDS | {
    "update": WriteKind(
        "/io update INC-29",
        lambda title: {"message": title},
        lambda org: [str(r.message) for r in org.updates],
        # The second is what is said when another process has to say it.
        done=("An update on ", "Done for <@{person}>"),
    ),
    "page": WriteKind(
        "/io page",
        lambda title: {"title": title, "people": ["jo"]},
        lambda org: [r.title for r in org.escalations],
    ),
}
"""What people write on a working day, besides."""


@dataclass(eq=False)
class Write:
    """One thing that one person wants to be made, and the answers to that person."""

    kind: str
    title: str
    person: Person
    asked_at: float = 0.0
    presses: int = 0
    """The number of times that the form was submitted."""
    announced: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    """Answers that were not true at that moment."""
    ended_at: float = 0.0
    touched_at: float = 0.0
    """The time of the last act or answer."""
    heard: dict[tuple[str, str], float] = field(default_factory=dict)
    """What was said, in which message or form, and when it was first seen."""

    @property
    def asked(self) -> bool:
        return self.presses > 0


class Crowd:
    """Many people, each of whom writes one thing.

    All have accounts from the start, so that the bot knows them when it starts.
    """

    def __init__(
        self,
        world: World,
        people: int = 60,
        parallel: int = PARALLEL_PEOPLE,
        kinds: Mapping[str, WriteKind] = KINDS,
    ) -> None:
        self._world = world
        self._kinds = kinds
        self._serial = count(1)
        self.people = [self._hire(number) for number in range(1, people + 1)]
        self._next = iter(self.people)
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="person")
        self._futures: list[Future[None]] = []
        self.writes: list[Write] = []
        self.stopped = False
        self.gate = Event()
        """People who have their form submit it only when it is set."""
        self.gate.set()

    def ask(self, kind: str, *, press: int = 1) -> Write:
        """Let the next person ask for a thing.

        Each submission is delivered ``press`` times at once.
        """
        number = next(self._serial)
        write = Write(kind, f"Chaos {kind} {number:04d}", next(self._next))
        self.writes.append(write)
        self._futures.append(self._pool.submit(self._live, write, press))
        return write

    def quiet(self, seconds: float) -> bool:
        """Return whether nobody who still waits has acted or heard in these seconds."""
        since = time.monotonic() - seconds
        busy = [write for write in self.writes if not write.ended_at]
        return all(write.touched_at < since for write in busy)

    def close(self) -> None:
        """Stop everybody. Raises the first error in their own code, if there is one."""
        self.stopped = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        for future in self._futures:
            if not future.cancelled():
                future.result()

    def count_made(self, write: Write) -> int:
        """Count the things with the title of a write in incident.io."""
        with self._world.incidentio.wsgi.work:
            titles = self._kinds[write.kind].titles(self._world.incidentio.store)
            return list(titles).count(write.title)

    def screen(self, write: Write) -> str:
        """Return the last things on the person's screen, for the report."""
        modal = write.person.modal
        said = [words for _, words in self._said_to(write)]
        shown = [modal.words] if modal else []
        return " / ".join([*said[-1:], *shown, *write.person.toasts[-1:]])

    def told_in_public(self, write: Write) -> int:
        """Return the most announcements of a write in any one channel.

        The pinned card of an incident is none; there must be one of it, too.
        """
        where = Counter(
            (message.channel, bool(message.pinned_by))
            for channel in list(self._world.slack.workspace.channels.values())
            for message in list(channel.messages)
            if message.user == BOT_USER
            and not message.ephemeral
            and write.title in message.text
        )
        return max(where.values(), default=0)

    # -- one person

    def _hire(self, number: int) -> Person:
        """Give somebody accounts in both services; they may do everything."""
        handle, slack_id = f"chaos{number}", f"U0CHAOS{number}"
        name, id_ = f"Person {number}", f"01HCHAOS{number:018d}"
        newcomer = Employee(handle, name, slack_id, "Europe/Paris", id_, "owner")
        self._world.hire(newcomer)
        self._world.slack.channel("incidents").members.add(slack_id)
        return self._world.slack.person(slack_id)

    def _live(self, write: Write, press: int) -> None:
        until = time.monotonic() + PATIENCE
        while not self._over(until) and not write.announced:
            self._close_failed(write)
            if write.person.modal is None and not self._open(write, until):
                return
            self._submit(write, press)
            self._listen(write, until)
        write.ended_at = time.monotonic()

    def _over(self, until: float) -> bool:
        return self.stopped or time.monotonic() > until

    def _close_failed(self, write: Write) -> None:
        """Close the modal that says that the form could not be opened."""
        modal = write.person.modal
        if modal is not None and not modal.submit and FORM.search(modal.words):
            write.person.closes()

    def _open(self, write: Write, until: float) -> bool:
        """Ask for the form until it opens; return False if it never does."""
        line = self._kinds[write.kind].line.format(title=write.title)
        while not self._over(until):
            write.person.types(line)
            write.touched_at = time.monotonic()
            again = time.monotonic() + OPENS_WITHIN
            while time.monotonic() < again:
                if write.person.modal is not None:
                    return True
                time.sleep(LOOK)
        return False

    def _submit(self, write: Write, press: int) -> None:
        """Submit the form, unless it was replaced by one that only asks to wait."""
        self.gate.wait(PATIENCE)
        modal = write.person.modal
        if modal is None or not modal.submit:
            return
        write.asked_at = write.asked_at or time.monotonic()
        write.touched_at = time.monotonic()
        write.presses += 1
        values = self._kinds[write.kind].fields(write.title)
        if press > 1:
            write.person.submit_at_once(press, **values)
        else:
            write.person.submits(**values)

    def _listen(self, write: Write, until: float) -> None:
        """Wait for an outcome, or for a form that can be submitted again."""
        denied = len(write.denied)
        while not self._over(until):
            self.hear(write)
            if write.announced:
                return
            modal = write.person.modal
            if modal is None and len(write.denied) > denied:
                return
            if modal is not None and not modal.submit and FORM.search(modal.words):
                time.sleep(LOOK)
                return
            if modal is not None and modal.submit and write.presses < MOST_PRESSES:
                time.sleep(min(1.5**write.presses, LONGEST_PAUSE))
                return
            time.sleep(LOOK)

    def hear(self, write: Write) -> None:
        """Record what this person was told since the last look."""
        for place, words in self._said_to(write):
            if (place, words) not in write.heard:
                write.touched_at = write.heard[place, words] = time.monotonic()
                self._note(write, words)

    def _said_to(self, write: Write) -> Iterable[tuple[str, str]]:
        for message in write.person.sees():
            if message.user != BOT_USER:
                continue
            words = f"{message.text}\n{message.words}"
            mine = message.ephemeral_to == write.person.id
            direct = message.channel == f"D{write.person.id.removeprefix('U')}"
            if mine or direct or write.title in words:
                yield message.ts, words
        modal = write.person.modal
        if modal is not None:
            said = [*_sections(modal.blocks), *modal.errors.values()]
            yield modal.id, "\n".join(said)

    def _note(self, write: Write, words: str) -> None:
        """Record an answer by its kind, and whether it is true now."""
        if FORM.search(words):
            return
        if DOUBTED.search(words):
            write.doubted.append(words)
        elif DENIED.search(words):
            write.denied.append(words)
            self._check_true(write, words, made=False)
        elif self._says_done(write, words):
            write.announced.append(words)
            self._check_true(write, words, made=True)

    def _says_done(self, write: Write, words: str) -> bool:
        named = {"title": write.title, "person": write.person.id}
        done = self._kinds[write.kind].done
        return any(part.format(**named) in words for part in done)

    def _check_true(self, write: Write, words: str, *, made: bool) -> None:
        untold = UNTOLD.search(words) and self.told_in_public(write)
        if untold or made != bool(self.count_made(write)):
            write.false.append(words)


def _sections(blocks: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Yield the texts of a form that are not inputs."""
    for block in blocks:
        if block["type"] in {"section", "context"}:
            parts = [block.get("text"), *block.get("elements", ())]
            yield from (str(p["text"]) for p in parts if p and "text" in p)

"""Newer blocks, which Slack brings to one workspace after another.

A newer block carries, under ``PLAIN``, the plain blocks that are sent in its place, and
the type without which they are: its own, or that of a newer block beside it. A refusal
is definite: nothing was posted or opened, so sending again does it once. What Slack
took and refused is remembered for a day.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from slack_sdk.errors import SlackApiError, SlackClientError

from remembered.values import Remembered

PLAIN = "plain"

VALID_FOR = timedelta(days=1)
"""How long a decision counts. Then a refused type is tried again."""
CACHED_FOR = timedelta(minutes=1)
"""How long stored decisions, also of other processes, are cached."""

MOST = {"blocks": 50, "view": 100}
"""The most blocks of a message and of a view."""

UNSUPPORTED = re.compile(r"unsupported type: (\w+)")
IN_VIEW = "json-pointer:/view/blocks"

T = TypeVar("T")
Json = dict[str, Any]

log = logging.getLogger(__name__)


class Decision(NamedTuple):
    """Whether Slack took a type of block, and when it said so."""

    taken: bool
    at: datetime


class Decisions(Protocol):
    """Stores decisions by type of block: whether Slack took it, and when."""

    def read(self) -> Mapping[str, tuple[bool, datetime]]: ...

    def enter(self, types: Collection[str], taken: bool, at: datetime) -> None: ...

    def forget(self, types: Collection[str]) -> None: ...


class OwnDecisions:
    """Decisions in memory, for one process."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bool, datetime]] = {}

    def read(self) -> Mapping[str, tuple[bool, datetime]]:
        return dict(self._known)

    def enter(self, types: Collection[str], taken: bool, at: datetime) -> None:
        self._known |= dict.fromkeys(types, (taken, at))

    def forget(self, types: Collection[str]) -> None:
        for name in types:
            self._known.pop(name, None)


class BlockSupport:
    """Knows which types of blocks the workspace takes, and sends accordingly.

    ``failures`` are exceptions of ``decisions`` that do not prevent a message.
    """

    def __init__(
        self,
        decisions: Decisions | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        failures: type[Exception] | tuple[type[Exception], ...] = (),
    ) -> None:
        self._decisions = decisions or OwnDecisions()
        self._now = now
        self._failures = failures
        self._known: Remembered[None, Mapping[str, Decision]] = Remembered(
            self._read,
            lifetime=CACHED_FOR,
            now=now,
            failures=failures,
        )

    def send(self, body: Json, post: Callable[[Json], T]) -> T:
        """Return what ``post`` returns for a message, or for a body with a view.

        Where Slack refuses newer blocks, ``post`` is called again with plain ones.

        Raises:
            SlackClientError: what the last call raised.
        """
        newer = {block[PLAIN]["without"] for block in _blocks(body) if PLAIN in block}
        if not newer:
            return post(body)
        known = self._current()
        tried = {name for name in newer if name not in known or known[name].taken}
        return self._try(body, post, tried)

    def _try(self, body: Json, post: Callable[[Json], T], tried: set[str]) -> T:
        try:
            answer = post(_with(body, tried))
        except SlackClientError as error:
            refused = _refused(error, tried)
            if not refused:
                raise
            log.warning("Slack refused %s: %s", ", ".join(sorted(refused)), error)
        else:
            self._enter(tried - {*self._current()}, taken=True)
            return answer
        self._enter(refused, taken=False)
        return self._without(body, post, tried - refused, refused)

    def _without(
        self, body: Json, post: Callable[[Json], T], left: set[str], refused: set[str]
    ) -> T:
        """Try the types ``left``. If that fails too, the others were not the cause."""
        try:
            return self._try(body, post, left)
        except SlackClientError as error:
            if _said(error) is not None:
                self._store(lambda: self._decisions.forget(refused))
            raise

    def certain(self, view: Json) -> Json:
        """Return a view for an acknowledgement, which Slack does not answer.

        It has the newer blocks that Slack is known to take, and plain ones for others.
        """
        taken = {name for name, known in self._current().items() if known.taken}
        return {**view, "blocks": drawn(view["blocks"], taken)[: MOST["view"]]}

    def _read(self, _: None) -> Mapping[str, Decision]:
        return {name: Decision(*it) for name, it in self._decisions.read().items()}

    def _current(self) -> Mapping[str, Decision]:
        """Return the decisions that still count; none if they cannot be read."""
        try:
            known = self._known.get(None)
        except self._failures as error:
            log.warning("it is not known which blocks Slack takes: %s", error)
            return {}
        since = self._now() - VALID_FOR
        return {name: made for name, made in known.items() if made.at > since}

    def _enter(self, types: Collection[str], *, taken: bool) -> None:
        if types:
            at = self._now()
            self._store(lambda: self._decisions.enter(types, taken, at))

    def _store(self, store: Callable[[], None]) -> None:
        try:
            store()
        except self._failures as error:
            log.warning("which blocks Slack takes was not stored: %s", error)
        self._known.forget(None)


def _blocks(body: Json) -> list[Json]:
    shown = body.get("view") or body
    return shown.get("blocks") or []


def _with(body: Json, taken: Collection[str]) -> Json:
    """Return a body with the newer blocks of these types, and plain ones for others."""
    if view := body.get("view"):
        blocks = drawn(view["blocks"], taken)[: MOST["view"]]
        return {**body, "view": {**view, "blocks": blocks}}
    return {**body, "blocks": drawn(body["blocks"], taken)[: MOST["blocks"]]}


def drawn(blocks: Iterable[Json], taken: Collection[str]) -> list[Json]:
    """Return the blocks for a workspace that takes these types of newer blocks."""
    return [one for block in blocks for one in _fitting(block, taken)]


def _fitting(block: Json, taken: Collection[str]) -> Iterator[Json]:
    if PLAIN not in block:
        yield block
    elif block[PLAIN]["without"] in taken:
        yield {key: value for key, value in block.items() if key != PLAIN}
    else:
        yield from block[PLAIN]["blocks"]


def _refused(error: SlackClientError, tried: Collection[str]) -> set[str]:
    """Return the tried types that an error of Slack is about.

    These are all, if Slack refused the blocks and did not say which.
    """
    said = _said(error)
    if said is None:
        return set()
    named = set(UNSUPPORTED.findall(said))
    return named & {*tried} if named else {*tried}


def _said(error: SlackClientError) -> str | None:
    """Return what Slack says about refused blocks. None: the error is another one."""
    if not isinstance(error, SlackApiError):
        body = str(getattr(error, "body", ""))
        return body if "invalid_blocks" in body else None
    details = error.response.get("response_metadata") or {}
    said = "\n".join(str(line) for line in details.get("messages") or ())
    match error.response.get("error"):
        case "invalid_blocks":
            return said
        case "invalid_arguments" if IN_VIEW in said:
            return said
    return None

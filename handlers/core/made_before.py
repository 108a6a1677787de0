"""Finds what an earlier attempt may have made, and what was made twice.

Most writes of incident.io take no idempotency key, so a second attempt looks first. An
attempt that was frozen while its request left looks afterwards: another process may
have made the same thing meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from slack_sdk.models.blocks import Block

from blocks.kit import messages, text
from handlers.core.command import Reply
from handlers.core.context import Context
from handlers.core.effect import CHECK
from incidentio.errors import IncidentioError, Withheld

log = logging.getLogger(__name__)

SKEW = timedelta(minutes=5)
"""The most that incident.io's clock and ours may differ."""
ARRIVES = 5.0
"""Seconds for the rest of a request to arrive when the process goes on."""
MOST_TWINS = 5
WHY = (
    "the bot was stopped for too long in the middle of it, and another process of the "
    "bot made it too"
)


class Identified(Protocol):
    @property
    def id(self) -> str: ...


class Dated(Identified, Protocol):
    @property
    def created_at(self) -> datetime | None: ...


T = TypeVar("T")
D = TypeVar("D", bound=Dated)
N = TypeVar("N", bound=Identified)


@dataclass(frozen=True, slots=True)
class Makes(Generic[T]):
    """One thing that a person wants to be made."""

    named: str
    """Its name in mrkdwn, as “The role *Scribe*”."""
    delete: str
    """The command that deletes one like it, by its id."""
    listed: Callable[[], Iterable[T]]
    """Reads all things like it."""
    same: Callable[[T], bool]
    cached: str | None = None
    """The list of the catalog that it is in."""


def made_before(
    ctx: Context, listed: Callable[[], Iterable[T]], same: Callable[[T], bool]
) -> T | None:
    """Return the first of ``listed()`` that is the ``same`` as what is to be made.

    ``listed`` is called only if an earlier attempt may have made something.
    """
    if not ctx.in_doubt:
        return None
    return next((one for one in listed() if same(one)), None)


def made_lately(
    ctx: Context, listed: Callable[[], Iterable[D]], same: Callable[[D], bool]
) -> D | None:
    """Return what ``made_before`` finds, if created since the first attempt began."""
    since = begun(ctx)
    return made_before(ctx, listed, lambda one: _created(one) >= since and same(one))


def make_once(ctx: Context, makes: Makes[D], make: Callable[[], D]) -> D:
    """Make a thing and return it, unless an earlier attempt has made it lately."""
    before = made_lately(ctx, makes.listed, makes.same)
    return before or make_watched(ctx, makes, make, begun(ctx))


def make_watched(
    ctx: Context,
    makes: Makes[N],
    make: Callable[[], N],
    since: datetime | None = None,
) -> N:
    """Make a thing and return it; look whether another process has made it too.

    Those created before ``since`` do not count. The person is told in
    ``Context.doubles``.
    """
    try:
        made = make()
    except IncidentioError as error:
        if error.outcome_unknown and not isinstance(error, Withheld):
            _look(ctx, makes, since)
        raise
    finally:
        if makes.cached:
            ctx.catalog.expire(makes.cached)
    _look(ctx, makes, since)
    return made


def _look(ctx: Context, makes: Makes[N], since: datetime | None) -> None:
    if ctx.may_write():
        return
    ctx.services.sleep(ARRIVES)
    try:
        alike = [one for one in makes.listed() if makes.same(one)]
    except IncidentioError as error:
        log.warning("not looked for twice: %s", error, extra={"ref": ctx.ref})
        words = f"{makes.named} may have been made twice: {WHY}. {CHECK}"
        ctx.doubles.append(Reply(words))
        return
    twins = [one for one in alike if since is None or _created(one) >= since]
    if len(twins) > 1:
        log.warning("made %d times", len(twins), extra={"ref": ctx.ref})
        times = "twice" if len(twins) == 2 else text.count(len(twins), "time")
        words = f"{makes.named} was made {times}: {WHY}. Delete what was made later:"
        ctx.doubles.append(Reply(words, _drawn(makes, words, twins)))


def _drawn(makes: Makes[N], words: str, twins: Sequence[N]) -> Sequence[Block]:
    """Draw all but the oldest, each with a button that deletes it."""
    later = sorted(twins, key=_created)[1:][:MOST_TWINS]
    return [messages.section(words), *(_deletable(makes, one) for one in later)]


def _deletable(makes: Makes[N], one: N) -> Block:
    at = _created(one)
    when = f", {text.when(at)}" if at > NEVER else ""
    said = f"Made later{when}: {text.code(one.id)}"
    sure = f"{makes.named} that was made last is deleted."
    button = messages.button(
        "Delete", f"{makes.delete} {one.id}", style="danger", sure=sure
    )
    return messages.section(said, beside=button)


NEVER = datetime.min.replace(tzinfo=UTC)


def _created(one: object) -> datetime:
    return getattr(one, "created_at", None) or NEVER


def begun(ctx: Context) -> datetime:
    """Return the earliest time, by incident.io's clock, that the attempt began at."""
    return (ctx.in_doubt_since or ctx.now) - SKEW

"""Asks colleagues for cover, reminds those who do not answer, and says how it went.

The messages are entered with the request, each for its time: see ``storage.covers``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from blocks.kit import text
from blocks.on_call import cover as view
from blocks.on_call.cover import Cover
from blocks.on_call.shift_notices import title
from incidentio.on_call.coverage import LEAST, Span, without
from reminders.calendar.quiet import quiet
from reminders.engine.delivery_policy import chosen, zone_of
from reminders.engine.kinds import Answer, Kind, Later, Nothing, RenderContext
from reminders.on_call.handovers import GONE
from reminders.on_call.rota import AGAIN, ROTA, UNREAD
from reminders.people.directory import DISTURBED
from reminders.sources.snapshot import DataSource
from storage.covers import DECLINED, RULE, WITHDRAWN, key_of
from storage.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from blocks.kit.messages import Message
    from incidentio.on_call.rota import Rota
    from reminders.sources.snapshot import Reader, Reading
    from storage.covers import CoverRequest, Covers
    from storage.rule import Rule

COVERS: DataSource[Mapping[str, CoverRequest]] = DataSource("covers", {})
"""The requests for cover, by their ids."""

ASK, REMIND, STATE, OVER = "ask", "remind", "state", "over"
"""What a message is for; part of the keys of slots, so it must never change."""

DRAWN = "drawn"
"""The key in ``shown`` of which state of a request a message shows."""

UNWANTED = "the person wants no messages now"
AT_LEAST = timedelta(minutes=10)
"""How long colleagues have before they are reminded."""
AT_MOST = timedelta(hours=4)


def covers(stored: Covers) -> Reader[Mapping[str, CoverRequest]]:
    def read(_: Reading) -> Mapping[str, CoverRequest]:
        return stored.all()

    return read


def notices(request: CoverRequest) -> Iterator[Notice]:
    """Yield all messages about a new request, each for its time."""
    yield _notice(request, STATE, request.asker, request.created_at)
    wait = min((request.expires_at - request.created_at) / 2, AT_MOST)
    for person in request.people:
        yield _notice(request, ASK, person, request.created_at)
        if wait >= AT_LEAST:
            yield _notice(request, REMIND, person, request.created_at + wait)
    yield _notice(request, OVER, request.asker, request.expires_at)


def _notice(request: CoverRequest, what: str, to: str, at: datetime) -> Notice:
    key = f"{key_of(request.id)}{what}/{to}"
    return Notice(key, to, at, {"request": request.id, "what": what})


def stamp(request: CoverRequest, now: datetime) -> str:
    """Return what tells apart the states that messages show."""
    late = now >= request.expires_at
    return f"{request.version}{'+' if late else ''}"


def left(request: CoverRequest, now: datetime) -> list[Span]:
    """Return the hours from now on in which nobody is known to be on call instead."""
    open_ = [Span(max(request.start_at, now), request.end_at)]
    made = [Span(take.start, take.end) for take in request.taken if take.made]
    found = without(open_, made)
    return [span for span in found if span.end - span.start >= LEAST]


def drawn(request: CoverRequest, place: str, now: datetime) -> Cover:
    """Return a request as messages show it."""
    made = [take for take in request.taken if take.made]
    asked = [
        (i, w) for i, w in request.colleagues.items() if i not in {t.by for t in made}
    ]
    rest = left(request, now)
    return Cover(
        id=request.id,
        place=place,
        schedule_id=request.schedule_id,
        asker=request.asker,
        whole=Span(request.start_at, request.end_at),
        left=rest,
        taken=[(take.by, Span(take.start, take.end)) for take in made],
        declined=[id_ for id_, who in asked if who.answer == DECLINED],
        silent=[id_ for id_, who in asked if who.answer is None],
        over=_over(request, rest, now),
    )


def _over(request: CoverRequest, rest: Collection[Span], now: datetime) -> str:
    if request.state == WITHDRAWN:
        return view.WITHDRAWN
    if any(take.made for take in request.taken) and not rest:
        return view.TAKEN
    return "" if request.is_open(now) else view.EXPIRED


class CoverMessages(Kind):
    name = RULE
    grace = timedelta(days=1)
    urgent = True
    """It waits for quiet hours to end itself, where there is time."""
    poll_interval = timedelta(days=1)
    singleton = True

    def sources(self, rule: Rule) -> Collection[str]:  # noqa: ARG002
        return {COVERS.name, ROTA.name}

    def compose(self, context: RenderContext) -> Answer:
        found = self._found(context)
        if isinstance(found, Nothing | Later):
            return found
        what, cover = (context.slot.params or {})["what"], found
        if what == OVER and not (cover.over == view.EXPIRED and cover.left):
            return Nothing(f"it is {cover.over or 'open still'}")
        held = _held(context, cover) if what in (ASK, REMIND) else None
        return held or self._drawn(context, cover)

    def redraw(self, context: RenderContext) -> Message | None:
        found = self._found(context)
        return self._drawn(context, found) if isinstance(found, Cover) else None

    def _found(self, context: RenderContext) -> Cover | Nothing | Later:
        requests, rotas = context.snapshot.get(COVERS), context.snapshot.get(ROTA)
        request = requests.get((context.slot.params or {})["request"])
        if request is None:
            return Nothing("it was forgotten")
        if request.schedule_id in rotas.failed:
            return Later(context.now + AGAIN, UNREAD)
        rota = rotas.by_id.get(request.schedule_id)
        if rota is None:
            return Nothing(GONE)
        cover = drawn(request, _place(rota, request), context.now)
        return replace(cover, busy=_busy(request, rotas.by_id))

    def _drawn(self, context: RenderContext, cover: Cover) -> Message:
        slot, what = context.slot, (context.slot.params or {})["what"]
        request = context.snapshot.get(COVERS)[cover.id]
        if what == STATE:
            message = view.state(cover, slot.id)
        elif what == OVER:
            message = view.over(cover)
        else:
            message = view.asked(cover, slot.channel, slot.id, again=what == REMIND)
        return message._replace(shown={DRAWN: stamp(request, context.now)})


def _held(context: RenderContext, cover: Cover) -> Nothing | Later | None:
    """Return why a colleague is not asked now, or not any more.

    In quiet hours and do-not-disturb they are asked only where it cannot wait, and not
    reminded: the question may be waiting too.
    """
    person, now = context.slot.channel, context.now
    reminds = (context.slot.params or {})["what"] == REMIND
    if cover.over:
        return Nothing(f"it is {cover.over}")
    if reminds and person not in cover.silent:
        return Nothing("they have answered")
    hours = chosen(person, context.snapshot).quiet
    span = quiet(now, zone_of(person, context.snapshot), hours) if hours else None
    disturbed = context.snapshot.get(DISTURBED).get(person, now)
    until = max(span.ends if span else now, disturbed)
    expires_at = context.snapshot.get(COVERS)[cover.id].expires_at
    if now < until <= expires_at - AT_LEAST:
        return Nothing(UNWANTED) if reminds else Later(until, UNWANTED)
    return None


def _place(rota: Rota, request: CoverRequest) -> str:
    layer = rota.layer_names.get((request.rotation_id, request.layer_id), "")
    return ", ".join(
        filter(None, [title(rota), text.inline(layer, 100) if layer else ""])
    )


def _busy(request: CoverRequest, rotas: Mapping[str, Rota]) -> Mapping[str, str]:
    found = {
        slack_id: [title(rotas[id_]) for id_ in who.busy if id_ in rotas]
        for slack_id, who in request.colleagues.items()
    }
    return {slack_id: text.listed(names) for slack_id, names in found.items() if names}

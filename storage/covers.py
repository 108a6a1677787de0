"""Requests for cover: somebody asks colleagues to be on call in their place.

A request and what everybody answered is one row, which a transaction locks: of two
people who take the same hours at once, one gets them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from storage.notices import Notice, enter_notice
from storage.rule import ACTIVE
from storage.slot import SENT, Slot
from storage.sql import (
    affected,
    claim_row,
    get_value,
    insert,
    read_values,
    release_row,
    value_of,
)
from storage.tables import CoverRequestRow as Row
from storage.tables import RuleRow, SlotRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.database import Database
    from storage.lease import Lease

RULE = "cover"
"""The id of the rule of all messages about requests, and its kind."""
OPEN, WITHDRAWN = "open", "withdrawn"
DECLINED = "declined"

KEPT = timedelta(days=30)
"""How long a request is kept after the time that it was about."""
WATCHED = timedelta(days=1)
"""How long the messages about a request are kept up to date after its last change."""
LEASE = timedelta(minutes=2)
ABANDONED = timedelta(minutes=10)
"""How long hours are reserved for somebody who is about to take them."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is asked. ``answer``: ``DECLINED``, or None as long as unknown."""

    user_id: str
    """Their id in incident.io."""
    busy: tuple[str, ...] = ()
    """The ids of other schedules in which they are on call meanwhile."""
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """Hours that a colleague takes. ``made``: the override is known to exist."""

    by: str
    """A Slack id."""
    start: datetime
    end: datetime
    at: datetime
    """When they took them."""
    made: bool = False


@dataclass(frozen=True, slots=True)
class CoverRequest:
    id: str
    asker: str
    """A Slack id."""
    schedule_id: str
    rotation_id: str
    layer_id: str
    start_at: datetime
    end_at: datetime
    created_at: datetime
    expires_at: datetime
    state: str
    people: Mapping[str, Any]
    """Who is asked, by Slack id, as JSON: see ``colleagues``."""
    takes: Sequence[Any]
    """As JSON: see ``taken``."""
    version: int
    """Grows with each change."""

    @property
    def colleagues(self) -> Mapping[str, Colleague]:
        return {
            slack_id: Colleague(who["user_id"], tuple(who["busy"]), who.get("answer"))
            for slack_id, who in self.people.items()
        }

    @property
    def taken(self) -> list[Take]:
        """Return the hours that colleagues take, in order."""
        found = [
            Take(
                take["by"],
                _moment(take["start"]),
                _moment(take["end"]),
                _moment(take["at"]),
                take["made"],
            )
            for take in self.takes
        ]
        return sorted(found, key=lambda take: take.start)

    def is_open(self, now: datetime) -> bool:
        return self.state == OPEN and now < self.expires_at


class Covers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self,
        request: CoverRequest,
        notices: Sequence[Notice],
        now: datetime,
    ) -> CoverRequest:
        """Store a request, and enter slots for its messages, in one transaction.

        If there is one with this id, return that one as it is.
        """
        rule = {
            "id": RULE,
            "kind": RULE,
            "created_at": now,
            "options": {},
            "state": ACTIVE,
        }
        with self._database.write() as session:
            session.execute(delete(Row).where(Row.end_at < now - KEPT))
            session.execute(
                insert(session, RuleRow).values(rule).on_conflict_do_nothing()
            )
            new = insert(session, Row).values({**_values(request), "changed_at": now})
            made = new.on_conflict_do_nothing().returning(Row)
            if session.scalars(made).one_or_none() is not None:
                known = session.get_one(RuleRow, RULE)
                for notice in notices:
                    enter_notice(session, known, notice, now)
            return value_of(CoverRequest, session.get_one(Row, request.id))

    def get(self, request_id: str) -> CoverRequest | None:
        return get_value(self._database, CoverRequest, Row, request_id)

    def all(self) -> Mapping[str, CoverRequest]:
        """Return the requests that are kept, by their ids."""
        with self._database.read() as session:
            rows = session.scalars(select(Row))
            return {row.id: value_of(CoverRequest, row) for row in rows}

    def open_of(self, asker: str, now: datetime) -> list[CoverRequest]:
        """Return the requests of a person that colleagues may still answer."""
        mine = select(Row).where(
            Row.asker == asker, Row.state == OPEN, Row.expires_at > now
        )
        return read_values(self._database, CoverRequest, mine)

    def reserve(self, request_id: str, wanted: Take) -> tuple[Take | None, bool]:
        """Reserve hours for a colleague, so that nobody else takes them meanwhile.

        Return what is reserved for them, and whether it is new: they may have tried
        before. None: others take some of these hours, or the request is over.
        """
        with self._database.write() as session:
            row = _locked(session, request_id)
            if row is None:
                return None, False
            request = value_of(CoverRequest, row)
            there = [take for take in request.taken if _overlap(take, wanted)]
            own = [take for take in there if take.by == wanted.by]
            if own:
                return own[0], False
            if not request.is_open(wanted.at):
                return None, False
            if any(take.made or wanted.at - take.at < ABANDONED for take in there):
                return None, False
            kept = [take for take in request.taken if take not in there]
            _change(row, wanted.at, takes=[_take(take) for take in (*kept, wanted)])
            return wanted, True

    def settle(
        self, request_id: str, take: Take, now: datetime, *, made: bool
    ) -> CoverRequest | None:
        """Record that reserved hours were taken, or that they are free again.

        Return the request as it is then. None: it was forgotten.
        """
        with self._database.write() as session:
            row = _locked(session, request_id)
            if row is None:
                return None
            request = value_of(CoverRequest, row)
            others = [one for one in request.taken if one != take]
            kept = [*others, replace(take, made=True)] if made else others
            _change(row, now, takes=[_take(one) for one in kept])
            return value_of(CoverRequest, row)

    def decline(self, request_id: str, by: str, now: datetime) -> CoverRequest | None:
        """Note that a colleague said no; return the request. None: it is not theirs."""
        with self._database.write() as session:
            row = _locked(session, request_id)
            if row is None or by not in row.people:
                return None
            said = {**row.people, by: {**row.people[by], "answer": DECLINED}}
            _change(row, now, people=said)
            return value_of(CoverRequest, row)

    def withdraw(self, request_id: str, now: datetime) -> None:
        with self._database.write() as session:
            row = _locked(session, request_id)
            if row is not None:
                _change(row, now, state=WITHDRAWN)

    def watched(self, now: datetime) -> list[CoverRequest]:
        """Return the requests whose messages may be out of date."""
        lately = now - WATCHED
        found = select(Row).where(or_(Row.changed_at > lately, Row.expires_at > lately))
        return read_values(self._database, CoverRequest, found)

    def messages(self, request_id: str) -> list[Slot]:
        """Return the slots of the messages that were sent about a request."""
        prefix = key_of(request_id)
        sent = select(SlotRow).where(
            SlotRow.key >= prefix, SlotRow.key < f"{prefix}~", SlotRow.state == SENT
        )
        return read_values(self._database, Slot, sent)

    def claim(self, request: CoverRequest) -> Lease | None:
        """Claim a request to edit its messages. None: another worker holds it."""
        this = Row.id == request.id
        return claim_row(self._database, Row.lease_until, LEASE, this)

    def release(self, request: CoverRequest, lease: Lease) -> None:
        """Release a claimed request, whose messages are edited later."""
        this = Row.id == request.id
        release_row(self._database, Row.lease_until, lease, this)

    def record_drawn(self, request: CoverRequest, lease: Lease, slot: Slot) -> bool:
        """Record what a message shows now. False: the messages are no longer ours."""
        ours = select(Row.id).where(
            Row.id == request.id, Row.lease_until == lease.until
        )
        with self._database.write() as session:
            here = update(SlotRow).where(SlotRow.id == slot.id, ours.exists())
            return affected(session, here.values(shown=slot.shown)) == 1


def key_of(request_id: str) -> str:
    """Return the prefix of the keys of all slots of a request."""
    return f"{RULE}/{request_id}/"


def _locked(session: Session, request_id: str) -> Row | None:
    return session.get(Row, request_id, with_for_update=True)


def _change(row: Row, now: datetime, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at = now


def _values(request: CoverRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in CoverRequest.__slots__}


def _overlap(one: Take, other: Take) -> bool:
    return one.start < other.end and other.start < one.end


def _take(take: Take) -> dict[str, Any]:
    return {
        "by": take.by,
        "start": take.start.isoformat(),
        "end": take.end.isoformat(),
        "at": take.at.isoformat(),
        "made": take.made,
    }


def _moment(words: str) -> datetime:
    return datetime.fromisoformat(words).astimezone(UTC)
